/** A file source task that is polled until it is stopped, as a worker does it, with everything it gave and logged. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Log, type LogEvent, LogHub } from '../../../../../src/base/log.ts';
import type { Config } from '../../../../../src/plugin-api/plugin.ts';
import type { SourceOffset, SourceRecord } from '../../../../../src/plugin-api/records.ts';
import { FileStreamSourceTask } from '../../../../../src/plugins/connectors/file-stream/source/task.ts';
import { waitUntil } from '../../../../helpers/wait-until.ts';

export class RunningSource {
  readonly records: SourceRecord[] = [];
  readonly events: LogEvent[] = [];
  readonly batchSizes: number[] = [];
  readonly log: Log;
  readonly #stop = new AbortController();
  readonly #task = new FileStreamSourceTask();
  #error: unknown = null;
  #done: Promise<void> = Promise.resolve();

  constructor() {
    const hub = new LogHub(() => Date.now());
    hub.attach((event) => this.events.push(event));
    this.log = hub.log('test');
  }

  static async start(config: Config, stored: SourceOffset | null = null): Promise<RunningSource> {
    const source = new RunningSource();
    await source.#task.start(
      { topic: 'lines', ...config },
      {
        log: source.log,
        connector: 'c',
        taskId: 0,
        signal: source.#stop.signal,
        offsets: async (partitions) => partitions.map(() => stored),
        transactions: null,
      },
    );
    source.#done = source.#run();
    return source;
  }

  get lines(): unknown[] {
    return this.records.map((record) => record.value);
  }

  /** As they are read back from a store. */
  get positions(): bigint[] {
    return this.records.map((record) => BigInt(record.sourceOffset?.position as number));
  }

  /** Message of the error that ended it; null while it runs. */
  get failure(): string | null {
    return this.#error instanceof Error ? this.#error.message : null;
  }

  warnings(): string[] {
    return this.events.filter((event) => event.level === 'WARN').map((event) => event.message);
  }

  async has(expected: readonly string[]): Promise<void> {
    await waitUntil(
      () =>
        `lines ${JSON.stringify(expected)}, got ${JSON.stringify(this.lines)}, log ${JSON.stringify(this.events.map((e) => e.message))}`,
      () => this.#error !== null || this.records.length >= expected.length,
      10_000,
    );
    if (this.#error) throw this.#error;
    if (JSON.stringify(this.lines) !== JSON.stringify(expected)) {
      throw new Error(`expected lines ${JSON.stringify(expected)}, got ${JSON.stringify(this.lines)}`);
    }
  }

  async logs(part: string): Promise<void> {
    await waitUntil(
      () => `a log message with «${part}» among ${JSON.stringify(this.events.map((e) => e.message))}`,
      () => this.#error !== null || this.events.some((event) => event.message.includes(part)),
      15_000,
    );
    if (this.#error) throw this.#error;
  }

  async fails(): Promise<string> {
    await waitUntil('the task to fail', () => this.#error !== null, 10_000);
    return this.failure ?? '';
  }

  /** Milliseconds until the running poll had ended. */
  async stop(): Promise<number> {
    const startMs = performance.now();
    this.#stop.abort();
    await this.#done;
    const ms = performance.now() - startMs;
    await this.#task.stop();
    return ms;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stop.signal.aborted) {
        const records = await this.#task.poll();
        if (records === null) continue;
        this.batchSizes.push(records.length);
        this.records.push(...records);
      }
    } catch (error) {
      this.#error = error;
    }
  }
}

/** A folder of its own for one test. */
export class TempFolder {
  readonly path = mkdtempSync(path.join(tmpdir(), 'kconsole-file-'));

  file(name: string): string {
    return path.join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
