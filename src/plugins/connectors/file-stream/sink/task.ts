/** Records as lines of text. Source: org.apache.kafka.connect.file.FileStreamSinkTask (which does not notice that a disk is full). */
import { type Clock, systemClock } from '../../../../base/clock.ts';
import { ConnectError, errorCodeOf, RetriableError } from '../../../../base/errors.ts';
import type { Config, SinkTask, SinkTaskContext } from '../../../../plugin-api/plugin.ts';
import type { SinkRecord } from '../../../../plugin-api/records.ts';
import { reasonOf } from '../shared/file-fault.ts';
import { AppendFile } from './append-file.ts';
import type { LineOutput } from './line-output.ts';
import { Lines } from './lines.ts';
import { spec } from './spec.ts';
import { StdoutLines } from './stdout-lines.ts';

/** Faults that go away when somebody makes room. */
const FULL: readonly string[] = ['ENOSPC', 'EDQUOT'];
const RETRY_MS = 1_000;
/** So long a full disk is waited for before the task fails. */
const RETRY_LIMIT_MS = 60_000;

export class FileStreamSinkTask implements SinkTask {
  readonly takesTextsInPlace = true;
  readonly #clock: Clock;
  readonly #lines = new Lines();
  #context: SinkTaskContext | null = null;
  #output: LineOutput | null = null;
  #fullSinceMs: number | null = null;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  async start(config: Config, context: SinkTaskContext): Promise<void> {
    const { file } = spec.parse(config);
    this.#context = context;
    this.#output = file ? await AppendFile.open(file, this.#clock, context.log) : new StdoutLines(this.#clock);
  }

  /**
   * When it resolves, the operating system has every line. Otherwise none of the batch is in the file. Throws RetriableError while the
   * disk is full, for a minute; then, and for every other fault, ConnectError.
   */
  async put(records: readonly SinkRecord[]): Promise<void> {
    if (records.length === 0) return;
    const output = this.#started();
    await output.prepare();
    try {
      await this.#writeLines(output, records);
    } catch (error) {
      throw await this.#failure(output, error);
    }
    this.#fullSinceMs = null;
  }

  /** Nothing waits to be written between two batches. */
  async flush(): Promise<void> {
    await this.#started().prepare();
  }

  async stop(): Promise<void> {
    await this.#output?.close();
    this.#output = null;
  }

  #started(): LineOutput {
    if (!this.#output) throw new ConnectError('The file sink task gets records before it is started.');
    return this.#output;
  }

  /** Takes the batch back and says what the runtime is to do. */
  async #failure(output: LineOutput, error: unknown): Promise<ConnectError> {
    const isTakenBack = await output.rollBack().catch(() => false);
    const text = `Cannot write to '${output.name}': ${reasonOf(error)}.`;
    if (!isTakenBack) {
      return new ConnectError(`${text} It ends with a part of the batch, maybe of a line, and these lines will come again.`, {
        cause: error,
      });
    }
    const nowMs = this.#clock.monoMs();
    this.#fullSinceMs ??= nowMs;
    if (!FULL.includes(errorCodeOf(error) ?? '') || nowMs - this.#fullSinceMs >= RETRY_LIMIT_MS) {
      this.#fullSinceMs = null;
      return new ConnectError(`${text} None of the batch is in it: mend that and restart the task.`, { cause: error });
    }
    this.#context?.timeout(RETRY_MS);
    return new RetriableError(`${text} None of the batch is in it: make room; trying again.`, { cause: error });
  }

  async #writeLines(output: LineOutput, records: readonly SinkRecord[]): Promise<void> {
    for (const bytes of this.#lines.of(records)) await output.append(bytes);
  }
}
