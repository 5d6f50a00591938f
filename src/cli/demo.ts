/**
 * `kconsole demo`: real brokers on this machine, a growing access log, real pipelines, and the console on them. Without a terminal it runs
 * headless until SIGTERM; `--once` runs a fixed amount, checks that every line arrived, and ends. Leaving ends everything it started.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { ConnectError, messageOf } from '../base/errors.ts';
import { logHub } from '../base/log.ts';
import { LogRing } from '../base/log-ring.ts';
import { AccessLog } from '../demo/access-log.ts';
import { findJava, KAFKA_VERSION, kafkaJars } from '../demo/java.ts';
import { type KafkaCluster, startKafkaCluster } from '../demo/kafka-cluster.ts';
import { Steps } from '../demo/steps.ts';
import type { OpenScreen } from './console.ts';
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
const FIRST_MESSAGES = ['first message', 'seconde line', '세번째 메시지'];

/** What the demo has started so far; `end` ends it in the reverse order. */
interface Running {
  readonly folder: string;
  readonly log: AccessLog;
  cluster: KafkaCluster | null;
  worker: WorkerSession | null;
}

export async function runDemoCommand(flags: DemoFlags, open: OpenScreen): Promise<number> {
  const brokers = wholeNumber('--brokers', flags.brokers, 1, 9);
  const lines = wholeNumber('--lines', flags.lines, 1, 50_000_000);
  const hasScreen = !flags.headless && !flags.once && process.stdout.isTTY && process.stdin.isTTY;
  const asked = untilAskedToEnd();
  const steps = new Steps(process.stdout);
  const ring = new LogRing();
  logHub.attach(ring.sink);
  const state = path.join(process.env.XDG_STATE_HOME || path.join(homedir(), '.local', 'state'), 'kconsole');
  mkdirSync(state, { recursive: true });
  const folder = mkdtempSync(path.join(state, 'demo-'));
  const running: Running = { folder, log: new AccessLog(path.join(folder, 'access.log')), cluster: null, worker: null };
  let isEnding = false;
  const early = asked.then(() => {
    isEnding = true;
  });
  try {
    await start(running, brokers, steps, ring);
    if (isEnding) return 0;
    if (flags.once) return await runOnce(running, lines, steps);
    running.log.grow(LINES_PER_SECOND);
    steps.line(`Kafka ${running.cluster!.bootstrap}   REST ${running.worker!.restUrl}   files ${folder}`);
    if (hasScreen) return await onScreen(running, open);
    steps.line('ready; SIGTERM ends it');
    await early;
    return 0;
  } catch (error) {
    if (isEnding) return 0;
    process.stderr.write(`kconsole demo: ${messageOf(error)}\n`);
    return 1;
  } finally {
    await end(running, steps);
    setImmediate(() => process.exit());
  }
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new ConnectError(`${flag} = "${text}" is not a whole number from ${min} to ${max}.`);
  }
  return value;
}

async function start(running: Running, brokers: number, steps: Steps, ring: LogRing): Promise<void> {
  await steps.run(`Java and Kafka ${KAFKA_VERSION}`, async () => {
    await findJava();
    return (await kafkaJars()).isFetched ? 'fetched once with Maven' : 'at hand';
  });
  await steps.run(`${brokers} broker${brokers === 1 ? '' : 's'}`, async () => {
    running.cluster = await startKafkaCluster({ brokers, folder: path.join(running.folder, 'brokers'), preferredPorts: PREFERRED_PORTS });
    return running.cluster.bootstrap;
  });
  await steps.run('worker and pipelines', async () => {
    running.worker = await startWorkerSession(await workerProperties(running), pipelines(running.folder), ring);
    return running.worker.restUrl;
  });
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

/** The access log through Kafka into a copy of it, and the three lines of the introduction. */
function pipelines(folder: string) {
  writeFileSync(path.join(folder, 'test.txt'), `${FIRST_MESSAGES.join('\n')}\n`);
  const file = (name: string) => path.join(folder, name);
  const source = (name: string, from: string, topic: string) => ({
    name,
    'connector.class': 'FileStreamSource',
    'tasks.max': '1',
    file: file(from),
    topic,
  });
  const sink = (name: string, to: string, topics: string) => ({
    name,
    'connector.class': 'FileStreamSink',
    'tasks.max': '1',
    file: file(to),
    topics,
  });
  return [
    source('nginx-accesslog-source', 'access.log', 'nginx-accesslog'),
    sink('nginx-accesslog-sink', 'access.log.sink', 'nginx-accesslog'),
    source('local-file-source', 'test.txt', 'connect-test'),
    sink('local-file-sink', 'test.sink.txt', 'connect-test'),
  ].map((config) => ({ connector: { name: config.name, config, initialState: null }, source: 'the demo' }));
}

async function onScreen(running: Running, open: OpenScreen): Promise<number> {
  const { openOverWorker } = await import('./console.ts');
  const workerProperties = { 'bootstrap.servers': running.cluster!.bootstrap };
  return openOverWorker(open, running.worker!, { contextName: 'demo', isReadOnly: false, workerProperties });
}

async function runOnce(running: Running, lines: number, steps: Steps): Promise<number> {
  const { log, folder } = running;
  const copy = path.join(folder, 'access.log.sink');
  const introduction = path.join(folder, 'test.sink.txt');
  const first = `${FIRST_MESSAGES.join('\n')}\n`;
  const startedMs = performance.now();
  await steps.run(`${lines.toLocaleString('en-US')} lines through Kafka`, async () => {
    log.write(lines, Date.now());
    const size = statSync(log.path).size;
    const endMs = performance.now() + 120_000 + lines / 5;
    const arrive = async (file: string, wanted: number) => {
      while (sizeOf(file) < wanted) {
        if (performance.now() > endMs) throw new ConnectError(`only ${sizeOf(file)} of ${wanted} bytes arrived in ${file} in time`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await arrive(copy, size);
    const rate = lines / ((performance.now() - startedMs) / 1000);
    await arrive(introduction, Buffer.byteLength(first));
    return `${Math.round(rate).toLocaleString('en-US')} lines/s`;
  });
  let isWhole = false;
  await steps.run('every line, in order, once', async () => {
    isWhole = readFileSync(introduction, 'utf8') === first && readFileSync(copy).equals(readFileSync(log.path));
    return isWhole ? 'yes' : `NO: ${copy} differs from the log, or ${introduction} from the three lines of the introduction`;
  });
  const memory = Math.round(process.memoryUsage.rss() / 1024 / 1024);
  steps.line(`resident memory of the worker ${memory} MB`);
  return isWhole ? 0 : 1;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

async function end(running: Running, steps: Steps): Promise<void> {
  running.log.stop();
  try {
    await steps.run('stopping worker and brokers', async () => {
      await running.worker?.stop();
      await running.cluster?.stop();
      return '';
    });
  } finally {
    rmSync(running.folder, { recursive: true, force: true });
  }
}
