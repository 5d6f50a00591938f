/**
 * `kconsole demo`: real brokers on this machine, a growing access log (with --with mariadb a database too), real pipelines, and the console on them. Without a terminal it runs
 * headless until SIGTERM; `--once` runs a fixed amount, checks that every line arrived, and ends. Leaving ends everything it started.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { exitCodeOf } from '../base/ending-signals.ts';
import { ConnectError, messageOf } from '../base/errors.ts';
import { logFor, logHub } from '../base/log.ts';
import { LogRing } from '../base/log-ring.ts';
import { isAlive } from '../base/processes.ts';
import { stateFolder } from '../base/user-folders.ts';
import { AccessLog } from '../demo/access-log.ts';
import { findJava, kafkaJars } from '../demo/java.ts';
import { type KafkaCluster, startKafkaCluster } from '../demo/kafka-cluster.ts';
import { findMariaDb } from '../demo/mariadb-program.ts';
import { Shop } from '../demo/shop.ts';
import { shopPipelines } from '../demo/shop-pipelines.ts';
import { Steps } from '../demo/steps.ts';
import type { OpenScreen } from './console.ts';
import { checkArrival } from './demo-check.ts';
import { checkRows } from './demo-database.ts';
import { type ScreenFlags, screenProblem } from './screen-flags.ts';
import { type EndingWatch, watchEnding } from './signals.ts';
import { startStandaloneSession } from './standalone.ts';
import type { WorkerSession } from './worker-session.ts';

export interface DemoFlags extends ScreenFlags {
  readonly brokers: string;
  readonly once?: boolean;
  readonly lines: string;
  readonly headless?: boolean;
  /** `mariadb`: a database with JDBC pipelines too. */
  readonly with?: string;
}

const shopLog = logFor('kconsole.demo');
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
  shop: Shop | null;
  worker: WorkerSession | null;
}

export async function runDemoCommand(flags: DemoFlags, open: OpenScreen): Promise<number> {
  const brokers = wholeNumber('--brokers', flags.brokers, 1, 9);
  const lines = wholeNumber('--lines', flags.lines, 1, 10_000_000);
  if (flags.with !== undefined && flags.with !== 'mariadb')
    throw new ConnectError(`--with = "${flags.with}" is not known. What the demo can come with is: mariadb.`);
  const hasScreen = !flags.headless && !flags.once && screenProblem(flags) === null;
  const watch = watchEnding();
  const { asked } = watch;
  const ending = new AbortController();
  void asked.then(() => ending.abort());
  const steps = new Steps(process.stdout);
  const ring = new LogRing();
  logHub.attach(ring.sink);
  const folder = demoFolder();
  writeFileSync(path.join(folder, 'test.txt'), FIRST_LINES);
  const running: Running = { folder, log: new AccessLog(path.join(folder, 'access.log')), cluster: null, shop: null, worker: null };
  try {
    await start(running, { brokers, hasShop: flags.with === 'mariadb' }, steps, ring, ending.signal);
    if (flags.once) return (await checkAll(running, lines, ending.signal, steps)) ? 0 : 1;
    running.log.grow(LINES_PER_SECOND);
    running.shop?.grow((error) => shopLog.warn(`The demo's database does not grow any more: ${messageOf(error)}`));
    steps.line(`Kafka ${running.cluster!.bootstrap}   REST ${running.worker!.restUrl}   files ${folder}`);
    if (running.shop !== null)
      steps.line(
        `MariaDB ${running.shop.server.host}:${running.shop.server.port}   user kafka, password kafka123   databases kafkadb, kafkacopy`,
      );
    if (hasScreen) return await onScreen(running, open, ring, watch);
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
  const state = stateFolder();
  mkdirSync(state, { recursive: true });
  for (const name of readdirSync(state)) {
    const pid = /^demo-(\d+)-/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(path.join(state, name), { recursive: true, force: true });
  }
  return mkdtempSync(path.join(state, `demo-${process.pid}-`));
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new ConnectError(`${flag} = "${text}" is not a whole number from ${min} to ${max}.`);
  }
  return value;
}

async function checkAll({ folder, log, shop, worker }: Running, lines: number, signal: AbortSignal, steps: Steps): Promise<boolean> {
  const copies = FILES.map(({ from, to }) => ({ from: path.join(folder, from), to: path.join(folder, to) }));
  const { herder } = worker!;
  const haveArrived = await checkArrival({ log, lines, copies, herder, signal }, steps);
  return (shop === null || (await checkRows({ shop, rows: lines, herder, signal }, steps))) && haveArrived;
}

interface Parts {
  readonly brokers: number;
  readonly hasShop: boolean;
}

/** Throws the signal's reason as soon as it aborts. */
async function start(running: Running, { brokers, hasShop }: Parts, steps: Steps, ring: LogRing, signal: AbortSignal): Promise<void> {
  await steps.run('Java and Kafka', async () => {
    await findJava();
    return (await kafkaJars(signal)).from;
  });
  if (hasShop) await steps.run('MariaDB', async () => (await findMariaDb(signal)).from);
  await steps.run(`${brokers} broker${brokers === 1 ? '' : 's'}`, async () => {
    const folder = path.join(running.folder, 'brokers');
    running.cluster = await startKafkaCluster({ brokers, folder, preferredPorts: PREFERRED_PORTS, signal });
    return running.cluster.bootstrap;
  });
  if (hasShop)
    await steps.run('database', async () => {
      running.shop = await Shop.start(path.join(running.folder, 'mariadb'), signal);
      return `${running.shop.server.host}:${running.shop.server.port}`;
    });
  await steps.run('worker and pipelines', async () => {
    running.worker = await startStandaloneSession(await workerProperties(running), pipelines(running), ring);
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

/** Each file through a topic of its own into a copy of it, and the tables. */
function pipelines({ folder, shop }: Running) {
  const common = { 'tasks.max': '1' };
  const configs = FILES.flatMap(({ name, from, topic, to }) => [
    { name: `${name}-source`, 'connector.class': 'FileStreamSource', ...common, file: path.join(folder, from), topic },
    { name: `${name}-sink`, 'connector.class': 'FileStreamSink', ...common, file: path.join(folder, to), topics: topic },
  ]);
  const all: Record<string, string>[] = [...configs, ...(shop === null ? [] : shopPipelines(shop))];
  return all.map((config) => ({ connector: { name: config.name!, config, initialState: null }, source: 'the demo' }));
}

async function onScreen(running: Running, open: OpenScreen, ring: LogRing, watch: EndingWatch): Promise<number> {
  const { openOverWorker } = await import('./console.ts');
  const workerProperties = { 'bootstrap.servers': running.cluster!.bootstrap };
  // From here on signals are the screen's.
  watch.release();
  return openOverWorker(open, running.worker!, { contextName: 'demo', isReadOnly: false, workerProperties, workerFile: null, ring });
}

async function end({ folder, log, cluster, shop, worker }: Running, steps: Steps): Promise<void> {
  log.stop();
  try {
    if (!cluster) return;
    await steps.run('stopping worker and brokers', async () => {
      await worker?.stop();
      await Promise.all([shop?.stop(), cluster.stop()]);
      return '';
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
