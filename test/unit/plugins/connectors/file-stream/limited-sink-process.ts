/** A process of its own with a limit on file sizes (64 KiB): fills the file of its argument, meets the limit, and goes on without it. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { ConnectError } from '../../../../../src/base/errors.ts';
import { FileStreamSinkTask } from '../../../../../src/plugins/connectors/file-stream/sink/task.ts';
import { sinkContext, sinkRecords } from './sink-parts.ts';

const file = process.argv[2]!;
const lines = (from: number, to: number) => sinkRecords(Array.from({ length: to - from }, (_, i) => `${from + i}`.padEnd(999, '.')));

const task = new FileStreamSinkTask();
await task.start({ file }, sinkContext());
await task.put(lines(0, 50));
const error: unknown = await task.put(lines(50, 110)).catch((e: unknown) => e);
const sizeBytes = statSync(file).size;
execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited']);
await task.put(lines(50, 110));
await task.stop();
const { message, isRetriable } = error instanceof ConnectError ? error : { message: String(error), isRetriable: null };
process.stdout.write(JSON.stringify({ message, isRetriable, sizeBytes }));
