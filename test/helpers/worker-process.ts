/** A worker as its own process, the way an operator starts it: ours from the built bundle, or Apache Kafka's. Ends with the test that made it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endWithUs } from '../../src/demo/child.ts';
import { freePort } from '../../src/demo/free-port.ts';
import { JVM_START_MS, waitUntil } from './wait-until.ts';

/** The built program. */
export const MAIN: string = path.resolve(import.meta.dirname, '../../dist/kconsole.js');

export type Properties = Readonly<Record<string, string>>;

export interface WorkerProcess extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  readonly folder: string;
  /** Everything it has printed so far, both streams. */
  log(): string;
  /** Waits until that has such a text in it: what a worker does is seen before what it says of it. */
  says(wanted: string | RegExp): Promise<void>;
  rest(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }>;
  states(connector: string): Promise<string[]>;
  waitRunning(connector: string): Promise<void>;
  /** Sends the signal and resolves with the exit code. */
  end(signal?: NodeJS.Signals): Promise<number>;
  /** Resolves with the exit code once it ends by itself. */
  exited(): Promise<number>;
}

export interface WorkerSettings {
  readonly folder?: string;
  readonly properties?: Properties;
  readonly connectors?: readonly Properties[];
  readonly nodeArguments?: readonly string[];
  /** Resolve without waiting for its REST API. */
  readonly isStartOnly?: boolean;
  readonly port?: number;
  /** A member of this group, whose topics have one partition and begin with its name. Default: a standalone worker. */
  readonly group?: string;
  /** Apache Kafka's own worker, from its jars. */
  readonly isJvm?: boolean;
  /** Descriptor that it gets as standard input. Default: none. */
  readonly stdin?: number;
}

export function writeProperties(file: string, properties: Properties): string {
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\')}`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function bootstrap(): string {
  const servers = process.env.KCONSOLE_TEST_BOOTSTRAP;
  if (!servers) throw new Error('KCONSOLE_TEST_BOOTSTRAP is not set: run npm test, or name running brokers');
  return servers;
}

function kafkaLibs(): string {
  const libs = process.env.KCONSOLE_TEST_KAFKA_LIBS;
  if (!libs) throw new Error('KCONSOLE_TEST_KAFKA_LIBS does not name the folder with the Kafka jars');
  return libs;
}

/** Quick to start; log lines of INFO, as Kafka's own start script sets them. */
const JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx256m', '-Dorg.apache.logging.log4j.level=INFO'];

const JVM_MAIN = {
  standalone: 'org.apache.kafka.connect.cli.ConnectStandalone',
  distributed: 'org.apache.kafka.connect.cli.ConnectDistributed',
};

/** Names of a group's topics, which the test removes. */
export function groupTopics(group: string): readonly string[] {
  return ['configs', 'offsets', 'status'].map((name) => `${group}-${name}`);
}

/** A member of this group, whose topics have one partition and begin with its name. */
export function groupProperties(group: string): Properties {
  const [configs = '', offsets = '', status = ''] = groupTopics(group);
  return {
    'group.id': group,
    'config.storage.topic': configs,
    'offset.storage.topic': offsets,
    'status.storage.topic': status,
    'offset.storage.partitions': '1',
    'status.storage.partitions': '1',
  };
}

export async function startWorkerProcess(settings: WorkerSettings = {}): Promise<WorkerProcess> {
  const folder = settings.folder ?? mkdtempSync(path.join(tmpdir(), 'kconsole-worker-'));
  const port = settings.port ?? (await freePort());
  const worker = writeProperties(path.join(folder, 'worker.properties'), {
    'bootstrap.servers': bootstrap(),
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    ...(settings.group === undefined
      ? { 'offset.storage.file.filename': path.join(folder, 'connect.offsets') }
      : groupProperties(settings.group)),
    'offset.flush.interval.ms': '1000',
    listeners: `http://127.0.0.1:${port}`,
    // Looking through all its jars for plug-ins takes it longer than all else of its start.
    ...(settings.isJvm ? { 'plugin.discovery': 'service_load' } : {}),
    ...settings.properties,
  });
  const files = (settings.connectors ?? []).map((connector, i) =>
    writeProperties(path.join(folder, `connector-${i}.properties`), connector),
  );
  const kind = settings.group === undefined ? 'standalone' : 'distributed';
  const [program, args] = settings.isJvm
    ? ['java', [...JVM, '-cp', path.join(kafkaLibs(), '*'), JVM_MAIN[kind], worker, ...files]]
    : [process.execPath, [...(settings.nodeArguments ?? []), MAIN, kind, worker, ...files, '--daemon']];
  // Java takes the letters of file names, and its encoding, from the locale.
  const env = settings.isJvm ? { ...process.env, LC_ALL: 'C.UTF-8' } : process.env;
  const child = spawn(program, args, { cwd: folder, env, stdio: [settings.stdin ?? 'ignore', 'pipe', 'pipe'] });
  endWithUs(child);
  const process_ = adopt(child, folder, port, settings.folder === undefined);
  if (settings.isStartOnly) return process_;
  try {
    await waitUntil(
      () => `the worker is healthy; it says: ${process_.log().slice(-600)}`,
      async () => {
        if (child.exitCode !== null) throw new Error(`the worker ended with ${child.exitCode}: ${process_.log().slice(-2000)}`);
        return (await process_.rest('GET', '/health')).status === 200;
      },
      JVM_START_MS,
    );
    for (const connector of settings.connectors ?? []) await process_.waitRunning(connector.name!);
  } catch (error) {
    await process_[Symbol.asyncDispose]();
    throw error;
  }
  return process_;
}

function adopt(child: ChildProcess, folder: string, port: number, isFolderOurs: boolean): WorkerProcess {
  let text = '';
  const keep = (chunk: Buffer) => {
    text += chunk;
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = new Promise<number>((resolve) => child.once('close', (code, signal) => resolve(code ?? (signal ? 128 : -1))));
  const states = async (connector: string): Promise<string[]> => {
    const answer = await worker.rest('GET', `/connectors/${encodeURIComponent(connector)}/status`);
    if (answer.status !== 200) return [];
    const status = JSON.parse(answer.text) as { connector: { state: string }; tasks: { state: string }[] };
    return [status.connector.state, ...status.tasks.map((task) => task.state)];
  };
  const worker: WorkerProcess = {
    pid: child.pid ?? -1,
    port,
    folder,
    log: () => text,
    says: (wanted) =>
      waitUntil(
        () => `the worker says ${wanted}; so far: ${text.slice(-1_000)}`,
        () => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)),
      ),
    rest: async (method, at, body) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await fetch(`http://127.0.0.1:${port}${at}`, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
      });
      return { status: answer.status, text: await answer.text(), headers: answer.headers };
    },
    states,
    waitRunning: (connector) =>
      waitUntil(
        () => `${connector} and its tasks are RUNNING`,
        async () => {
          const now = await states(connector);
          return now.length > 1 && now.every((state) => state === 'RUNNING') ? true : now;
        },
      ),
    end: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
    exited: () => ended,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await ended;
      }
      if (isFolderOurs) rmSync(folder, { recursive: true, force: true });
    },
  };
  return worker;
}

/** Waits for the failure of task 0; its trace. */
export async function failureOf(worker: WorkerProcess, connector: string): Promise<string> {
  let trace = '';
  await waitUntil(`task 0 of ${connector} is FAILED`, async () => {
    const { text } = await worker.rest('GET', `/connectors/${connector}/status`);
    const { tasks } = JSON.parse(text) as { tasks: { state: string; trace?: string }[] };
    trace = tasks[0]?.trace ?? '';
    return tasks[0]?.state === 'FAILED' ? true : text;
  });
  return trace;
}
