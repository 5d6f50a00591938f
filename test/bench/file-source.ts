/**
 * The file connectors alone, without Kafka: node test/bench/file-source.ts [--lines N] [--korean] [--samples N] [--idle SECONDS]
 * Source: poll() over a file of 83-byte lines; from append to poll() resolved; CPU of an idle poll loop. Sink: put() of strings, 500 at a time.
 */
import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { LogHub } from '../../src/base/log.ts';
import type { SinkTaskContext, SourceTaskContext } from '../../src/plugin-api/plugin.ts';
import type { SinkRecord } from '../../src/plugin-api/records.ts';
import { FileStreamSinkTask } from '../../src/plugins/connectors/file-stream/sink/task.ts';
import { FileStreamSourceTask } from '../../src/plugins/connectors/file-stream/source/task.ts';
import { STRING_SCHEMA } from '../../src/record/schema-builder.ts';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '2000000' },
    korean: { type: 'boolean', default: false },
    samples: { type: 'string', default: '500' },
    idle: { type: 'string', default: '10' },
  },
});
const lines = Number(values.lines);
const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-file-bench-'));
const say = (text: string) => process.stdout.write(`${text}\n`);
const log = new LogHub(() => Date.now()).log('bench');
const padding = 'x'.repeat(values.korean ? 55 : 73);

function lineOf(index: number): string {
  return `${String(index).padStart(9, '0')}${values.korean ? '한글 로그' : ''}${padding}`.slice(0, values.korean ? 64 : 82);
}

/** Wall and CPU time of `work`. */
async function measured<T>(work: () => Promise<T>): Promise<{ result: T; wallS: number; cpuS: number }> {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const result = await work();
  const used = process.cpuUsage(cpu);
  return { result, wallS: (performance.now() - startMs) / 1000, cpuS: (used.user + used.system) / 1e6 };
}

function sourceContext(signal: AbortSignal): SourceTaskContext {
  return { log, connector: 'bench', taskId: 0, signal, offsets: async (partitions) => partitions.map(() => null), transactions: null };
}

function rateOf(figures: { wallS: number; cpuS: number }, count: number): string {
  return `${(count / figures.wallS / 1e6).toFixed(2)} M lines/s, ${((figures.cpuS * 1e6) / count).toFixed(2)} CPU s per million`;
}

async function bulk(file: string): Promise<void> {
  const stop = new AbortController();
  const task = new FileStreamSourceTask();
  await task.start({ file, topic: 'bench' }, sourceContext(stop.signal));
  const figures = await measured(async () => {
    let count = 0;
    while (count < lines) count += (await task.poll())?.length ?? 0;
    return count;
  });
  stop.abort();
  await task.stop();
  say(`source, ${figures.result} lines: ${rateOf(figures, figures.result)}`);
}

async function latencyAndIdle(): Promise<void> {
  const file = path.join(folder, 'growing.log');
  appendFileSync(file, '');
  const stop = new AbortController();
  const task = new FileStreamSourceTask();
  await task.start({ file, topic: 'bench' }, sourceContext(stop.signal));
  await task.poll();
  const times: number[] = [];
  for (let i = 0; i < Number(values.samples); i++) {
    const polled = task.poll();
    await new Promise((resolve) => setTimeout(resolve, 5 + (i % 7)));
    const startMs = performance.now();
    appendFileSync(file, `${lineOf(i)}\n`);
    if ((await polled) === null) await task.poll();
    times.push(performance.now() - startMs);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)]!.toFixed(2);
  say(
    `source, append → poll() resolved, ${times.length} samples: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${times.at(-1)!.toFixed(2)} ms`,
  );
  const idleS = Number(values.idle);
  const endMs = performance.now() + idleS * 1000;
  const idle = await measured(async () => {
    while (performance.now() < endMs) await task.poll();
  });
  say(`source, idle: ${((idle.cpuS / idle.wallS) * 100).toFixed(2)} % of a core over ${idle.wallS.toFixed(0)} s`);
  stop.abort();
  await task.stop();
}

async function sink(): Promise<void> {
  const task = new FileStreamSinkTask();
  const context: SinkTaskContext = {
    log,
    connector: 'bench',
    taskId: 0,
    signal: new AbortController().signal,
    assignment: () => [],
    offset: () => undefined,
    timeout: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    requestCommit: () => undefined,
    errantRecordReporter: null,
  };
  await task.start({ file: path.join(folder, 'sink.txt') }, context);
  const batch = Array.from(
    { length: 500 },
    (_, i): SinkRecord => ({
      topic: 'bench',
      kafkaPartition: 0,
      kafkaOffset: BigInt(i),
      timestampType: 'CreateTime',
      timestampMs: 0,
      keySchema: null,
      key: null,
      valueSchema: STRING_SCHEMA,
      value: lineOf(i),
      headers: null,
    }),
  );
  const figures = await measured(async () => {
    for (let count = 0; count < lines; count += batch.length) await task.put(batch);
    await task.flush();
  });
  await task.stop();
  say(`sink, ${lines} lines: ${rateOf(figures, lines)}`);
}

try {
  const file = path.join(folder, 'lines.txt');
  const fd = openSync(file, 'w');
  for (let at = 0; at < lines; at += 10_000) {
    writeSync(fd, Array.from({ length: Math.min(10_000, lines - at) }, (_, i) => `${lineOf(at + i)}\n`).join(''));
  }
  closeSync(fd);
  for (let round = 0; round < 3; round++) await bulk(file);
  await latencyAndIdle();
  for (let round = 0; round < 3; round++) await sink();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
