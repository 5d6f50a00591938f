/**
 * A process of its own for tests of standard streams: polls a source without `file` until it has so many lines (argument), in a thread as a
 * worker does, and prints them as JSON; `sink` as argument writes lines to standard output instead.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { LogHub } from '../../../../../src/base/log.ts';
import { FileStreamSinkTask } from '../../../../../src/plugins/connectors/file-stream/sink/task.ts';
import { FileStreamSourceTask } from '../../../../../src/plugins/connectors/file-stream/source/task.ts';
import { sinkContext, sinkRecords } from './sink-parts.ts';

const log = new LogHub(() => Date.now()).log('test');

async function source(count: number): Promise<void> {
  const stop = new AbortController();
  const task = new FileStreamSourceTask();
  await task.start({ topic: 't' }, { log, connector: 'c', taskId: 0, signal: stop.signal, offsets: async () => [], transactions: null });
  const records = [];
  for (let polls = 0; records.length < count && polls < 20; polls++) records.push(...((await task.poll()) ?? []));
  const { sourcePartition, sourceOffset } = records[0] ?? {};
  stop.abort();
  await task.stop();
  parentPort?.postMessage({ lines: records.map((r) => r.value), sourcePartition, sourceOffset });
}

async function sink(): Promise<void> {
  const task = new FileStreamSinkTask();
  await task.start({}, sinkContext());
  await task.put(sinkRecords(['첫째', 'second']));
  await task.stop();
}

if (isMainThread) {
  const thread = new Worker(new URL(import.meta.url), { workerData: process.argv[2] });
  thread.on('message', (message) => process.stdout.write(`${JSON.stringify(message)}\n`));
} else if (workerData === 'sink') await sink();
else await source(Number(workerData));
