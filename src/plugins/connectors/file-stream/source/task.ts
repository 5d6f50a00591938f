/** Lines of a file, or of standard input, as records. Source: org.apache.kafka.connect.file.FileStreamSourceTask. */
import { type Clock, systemClock } from '../../../../base/clock.ts';
import { ConfigError, ConnectError } from '../../../../base/errors.ts';
import type { Config, SourceTask, SourceTaskContext } from '../../../../plugin-api/plugin.ts';
import type { SourceOffset, SourcePartition, SourceRecord } from '../../../../plugin-api/records.ts';
import { STRING_SCHEMA } from '../../../../record/schema-builder.ts';
import type { ByteInput } from './byte-input.ts';
import { FileInput } from './file-input.ts';
import { LineBuffer } from './line-buffer.ts';
import { LineRecord, type LinesInPlace } from './line-record.ts';
import { partitionOf, storedPosition } from './offsets.ts';
import { type FileSourceConf, spec } from './spec.ts';
import { openStdin } from './stdin-input.ts';

const POLL_MS = 1_000;
/** Most bytes of lines that one poll hands out. */
const POLL_BYTES = 1024 * 1024;
const NO_POSITION: SourceOffset = { position: null };

export class FileStreamSourceTask implements SourceTask {
  readonly #clock: Clock;
  #conf: FileSourceConf | null = null;
  #context: SourceTaskContext | null = null;
  #partition: SourcePartition = partitionOf(null);
  #input: ByteInput | null = null;
  #lines = new LineBuffer(0);

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  async start(config: Config, context: SourceTaskContext): Promise<void> {
    const conf = spec.parse(config);
    checkTopic(conf.topic);
    this.#conf = conf;
    this.#context = context;
    this.#partition = partitionOf(conf.file);
    this.#lines = new LineBuffer(conf['max.line.bytes']);
    const shared = { clock: this.#clock, log: context.log, signal: context.signal };
    if (!conf.file) {
      this.#input = openStdin(shared);
      return;
    }
    const [stored] = await context.offsets([this.#partition]);
    this.#input = new FileInput({
      ...shared,
      file: conf.file,
      startPosition: storedPosition(stored ?? null),
      maxLineBytes: conf['max.line.bytes'],
    });
  }

  /** Complete lines as soon as there are any; null after a second. Throws ConnectError for what cannot be read and for a line too long. */
  async poll(): Promise<readonly SourceRecord[] | null> {
    const { input, context } = this.#started();
    const endMs = this.#clock.monoMs() + POLL_MS;
    for (;;) {
      if (context.signal.aborted) return null;
      const records = this.#takeLines();
      if (records.length > 0) return records;
      const result = await input.read(this.#lines.space());
      if (result.kind === 'data') this.#lines.filled(result.count);
      else if (result.kind === 'moved') {
        const last = result.isEnded ? this.#takeUnended() : null;
        this.#lines.startAt(result.position);
        if (last) return [last];
      } else {
        const leftMs = endMs - this.#clock.monoMs();
        if (leftMs <= 0) return null;
        await input.changed(Math.min(leftMs, result.recheckMs));
      }
    }
  }

  async stop(): Promise<void> {
    await this.#input?.close();
    this.#input = null;
  }

  #started(): { readonly input: ByteInput; readonly context: SourceTaskContext; readonly conf: FileSourceConf } {
    if (!this.#input || !this.#context || !this.#conf) throw new ConnectError('The file source task is polled before it is started.');
    return { input: this.#input, context: this.#context, conf: this.#conf };
  }

  #takeLines(): SourceRecord[] {
    const { conf, context } = this.#started();
    const lines = this.#lines;
    const most = Math.max(1, conf['batch.size']);
    const startPosition = lines.position;
    const timestampMs = this.#clock.wallMs();
    const records: SourceRecord[] = [];
    if (context.takesTextsInPlace) this.#takeInPlace(records, most, timestampMs);
    while (records.length < most && lines.position - startPosition < POLL_BYTES) {
      const line = lines.next();
      if (line === null) break;
      records.push(this.#record(line, timestampMs));
    }
    if (records.length === 0 && lines.isTooLong) {
      throw new ConnectError(
        `The line at byte ${lines.position} of ${conf.file ? `'${conf.file}'` : 'standard input'} is longer than max.line.bytes (${conf['max.line.bytes']}). ` +
          'Set a larger max.line.bytes, or stop the connector and set its offset to a position behind that line.',
      );
    }
    return records;
  }

  #takeInPlace(records: SourceRecord[], most: number, timestampMs: number): void {
    const lines = this.#lines;
    const { topic, file } = this.#conf!;
    const shared: LinesInPlace = {
      ...{ topic, timestampMs, sourcePartition: this.#partition, bytes: lines.bytes },
      position: file ? lines.position - lines.start : null,
    };
    const mostBytes = lines.start + POLL_BYTES;
    while (records.length < most && lines.start < mostBytes && lines.nextInPlace())
      records.push(new LineRecord(shared, lines.lineStart, lines.lineEnd, lines.start));
  }

  /** What stands behind the last line end of a file that nobody goes on writing to. */
  #takeUnended(): SourceRecord | null {
    const line = this.#lines.takeUnended();
    if (line === null) return null;
    this.#started().context.log.warn(`The last line has no line end: handed on as it is, up to byte ${this.#lines.position}`);
    return this.#record(line, this.#clock.wallMs());
  }

  #record(line: string, timestampMs: number): SourceRecord {
    const conf = this.#conf!;
    return {
      topic: conf.topic,
      kafkaPartition: null,
      keySchema: null,
      key: null,
      valueSchema: STRING_SCHEMA,
      value: line,
      timestampMs,
      headers: null,
      sourcePartition: this.#partition,
      sourceOffset: conf.file ? { position: this.#lines.position } : NO_POSITION,
    };
  }
}

/** The original hands any text to the producer, which then fails at each record. */
function checkTopic(topic: string): void {
  if (/^[a-zA-Z0-9._-]{1,249}$/.test(topic) && topic !== '.' && topic !== '..') return;
  throw new ConfigError(
    `Invalid value ${topic} for configuration topic: give the name of one topic, at most 249 of the characters a-z, A-Z, 0-9, '.', '_' and '-'`,
  );
}
