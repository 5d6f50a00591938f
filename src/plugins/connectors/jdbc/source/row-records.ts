/** Rows as records, each with the offset that says: up to here. Source: io.confluent.connect.jdbc.source.*TableQuerier.extractRecord. */
import type { SourceOffset, SourcePartition, SourceRecord } from '../../../../plugin-api/records.ts';
import type { CellValue } from './column-fields.ts';
import type { Position } from './offsets.ts';
import type { ResultShape } from './result-shape.ts';

export interface RowRecords {
  /** Of the record given last: where the next statement begins. */
  readonly position: Position;
  /** A statement begins at `position`; rows of the one before that were not given are forgotten. */
  begin(shape: ResultShape): void;
  /** Takes the row over, and puts the records that are ready behind those in `into`. */
  add(row: CellValue[], into: SourceRecord[]): void;
  /** The result has ended: what was held back is ready. */
  end(into: SourceRecord[]): void;
}

/** Where records go. */
export interface RecordTarget {
  readonly topic: string;
  /** One object for all of them. */
  readonly partition: SourcePartition;
}

export function recordOf(
  { topic, partition }: RecordTarget,
  shape: ResultShape,
  row: CellValue[],
  offset: SourceOffset | null,
): SourceRecord {
  return {
    topic,
    kafkaPartition: null,
    keySchema: null,
    key: null,
    valueSchema: shape.schema,
    value: shape.structOf(row),
    timestampMs: null,
    headers: null,
    sourcePartition: partition,
    sourceOffset: offset,
  };
}

/** Of mode bulk: nothing is remembered. */
export class BulkRecords implements RowRecords {
  readonly position: Position;
  readonly #target: RecordTarget;
  #shape: ResultShape | null = null;

  constructor(target: RecordTarget, position: Position) {
    this.#target = target;
    this.position = position;
  }

  begin(shape: ResultShape): void {
    this.#shape = shape;
  }

  add(row: CellValue[], into: SourceRecord[]): void {
    into.push(recordOf(this.#target, this.#shape!, row, null));
  }

  end(): void {}
}

/** Of modes with an id: each row has a place of its own. */
export class IdRecords implements RowRecords {
  readonly #target: RecordTarget;
  #shape: ResultShape | null = null;
  #position: Position;

  constructor(target: RecordTarget, position: Position) {
    this.#target = target;
    this.#position = position;
  }

  get position(): Position {
    return this.#position;
  }

  begin(shape: ResultShape): void {
    this.#shape = shape;
  }

  add(row: CellValue[], into: SourceRecord[]): void {
    const shape = this.#shape!;
    const incrementing = shape.idOf(row);
    const timestamp = shape.timeOf(row);
    // Written out: this is done for each row. The order of keys is offsetOf's.
    const offset: SourceOffset =
      timestamp === null ? { incrementing } : { timestamp_nanos: timestamp.nanos, incrementing, timestamp: timestamp.ms };
    into.push(recordOf(this.#target, shape, row, offset));
    this.#position = { incrementing, timestamp, sameTime: null };
  }

  end(): void {}
}
