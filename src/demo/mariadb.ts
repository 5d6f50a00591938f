/** A MariaDB of one's own on this machine, for the demo and for tests: own data, own port, nothing of the system's is read or written. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { ConnectError } from '../base/errors.ts';
import { endWithUs } from './child.ts';
import { freePort } from './free-port.ts';
import { makeMariaDbData } from './mariadb-data.ts';
import { argumentsOf, environmentOf, lastLines, type MariaDbSettings } from './mariadb-launch.ts';
import { findMariaDb, type MariaDbProgram } from './mariadb-program.ts';
import { claimPort } from './port-claim.ts';

export interface MariaDb {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Every statement that has arrived, when the option `general-log` is set. */
  readonly generalLog: string;
  /** SIGKILL, as a crash. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port and data. */
  start(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 15_000;

/** Throws ConnectError when there is no MariaDB or it does not start, or the signal's reason; nothing runs then. */
export async function startMariaDb(settings: MariaDbSettings): Promise<MariaDb> {
  const program = await findMariaDb(settings.signal);
  mkdirSync(settings.folder, { recursive: true });
  const data = path.join(settings.folder, 'data');
  if (!existsSync(data)) await makeMariaDbData(program, settings, data);
  const { port, release } = await takePort();
  const server = new Server(program, settings, data, port);
  try {
    await server.start();
  } catch (error) {
    await server.kill();
    release();
    throw error;
  }
  return {
    host: '127.0.0.1',
    port,
    generalLog: path.join(settings.folder, 'general.log'),
    kill: () => server.kill(),
    start: () => server.start(),
    stop: async () => {
      await server.stop();
      release();
    },
  };
}

/** Removes a server's folder, data and logs. */
export function removeMariaDb(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

async function takePort(): Promise<{ port: number; release: () => void }> {
  for (;;) {
    const port = await freePort();
    const release = claimPort(port);
    if (release) return { port, release };
  }
}

class Server {
  readonly #program: MariaDbProgram;
  readonly #settings: MariaDbSettings;
  readonly #data: string;
  readonly #port: number;
  #child: ChildProcess | null = null;

  constructor(program: MariaDbProgram, settings: MariaDbSettings, data: string, port: number) {
    this.#program = program;
    this.#settings = settings;
    this.#data = data;
    this.#port = port;
  }

  async start(): Promise<void> {
    const { folder, signal } = this.#settings;
    const log = openSync(path.join(folder, 'server.log'), 'a');
    // Its own group: Ctrl-C at the terminal reaches us first.
    const child = spawn(this.#program.daemon, [...argumentsOf(this.#program, this.#settings, this.#data), `--port=${this.#port}`], {
      stdio: ['ignore', log, log],
      env: environmentOf(this.#program),
      detached: true,
    });
    closeSync(log);
    endWithUs(child);
    this.#child = child;
    let failure: Error | null = null;
    child.once('error', (error) => {
      failure = error;
    });
    const endMs = performance.now() + START_LIMIT_MS;
    while (hasEnded(child) || !(await greets(this.#port))) {
      signal?.throwIfAborted();
      if (failure !== null || hasEnded(child) || performance.now() > endMs)
        throw new ConnectError(
          `MariaDB on port ${this.#port} did not start (exit code ${child.exitCode ?? child.signalCode ?? 'none yet'}). Its last words:\n${lastLines(folder, 'server.log')}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    const timer = setTimeout(() => void this.kill(), STOP_LIMIT_MS);
    await this.#end('SIGTERM');
    clearTimeout(timer);
  }

  #end(signal: NodeJS.Signals): Promise<void> {
    return new Promise((resolve) => {
      const child = this.#child;
      if (child === null || child.pid === undefined || hasEnded(child)) return resolve();
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** The server's first bytes have come: it takes connections. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', () => end(true));
    socket.once('end', () => end(false));
    socket.once('error', () => end(false));
  });
}
