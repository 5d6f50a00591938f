/**
 * `kconsole demo`: real brokers on this machine, a growing access log, real pipelines, and the console on them. Without a terminal it runs
 * headless until SIGTERM; `--once` runs a fixed amount, checks that every line arrived, and ends. Leaving ends everything it started.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { exitCodeOf } from '../base/ending-signals.ts';
import { ConnectError, messageOf } from '../base/errors.ts';
import { logHub } from '../base/log.ts';
import { LogRing } from '../base/log-ring.ts';
import { AccessLog } from '../demo/access-log.ts';
import { findJava, kafkaJars } from '../demo/java.ts';
import { type KafkaCluster, startKafkaCluster } from '../demo/kafka-cluster.ts';
import { Steps } from '../demo/steps.ts';
import type { OpenScreen } from './console.ts';
import { checkArrival } from './demo-check.ts';
import { untilAskedToEnd } from './signals.ts';
import { startWorkerSession, type WorkerSession } from './worker-session.ts';

export interface DemoFlags {
  readonly brokers: string;
  readonly once?: boolean;
  readonly lines: string;
  readonly headless?: boolean;
}

const LINES_PER_SECOND = 120;
const PREFERRED_PORTS = [19092, 29092, 39092];
/** The access log, and the three lines of an introduction to Connect. */
const FILES = [
  { name: 'nginx-accesslog', from: 'access.log', topic: 'nginx-accesslog', to: 'access.log.sink' },
  { name: 'local-file', from: 'test.txt', topic: 'connect-test', to: 'test.sink.txt' },
] as const;
const FIRST_LINES = 'first message\nseconde line\n세번째 메시지\n';

/** What the demo has started so far; `end` ends it in the reverse order. */
interface Running {
  readonly folder: string;
  readonly log: AccessLog;
  cluster: KafkaCluster | null;
  worker: WorkerSession | null;
}

export async function runDemoCommand(flags: DemoFlags, open: OpenScreen): Promise<number> {
  const brokers = wholeNumber('--brokers', flags.brokers, 1, 9);
  const lines = wholeNumber('--lines', flags.lines, 1, 10_000_000);
  const hasScreen = !flags.headless && !flags.once && process.stdout.isTTY && process.stdin.isTTY;
  const asked = untilAskedToEnd();
  const ending = new AbortController();
  void asked.then(() => ending.abort());
  const steps = new Steps(process.stdout);
  const ring = new LogRing();
  logHub.attach(ring.sink);
  const folder = demoFolder();
  writeFileSync(path.join(folder, 'test.txt'), FIRST_LINES);
  const running: Running = { folder, log: new AccessLog(path.join(folder, 'access.log')), cluster: null, worker: null };
  try {
    await start(running, brokers, steps, ring, ending.signal);
    if (flags.once) {
      const copies = FILES.map(({ from, to }) => ({ from: path.join(folder, from), to: path.join(folder, to) }));
      const { log, worker } = running;
      return (await checkArrival({ log, lines, copies, herder: worker!.herder, signal: ending.signal }, steps)) ? 0 : 1;
    }
    running.log.grow(LINES_PER_SECOND);
    steps.line(`Kafka ${running.cluster!.bootstrap}   REST ${running.worker!.restUrl}   files ${folder}`);
    if (hasScreen) return await onScreen(running, open);
    steps.line('ready; SIGTERM ends it');
    await asked;
    return 0;
  } catch (error) {
    // Without its check, --once has not succeeded.
    if (ending.signal.aborted) return flags.once ? exitCodeOf(await asked) : 0;
    process.stderr.write(`kconsole demo: ${messageOf(error)}\n`);
    return 1;
  } finally {
    await end(running, steps);
    setImmediate(() => process.exit());
  }
}

/** A folder of this demo's own. What demos left behind that were killed goes. */
function demoFolder(): string {
  const state = path.join(process.env.XDG_STATE_HOME || path.join(homedir(), '.local', 'state'), 'kconsole');
  mkdirSync(state, { recursive: true });
  for (const name of readdirSync(state)) {
    const pid = /^demo-(\d+)-/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(path.join(state, name), { recursive: true, force: true });
  }
  return mkdtempSync(path.join(state, `demo-${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new ConnectError(`${flag} = "${text}" is not a whole number from ${min} to ${max}.`);
  }
  return value;
}

/** Throws the signal's reason as soon as it aborts. */
async function start(running: Running, brokers: number, steps: Steps, ring: LogRing, signal: AbortSignal): Promise<void> {
  await steps.run('Java and Kafka', async () => {
    await findJava();
    return (await kafkaJars(signal)).from;
  });
  await steps.run(`${brokers} broker${brokers === 1 ? '' : 's'}`, async () => {
    const folder = path.join(running.folder, 'brokers');
    running.cluster = await startKafkaCluster({ brokers, folder, preferredPorts: PREFERRED_PORTS, signal });
    return running.cluster.bootstrap;
  });
  await steps.run('worker and pipelines', async () => {
    running.worker = await startWorkerSession(await workerProperties(running), pipelines(running.folder), ring);
    return running.worker.restUrl;
  });
  signal.throwIfAborted();
}

async function workerProperties(running: Running): Promise<Record<string, string>> {
  const port = (await isFree(8083)) ? 8083 : 0;
  return {
    'bootstrap.servers': running.cluster!.bootstrap,
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'offset.storage.file.filename': path.join(running.folder, 'connect.offsets'),
    'offset.flush.interval.ms': '5000',
    listeners: `http://127.0.0.1:${port}`,
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Each file through a topic of its own into a copy of it. */
function pipelines(folder: string) {
  const common = { 'tasks.max': '1' };
  const configs = FILES.flatMap(({ name, from, topic, to }) => [
    { name: `${name}-source`, 'connector.class': 'FileStreamSource', ...common, file: path.join(folder, from), topic },
    { name: `${name}-sink`, 'connector.class': 'FileStreamSink', ...common, file: path.join(folder, to), topics: topic },
  ]);
  return configs.map((config) => ({ connector: { name: config.name, config, initialState: null }, source: 'the demo' }));
}

async function onScreen(running: Running, open: OpenScreen): Promise<number> {
  const { openOverWorker } = await import('./console.ts');
  const workerProperties = { 'bootstrap.servers': running.cluster!.bootstrap };
  return openOverWorker(open, running.worker!, { contextName: 'demo', isReadOnly: false, workerProperties });
}

async function end({ folder, log, cluster, worker }: Running, steps: Steps): Promise<void> {
  log.stop();
  try {
    if (!cluster) return;
    await steps.run('stopping worker and brokers', async () => {
      await worker?.stop();
      await cluster.stop();
      return '';
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
