/** Distributed workers of one kind in one group, each its own process, steered by REST as any client would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../../../src/demo/free-port.ts';
import { toProperties, type WorkerKind, workerCommand } from '../worker/worker-under-test.ts';

export interface ClusterWorker {
  readonly pid: number;
  readonly url: string;
  stop(): Promise<void>;
}

interface Status {
  readonly connector: { readonly state: string; readonly worker_id: string };
  readonly tasks: ReadonlyArray<{ readonly state: string; readonly worker_id: string }>;
}

const STEP_MS = 20;

export class ConnectCluster {
  readonly #kind: WorkerKind;
  readonly #folder: string;
  readonly #properties: Readonly<Record<string, string>>;
  #started = 0;

  constructor(kind: WorkerKind, folder: string, bootstrap: string, group: string) {
    this.#kind = kind;
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    this.#properties = {
      'bootstrap.servers': bootstrap,
      'group.id': group,
      'config.storage.topic': `${group}-configs`,
      'offset.storage.topic': `${group}-offsets`,
      'status.storage.topic': `${group}-status`,
      'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'offset.flush.interval.ms': '10000',
      'plugin.discovery': 'service_load',
    };
  }

  /** Resolves when the worker answers as a member of the group. */
  async start(): Promise<ClusterWorker> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const name = `worker-${++this.#started}`;
    const file = path.join(this.#folder, `${name}.properties`);
    writeFileSync(file, toProperties({ ...this.#properties, listeners: url }));
    const [program, args] = await workerCommand(this.#kind, 'distributed', [file]);
    const log = path.join(this.#folder, `${name}.log`);
    const out = openSync(log, 'w');
    const child = spawn(program, args, { stdio: ['ignore', out, out], cwd: this.#folder });
    await until(`worker of ${log}`, () => isAlive(child, log) && answers(`${url}/connectors`));
    return { pid: child.pid!, url, stop: () => stopped(child) };
  }
}

export async function call(url: string, method: string, at: string, body?: unknown): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${url}${at}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** Tried again while a rebalance goes on (409), as clients of Connect do. */
export async function write(url: string, method: string, at: string, body?: unknown): Promise<void> {
  await until(`${method} ${at}`, async () => {
    const { status, text } = await call(url, method, at, body);
    if (status >= 400 && status !== 409) throw new Error(`${method} ${at} was answered with ${status}: ${text}`);
    return status < 400;
  });
}

/** Every connector and as many tasks as wanted are RUNNING, on so many workers. */
export async function untilRunning(url: string, tasks: ReadonlyMap<string, number>, workers: number): Promise<void> {
  await until(`${tasks.size} connectors are RUNNING on ${workers} workers`, async () => {
    const { status, text } = await call(url, 'GET', '/connectors?expand=status');
    if (status !== 200) return false;
    const all = JSON.parse(text) as Record<string, { readonly status: Status }>;
    const seen = new Set<string>();
    for (const [name, count] of tasks) {
      const found = all[name]?.status;
      const states = found ? [found.connector, ...found.tasks] : [];
      if (states.length !== count + 1 || states.some(({ state }) => state !== 'RUNNING')) return false;
      for (const { worker_id } of states) seen.add(worker_id);
    }
    return seen.size >= workers;
  });
}

export async function until(what: string, isSo: () => Promise<boolean> | false, forMs = 900_000): Promise<void> {
  const endMs = performance.now() + forMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`waited ${forMs / 1000} s for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

function isAlive(child: ChildProcess, log: string): true {
  if (child.exitCode !== null) throw new Error(`the worker ended with ${child.exitCode}; see ${log}`);
  return true;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    // Not listening yet.
    return false;
  }
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
