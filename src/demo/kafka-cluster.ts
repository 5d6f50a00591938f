/**
 * Real Kafka brokers on this machine in KRaft mode, for the demo and for tests: each is broker and controller, with small heaps
 * and the quick-starting JVM settings that were measured to start three in about 6 s on 2 cores.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { ConnectError } from '../base/errors.ts';
import { endWithUs, runToEnd } from './child.ts';
import { freePort } from './free-port.ts';
import { findJava, kafkaJars } from './java.ts';
import { claimPort } from './port-claim.ts';

export interface ClusterSettings {
  readonly brokers: number;
  /** Everything of the cluster lies here; the caller removes it. */
  readonly folder: string;
  /** So many of them, the first ones, are controllers too; default all. Those that are not can be lost without the metadata quorum. */
  readonly voters?: number;
  readonly heapMb?: number;
  /** Ports to take when they are free, one a broker; else any. */
  readonly preferredPorts?: readonly number[];
  /** More lines for each broker's properties. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Gives up a start that is under way; what it has started ends. */
  readonly signal?: AbortSignal;
}

export interface KafkaCluster {
  readonly bootstrap: string;
  readonly ports: readonly number[];
  /** SIGKILL, as a crash. Broker ids start at 1. */
  kill(broker: number): Promise<void>;
  /** SIGSTOP: it holds its connections and says nothing, until `thaw`. */
  freeze(broker: number): void;
  thaw(broker: number): void;
  /** Starts a broker that was killed, on the same port and data. */
  start(broker: number): Promise<void>;
  /** Kills all brokers. */
  stop(): Promise<void>;
}

const JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xms64m'];

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Kafka's own form of a random id: 16 bytes as URL-safe base64, not starting with `-`. */
function randomId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

function brokerProperties(id: number, settings: ClusterSettings, ports: readonly number[], controllerPorts: readonly number[]): string {
  const replicas = settings.brokers < 3 ? 1 : 3;
  const controllerPort = controllerPorts[id - 1];
  const listener = `PLAINTEXT://127.0.0.1:${ports[id - 1]}`;
  const entries = {
    'process.roles': controllerPort === undefined ? 'broker' : 'broker,controller',
    'node.id': String(id),
    'controller.quorum.voters': controllerPorts.map((port, i) => `${i + 1}@127.0.0.1:${port}`).join(','),
    listeners: controllerPort === undefined ? listener : `${listener},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports[id - 1]}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': path.join(settings.folder, `data-${id}`),
    'offsets.topic.replication.factor': String(replicas),
    'offsets.topic.num.partitions': '10',
    'transaction.state.log.replication.factor': String(replicas),
    'transaction.state.log.min.isr': String(Math.max(1, replicas - 1)),
    'share.coordinator.state.topic.replication.factor': String(replicas),
    'share.coordinator.state.topic.min.isr': String(Math.max(1, replicas - 1)),
    'default.replication.factor': String(replicas),
    'min.insync.replicas': String(Math.max(1, replicas - 1)),
    'group.initial.rebalance.delay.ms': '0',
    ...settings.properties,
  };
  return `${Object.entries(entries)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')}\n`;
}

const LOG4J = `Configuration:
  Appenders: {Console: {name: OUT, PatternLayout: {pattern: "[%d] %p %m (%c)%n"}}}
  Loggers: {Root: {level: WARN, AppenderRef: [{ref: OUT}]}}
`;

/** Formats the storage once with Kafka's own tool; the other brokers get a copy with their own ids (saves two JVM starts). */
async function format(settings: ClusterSettings, java: (args: string[]) => Promise<void>): Promise<void> {
  const first = path.join(settings.folder, 'data-1');
  await java(['kafka.tools.StorageTool', 'format', '-t', randomId(), '-c', path.join(settings.folder, '1.properties')]);
  const meta = readFileSync(path.join(first, 'meta.properties'), 'utf8');
  for (let id = 2; id <= settings.brokers; id++) {
    const folder = path.join(settings.folder, `data-${id}`);
    mkdirSync(folder, { recursive: true });
    copyFileSync(path.join(first, 'bootstrap.checkpoint'), path.join(folder, 'bootstrap.checkpoint'));
    writeFileSync(
      path.join(folder, 'meta.properties'),
      meta.replace(/^node\.id=.*$/m, `node.id=${id}`).replace(/^directory\.id=.*$/m, `directory.id=${randomId()}`),
    );
  }
}

/** Throws ConnectError when Java, Kafka or a broker fails, or the signal's reason; nothing runs then. */
export async function startKafkaCluster(settings: ClusterSettings): Promise<KafkaCluster> {
  const [javaPath, { folder: jars }] = await Promise.all([findJava(), kafkaJars(settings.signal)]);
  mkdirSync(settings.folder, { recursive: true });
  const log4j = path.join(settings.folder, 'log4j2.yaml');
  writeFileSync(log4j, LOG4J);
  const ports: number[] = [];
  const controllerPorts: number[] = [];
  const claims: (() => void)[] = [];
  const release = () => {
    for (const end of claims.splice(0)) end();
  };
  /** Nobody else of this program is given it before the broker has it. */
  const take = async (preferred?: number): Promise<number> => {
    for (let port = preferred ?? (await freePort()); ; port = await freePort()) {
      const claim = claimPort(port);
      if (!claim) continue;
      claims.push(claim);
      if (!(await isListening(port))) return port;
    }
  };
  for (let i = 0; i < settings.brokers; i++) ports.push(await take(settings.preferredPorts?.[i]));
  for (let i = 0; i < (settings.voters ?? settings.brokers); i++) controllerPorts.push(await take());
  for (let id = 1; id <= settings.brokers; id++) {
    writeFileSync(path.join(settings.folder, `${id}.properties`), brokerProperties(id, settings, ports, controllerPorts));
  }
  const javaArgs = (heapMb: number) => [...JVM, `-Xmx${heapMb}m`, `-Dlog4j2.configurationFile=${log4j}`, '-cp', path.join(jars, '*')];
  const runTool = async (args: string[]) => {
    const { code, said } = await runToEnd(javaPath, [...javaArgs(128), ...args], settings.signal);
    settings.signal?.throwIfAborted();
    if (code !== 0) throw new ConnectError(`Kafka's storage tool ended with ${code}: ${said}`);
  };

  const children = new Map<number, ChildProcess>();
  const logOf = (id: number) => path.join(settings.folder, `broker-${id}.log`);
  const start = (id: number): void => {
    const log = openSync(logOf(id), 'a');
    // Its own group: Ctrl-C at the terminal reaches us first, and we end the brokers after the worker.
    const child = spawn(javaPath, [...javaArgs(settings.heapMb ?? 256), 'kafka.Kafka', path.join(settings.folder, `${id}.properties`)], {
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    endWithUs(child);
    children.set(id, child);
  };
  const ready = async (id: number): Promise<void> => {
    const endMs = performance.now() + 90_000;
    const child = children.get(id)!;
    while (hasEnded(child) || !(await isListening(ports[id - 1]!))) {
      settings.signal?.throwIfAborted();
      if (hasEnded(child) || performance.now() > endMs) {
        const last = readFileSync(logOf(id), 'utf8').trim().split('\n').slice(-5).join('\n');
        throw new ConnectError(
          `Broker ${id} on port ${ports[id - 1]} did not start (exit code ${child.exitCode ?? child.signalCode ?? 'none yet'}). Its last words:\n${last}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const kill = (id: number): Promise<void> =>
    new Promise((resolve) => {
      const child = children.get(id);
      if (!child || hasEnded(child)) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  const ids = ports.map((_, i) => i + 1);
  // Their data goes too, and the last of three would wait 5 s for a quorum if it were asked to leave in order.
  const stop = async (): Promise<void> => {
    await Promise.all(ids.map(kill));
    release();
  };
  try {
    await format(settings, runTool);
    for (const id of ids) start(id);
    await Promise.all(ids.map(ready));
    // Somebody listens there, but not the one that could not.
    await Promise.all(ids.filter((id) => hasEnded(children.get(id)!)).map(ready));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    bootstrap: ports.map((port) => `127.0.0.1:${port}`).join(','),
    ports,
    kill,
    freeze: (id) => void children.get(id)?.kill('SIGSTOP'),
    thaw: (id) => void children.get(id)?.kill('SIGCONT'),
    start: async (id) => {
      start(id);
      await ready(id);
    },
    stop,
  };
}

/** Removes a cluster's folder, data and logs. */
export function removeCluster(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
