/** A standalone worker as its own process: ours from the bundle, or Apache Kafka's from its jars. Same properties, same REST calls. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../src/demo/free-port.ts';
import { findJava, kafkaJars } from '../../../src/demo/java.ts';

export type WorkerKind = 'kconsole' | 'jvm';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface WorkerUnderTest {
  readonly kind: WorkerKind;
  readonly pid: number;
  /** From the start of the process until it answers and every connector and task is RUNNING. */
  readonly startToRunningMs: number;
  /** Gives the running worker one more connector. */
  create(connector: Readonly<Record<string, string>>): Promise<void>;
  /** What `GET /metrics` answers; ours only. */
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

export const toProperties = (map: Readonly<Record<string, string>>) =>
  `${Object.entries(map)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')}\n`;

/** The program and its arguments for a worker of these files. */
export async function workerCommand(kind: WorkerKind, mode: 'standalone' | 'distributed', files: string[]): Promise<[string, string[]]> {
  if (kind === 'kconsole') return [process.execPath, [path.join(root, 'dist', 'kconsole.js'), mode, ...files, '--daemon']];
  const [java, jars] = await Promise.all([findJava(), kafkaJars()]);
  const main = `org.apache.kafka.connect.cli.Connect${mode === 'standalone' ? 'Standalone' : 'Distributed'}`;
  // As connect-standalone.sh and connect-distributed.sh start it: 256 MB to 2 GB heap.
  return [java, ['-Xms256M', '-Xmx2G', '-cp', path.join(jars.folder, '*'), main, ...files]];
}

export async function startWorker(
  kind: WorkerKind,
  folder: string,
  bootstrap: string,
  connectors: ReadonlyArray<Readonly<Record<string, string>>>,
): Promise<WorkerUnderTest> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const worker = path.join(folder, 'worker.properties');
  writeFileSync(
    worker,
    toProperties({
      'bootstrap.servers': bootstrap,
      'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'offset.storage.file.filename': path.join(folder, 'connect.offsets'),
      'offset.flush.interval.ms': '10000',
      listeners: `http://127.0.0.1:${port}`,
      'plugin.discovery': 'service_load',
    }),
  );
  const files = connectors.map((connector, i) => {
    const file = path.join(folder, `connector-${i}.properties`);
    writeFileSync(file, toProperties(connector));
    return file;
  });
  const [program, args] = await workerCommand(kind, 'standalone', [worker, ...files]);
  const log = openSync(path.join(folder, 'worker.log'), 'w');
  const startedMs = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', log, log], cwd: folder });
  await untilRunning(child, port, connectors, folder);
  const startToRunningMs = performance.now() - startedMs;
  return {
    kind,
    pid: child.pid!,
    startToRunningMs,
    create: async ({ name, ...config }) => {
      const answer = await fetch(`http://127.0.0.1:${port}/connectors/${name}/config`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(config),
      });
      if (!answer.ok) throw new Error(`connector ${name} was refused with ${answer.status}: ${await answer.text()}`);
    },
    metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

interface Status {
  readonly connector: { readonly state: string };
  readonly tasks: ReadonlyArray<{ readonly state: string }>;
}

async function untilRunning(
  child: ChildProcess,
  port: number,
  connectors: ReadonlyArray<Readonly<Record<string, string>>>,
  folder: string,
): Promise<void> {
  const endMs = performance.now() + 60_000;
  const paths = ['/connectors', ...connectors.map(({ name }) => `/connectors/${name}/status`)];
  for (const at of paths) {
    while (!(await isRunning(`http://127.0.0.1:${port}${at}`))) {
      if (child.exitCode !== null) throw new Error(`the worker ended with ${child.exitCode}; see ${path.join(folder, 'worker.log')}`);
      if (performance.now() > endMs) throw new Error(`${at} did not run within a minute; see ${path.join(folder, 'worker.log')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function isRunning(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url);
    if (!answer.ok) return false;
    const body = (await answer.json()) as Status | string[];
    return Array.isArray(body) || (body.tasks.length > 0 && [body.connector, ...body.tasks].every((s) => s.state === 'RUNNING'));
  } catch {
    // Not listening yet.
    return false;
  }
}
