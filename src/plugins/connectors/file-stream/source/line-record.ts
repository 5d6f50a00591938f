/** A source record whose value is a line that lies among others: a string is made of it only for those who ask. */
import type { SourceOffset, SourcePartition, SourceRecord } from '../../../../plugin-api/records.ts';
import type { Schema } from '../../../../record/schema.ts';
import { STRING_SCHEMA } from '../../../../record/schema-builder.ts';

/** What the lines of one poll share. */
export interface LinesInPlace {
  readonly topic: string;
  readonly sourcePartition: SourcePartition;
  readonly timestampMs: number;
  readonly bytes: Buffer;
  /** Of the first of `bytes`; `null`: there are no positions. */
  readonly position: number | null;
}

const NO_POSITION: SourceOffset = { position: null };

export class LineRecord implements SourceRecord {
  readonly lines: LinesInPlace;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Behind the line end. */
  readonly after: number;

  constructor(lines: LinesInPlace, start: number, end: number, after: number) {
    this.lines = lines;
    this.valueStart = start;
    this.valueEnd = end;
    this.after = after;
  }

  get topic(): string {
    return this.lines.topic;
  }

  get kafkaPartition(): null {
    return null;
  }

  get keySchema(): null {
    return null;
  }

  get key(): null {
    return null;
  }

  get valueSchema(): Schema {
    return STRING_SCHEMA;
  }

  get valueIn(): Buffer {
    return this.lines.bytes;
  }

  get value(): string {
    return this.lines.bytes.toString('utf8', this.valueStart, this.valueEnd);
  }

  get timestampMs(): number {
    return this.lines.timestampMs;
  }

  get headers(): null {
    return null;
  }

  get sourcePartition(): SourcePartition {
    return this.lines.sourcePartition;
  }

  get sourceOffset(): SourceOffset {
    const { position } = this.lines;
    return position === null ? NO_POSITION : { position: position + this.after };
  }
}
