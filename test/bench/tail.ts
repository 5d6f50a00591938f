/**
 * npm run bench -- tail: the console on a topic that is written at a pace, in a real pseudo-terminal: records it received a second and lost, its CPU and memory, and the
 * time from a key to its answer on the screen. Options: --rate N (50,000 records/s), --bytes N (200), --seconds N (15), --bootstrap HOST:PORT.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { text as wholeText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as pty from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { logFor } from '../../src/base/log.ts';
import { removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import { parseClientProperties } from '../../src/kafka/client-properties.ts';
import { createKafka } from '../../src/kafka/kafka.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { type Row, report } from './report.ts';
import { cpuSeconds, peakRssMb, percentile } from './worker/process-figures.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '50000' },
    bytes: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '15' },
    bootstrap: { type: 'string' },
  },
});
const [rate, recordBytes, seconds] = [Number(values.rate), Number(values.bytes), Number(values.seconds)];
const main = path.join(fileURLToPath(new URL('../..', import.meta.url)), 'dist', 'main.js');
const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-bench-'));
const cluster = values.bootstrap ? null : await startKafkaCluster({ brokers: 3, folder: path.join(folder, 'brokers'), heapMb: 512 });
const bootstrap = values.bootstrap ?? cluster!.bootstrap;
const log = logFor('kconsole.bench');
const kafka = createKafka(parseClientProperties({ 'bootstrap.servers': bootstrap, 'client.id': 'bench' }, 'admin', log), log);
const topic = `bench-tail-${process.pid}`;

/** A process of its own, so that it does not hold up the terminal in which the console is measured. */
function startProducer(): { end(): Promise<number> } {
  const script = path.join(import.meta.dirname, 'tail', 'producer.ts');
  const child = spawn(process.execPath, [script, bootstrap, topic, `${rate}`, `${recordBytes}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = wholeText(child.stdout);
  return {
    end: async () => {
      child.kill('SIGTERM');
      return Number(await ended);
    },
  };
}

const terminal = new xterm.Terminal({ cols: 160, rows: 50, allowProposedApi: true, scrollback: 0 });
const text = () =>
  new Promise<string>((resolve) => {
    terminal.write('', () =>
      resolve(Array.from({ length: 50 }, (_, i) => terminal.buffer.active.getLine(i)?.translateToString(true) ?? '').join('\n')),
    );
  });
const shows = (what: RegExp, timeoutMs = 20_000) => waitUntil(`the screen shows ${what}`, async () => what.test(await text()), timeoutMs);
const figure = async (what: RegExp) => Number((what.exec(await text())?.[1] ?? 'NaN').replaceAll(' ', ''));

try {
  await kafka.admin().createTopics([{ name: topic, partitions: 6, replicationFactor: 1 }]);
  const child = pty.spawn(process.execPath, [main, '-b', bootstrap], {
    cols: 160,
    rows: 50,
    env: {
      ...process.env,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      CI: '',
      XDG_STATE_HOME: folder,
      XDG_CONFIG_HOME: folder,
    },
  });
  let onOutput: (() => void) | null = null;
  child.onData((data) => {
    terminal.write(data);
    onOutput?.();
  });
  terminal.onData((answer) => child.write(answer));
  await shows(/3\/3 brokers/);
  child.write(`2/${topic}\r`);
  await shows(new RegExp(`${topic} .*ok`));
  child.write(`:tail ${topic} o=begin\r`);
  await shows(/received/);
  const producer = startProducer();
  // Past the ring's first fill, so that records fall out of it all the while.
  await shows(/received [1-9]/);
  const [cpu0, startMs, received0] = [cpuSeconds(child.pid), performance.now(), await receivedNow()];
  const keyMs: number[] = [];
  // Keys whose answer nothing else could be: the filter, letter by letter, and its end.
  while (performance.now() - startMs < seconds * 1_000) {
    keyMs.push(await answerMs('/', ' /'), await answerMs('5', ' /5'), await answerMs('0', ' /50'), await answerMs('\r', null));
    // Back to no filter: what Esc alone means shows only when nothing follows it.
    child.write('\x1b');
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const elapsedS = (performance.now() - startMs) / 1_000;
  const [cpuS, received1] = [cpuSeconds(child.pid) - cpu0, await receivedNow()];
  const sent = await producer.end();
  await waitUntil('all have come', async () => (await receivedNow()) >= sent, 20_000);
  const received = await receivedNow();
  const [dropped, kept] = [await figure(/dropped ([\d ]+?) {2}/), await figure(/kept ([\d ]+?) in/)];
  const rssMb = peakRssMb(child.pid);
  child.write(':q!\r');
  const row = (measure: string, unit: string, kconsole: number, goal = ''): Row => ({
    measure,
    unit,
    kconsole,
    jvm: null,
    goal,
    ratio: null,
  });
  report({
    name: 'tail',
    rows: [
      row('received', 'records/s', (received1 - received0) / elapsedS, `≥ ${Math.round(rate * 0.98)}`),
      row('sent and not received', 'records', sent - received, '0'),
      row('CPU', '% of a core', (100 * cpuS) / elapsedS),
      row('peak RSS', 'MB', rssMb, '≤ 400'),
      row('key → paint p50', 'ms', percentile(keyMs, 50)),
      row('key → paint p99', 'ms', percentile(keyMs, 99), '≤ 60'),
    ],
    facts: { rate, recordBytes, seconds, sent, received, kept, dropped, keys: keyMs.length, cores: cpus().length },
    raw: { keyMs },
  });

  /** From the key's bytes to the first output of a frame that answers it. */
  async function answerMs(key: string, prompt: string | null): Promise<number> {
    const answered = Promise.withResolvers<number>();
    const sentMs = performance.now();
    onOutput = () =>
      void text().then((now) => {
        const line = now.split('\n').find((one) => one.startsWith(' /')) ?? null;
        if (line === prompt) answered.resolve(performance.now() - sentMs);
      });
    child.write(key);
    const ms = await answered.promise;
    onOutput = null;
    return ms;
  }
} finally {
  await kafka
    .admin()
    .deleteTopics([topic])
    .catch(() => undefined);
  await kafka.close();
  await cluster?.stop();
  removeCluster(folder);
  rmSync(folder, { recursive: true, force: true });
}

function receivedNow(): Promise<number> {
  return figure(/received ([\d ]+?) {2}/);
}
