/**
 * npm run bench:console: how the console behaves over 10,000 topics, 100,000 partitions, 2,000 connectors and 5,000 groups (simulated,
 * behind the same interfaces as real ones), beside a worker that moves 100,000 records/s in its own process, and at rest. Each figure
 * has its goal beside it. Options: --samples N (200), --rest SECONDS (20), --bootstrap HOST:PORT.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type BuildOptions, build, stop } from 'esbuild';
import { forecast } from '../../src/cluster/what-if.ts';
import { removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import { wideCluster } from '../helpers/wide-cluster.ts';
import { SIZES } from './console/large-world.ts';
import { type Rows, TerminalUnderTest } from './console/terminal-under-test.ts';
import { type Row, report } from './report.ts';
import { firstFrameMs } from './worker/first-frame.ts';
import { median, percentile } from './worker/process-figures.ts';

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '200' },
    rest: { type: 'string', default: '20' },
    bootstrap: { type: 'string' },
  },
});
const root = fileURLToPath(new URL('../..', import.meta.url));
const { bundleOptions } = (await import(`${root}.ci/build.mjs`)) as { bundleOptions: BuildOptions };
const samples = Number(values.samples);
const restSeconds = Number(values.rest);
const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-bench-console-'));
const SIZE = { columns: 160, rows: 50 };
const say = (text: string) => process.stdout.write(`${text}\n`);

const rows: Row[] = [];
const raw: Record<string, unknown> = {};
function keep(measure: string, unit: string, goal: string, value: number, all?: readonly number[]): void {
  rows.push({ measure, unit, kconsole: value, jvm: null, goal, ratio: null });
  raw[measure] = all ?? value;
  say(`  ${measure}: ${value.toFixed(1)} ${unit} (goal ${goal})`);
}

const shows = (wanted: string | RegExp) => (screen: Rows) =>
  screen.some((row) => (typeof wanted === 'string' ? row.includes(wanted) : wanted.test(row)));
const cursorRow = (screen: Rows) => screen.find((row) => row.includes('▸')) ?? '';
/** Last word of the way to the pane in sight. */
const isIn = (pane: string) => (screen: Rows) =>
  screen[1]!
    .trim()
    .split(/\s{3,}/)[0]!
    .endsWith(pane);
const body = (screen: Rows) => screen.slice(2, -2);

/** Pressing one key again and again; each time the row under the cursor must be another. */
async function scroll(terminal: TerminalUnderTest, key: string, times: number): Promise<number[]> {
  const times_: number[] = [];
  for (let i = 0; i < times; i++) {
    const before = cursorRow(terminal.rows());
    times_.push(await terminal.paintMs(key, `the cursor to move at ${JSON.stringify(key)}`, (screen) => cursorRow(screen) !== before));
  }
  return times_;
}

/** Types a filter; after each character all rows must be of it. */
async function filter(terminal: TerminalUnderTest, prefix: string, text: string): Promise<number[]> {
  const prompt = (screen: Rows) => screen.at(-2)!.trim();
  await terminal.paintMs('/', 'the filter prompt', (screen) => prompt(screen) === '/');
  const times: number[] = [];
  for (let length = 1; length <= text.length; length++) {
    const typed = text.slice(0, length);
    const isFiltered = (screen: Rows) =>
      prompt(screen) === `/${typed}` && body(screen).every((row) => !row.includes(prefix) || row.includes(typed));
    times.push(await terminal.paintMs(text[length - 1]!, `the filter ${typed}`, isFiltered));
  }
  await terminal.paintMs('\r', 'the prompt to close', (screen) => !prompt(screen).startsWith('/'));
  await terminal.paintMs('\x1b', 'the filter to go', (screen) => body(screen).some((row) => row.includes(prefix) && !row.includes(text)));
  return times;
}

async function large(): Promise<void> {
  say(
    `simulated: ${Object.entries(SIZES)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ')}`,
  );
  const bundle = path.join(root, '.bench', 'large-console.mjs');
  await build({ ...bundleOptions, outfile: bundle, entryPoints: ['test/bench/console/large-console.tsx'], metafile: false });
  const terminal = new TerminalUnderTest([bundle, folder], SIZE);
  try {
    await terminal.sinceStartMs('the brokers', shows('3/3 brokers'));
    const opened: number[] = [];
    const scrolled: number[] = [];
    const filtered: number[] = [];
    // Groups are asked for when they are first looked at: what counts begins with the data.
    await terminal.paintMs('3', 'the groups', (screen) => shows('group-0')(body(screen)));
    for (let round = 0; round < 3; round++) {
      for (const [key, pane, prefix, text] of [
        ['1', 'connectors', 'connector-', 'connector-0199'],
        ['2', 'topics', 'topic-', 'topic-0999'],
        ['3', 'groups', 'group-', 'group-0499'],
      ] as const) {
        await terminal.paintMs('0', 'the incidents', isIn('incidents'));
        opened.push(
          await terminal.paintMs(
            key,
            `the list of ${prefix}`,
            (screen) => isIn(pane)(screen) && cursorRow(screen).includes(prefix.slice(0, 5)),
          ),
        );
        scrolled.push(...(await scroll(terminal, 'j', Math.ceil(samples / 9))));
        scrolled.push(...(await scroll(terminal, '\x1b[6~', Math.ceil(samples / 9))));
        filtered.push(...(await filter(terminal, prefix, text)));
      }
    }
    keep('a list opens, worst', 'ms', '≤ 300', Math.max(...opened), opened);
    keep('scrolling, p50', 'ms', '', percentile(scrolled, 50));
    keep('scrolling, p99', 'ms', '≤ 50', percentile(scrolled, 99), scrolled);
    keep('filter keys, p50', 'ms', '', percentile(filtered, 50));
    keep('filter keys, p99', 'ms', '≤ 50', percentile(filtered, 99), filtered);
    keep('peak RSS, source included', 'MB', '≤ 400', terminal.peakRssMb);
  } finally {
    await terminal.end();
  }
}

async function busy(bootstrap: string): Promise<void> {
  say('an embedded worker moves 100,000 records/s through a file source and a file sink, and a tail of its topic runs');
  const at = path.join(folder, 'busy');
  mkdirSync(at);
  const input = path.join(at, 'in.txt');
  writeFileSync(input, '');
  const properties = (map: Record<string, string>) =>
    Object.entries(map)
      .map(([key, value]) => `${key}=${value}\n`)
      .join('');
  const file = (name: string, map: Record<string, string>) => {
    writeFileSync(path.join(at, name), properties(map));
    return path.join(at, name);
  };
  const worker = file('worker.properties', {
    'bootstrap.servers': bootstrap,
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'offset.storage.file.filename': path.join(at, 'offsets'),
    listeners: 'http://127.0.0.1:0',
  });
  const topic = `bench-busy-${process.pid}`;
  const source = file('source.properties', {
    name: 'busy-source',
    'connector.class': 'FileStreamSource',
    'tasks.max': '1',
    file: input,
    topic,
  });
  const sink = file('sink.properties', {
    name: 'busy-sink',
    'connector.class': 'FileStreamSink',
    'tasks.max': '1',
    file: path.join(at, 'out.txt'),
    topics: topic,
  });
  const terminal = new TerminalUnderTest([path.join(root, 'dist', 'kconsole.js'), 'standalone', worker, source, sink], SIZE);
  const growing = new Worker(new URL('./console/growing-file.ts', import.meta.url), {
    workerData: { file: input, linesPerSecond: 100_000 },
  });
  try {
    await terminal.sinceStartMs('the brokers', shows('3/3 brokers'));
    await terminal.paintMs('1', 'records to flow', shows(/busy-sink .* [1-9]\d[\d ,.]*\d k? /));
    await terminal.paintMs('2', 'the topic', shows(topic));
    await terminal.paintMs(`:tail ${topic}\r`, 'the tail', (screen) => screen[1]!.includes('tail') && shows(/GET \/item/)(screen));
    const times: number[] = [];
    for (let i = 0; i < samples; i++) {
      times.push(await terminal.paintMs('?', 'the help', isIn('help')));
      times.push(await terminal.paintMs('\x1b', 'the tail again', (screen) => !isIn('help')(screen)));
    }
    say(terminal.rows().slice(0, 6).join('\n'));
    keep('key to paint, busy, p50', 'ms', '', percentile(times, 50));
    keep('key to paint, busy, p99', 'ms', '≤ 60', percentile(times, 99), times);
  } finally {
    await growing.terminate();
    await terminal.end();
  }
}

async function atRest(bootstrap: string): Promise<void> {
  say('nothing changes');
  const terminal = new TerminalUnderTest([path.join(root, 'dist', 'kconsole.js'), '-b', bootstrap], SIZE);
  try {
    await terminal.sinceStartMs('the brokers', shows('3/3 brokers'));
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const [bytes, cpu, startedMs] = [terminal.writtenBytes, terminal.cpuSeconds, performance.now()];
    await new Promise((resolve) => setTimeout(resolve, restSeconds * 1000));
    const seconds = (performance.now() - startedMs) / 1000;
    keep('written at rest', 'bytes/s', '≤ 200', (terminal.writtenBytes - bytes) / seconds);
    keep('CPU at rest', '% of a core', '≤ 3', ((terminal.cpuSeconds - cpu) / seconds) * 100);
  } finally {
    await terminal.end();
  }
}

/** The forecast of what is lost with a broker, in this process: it is made between a key and its frame. */
function whatIf(): void {
  const input = wideCluster();
  const times = Array.from({ length: 30 }, () => {
    const startedMs = performance.now();
    forecast(input);
    return performance.now() - startedMs;
  });
  keep('what if, 100k partitions', 'ms', '≤ 50', median(times), times);
}

mkdirSync(path.join(root, '.bench'), { recursive: true });
const cluster = values.bootstrap ? null : await startKafkaCluster({ brokers: 3, folder: path.join(folder, 'brokers'), heapMb: 512 });
const bootstrap = values.bootstrap ?? cluster!.bootstrap;
try {
  whatIf();
  await large();
  await busy(bootstrap);
  await atRest(bootstrap);
  const frames: number[] = [];
  for (let i = 0; i < 5; i++) frames.push(await firstFrameMs(bootstrap));
  keep('first frame', 'ms', '≤ 600', median(frames), frames);
  report({ name: 'console', rows, facts: { ...SIZES, samples }, raw });
} finally {
  await stop();
  await cluster?.stop();
  removeCluster(folder);
  rmSync(folder, { recursive: true, force: true });
}
