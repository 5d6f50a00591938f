/**
 * Mode timestamp: rows have no place among those of the same time, so an offset may say a time only once all its rows are handed over. Rows of one
 * time are therefore held back until the next time begins, and handed over together: whatever happens between two polls, they are all in or all
 * still to come. The original gives them out as they come, under the offset before them; a restart in between reads them again.
 *
 * A time of very many rows (an UPDATE of a whole table) would not fit the memory. Those are handed over as they come, under the offset before them
 * and the number of rows behind it, with a checksum. After a restart as many rows are passed over, if they are still the same in the same order; if
 * not, the time is read from its start: rows may be doubled then, never lost.
 *
 * Offsets are else the original's: rows of times T1,T1,T2,T2,T3 behind T0 have the offsets T0,T1,T1,T2,T3. Source: TimestampTableQuerier.
 */
import { crc32 } from 'node:zlib';
import { ConnectError } from '../../../../base/errors.ts';
import type { SourceOffset, SourceRecord } from '../../../../plugin-api/records.ts';
import { type CellValue, cellSize, cellText } from './cell-text.ts';
import { compareMoments, type Moment } from './moment.ts';
import { offsetOf, type Position, type SameTimeRows } from './offsets.ts';
import type { ResultShape } from './result-shape.ts';
import { type RecordTarget, type RowRecords, recordOf } from './row-records.ts';

/** Most that is held back of one time. */
const MAX_ROWS = 20_000;
const MAX_BYTES = 16 * 1024 * 1024;

/** What a restart would have passed over is not there any more as it was. */
export class SameTimeChangedError extends ConnectError {}

export class TimeGroups implements RowRecords {
  readonly #target: RecordTarget;
  readonly #maxRows: number;
  #shape: ResultShape | null = null;
  /** All rows up to this time are handed over. */
  #done: Moment | null;
  #doneOffset: SourceOffset;
  /** Rows of the time behind it that are. */
  #sameTime: SameTimeRows | null;
  #time: Moment | null = null;
  #held: CellValue[][] = [];
  #heldBytes = 0;
  #passed: SameTimeRows | null = null;

  constructor(target: RecordTarget, { timestamp, sameTime }: Position, maxRows: number = MAX_ROWS) {
    this.#target = target;
    this.#maxRows = maxRows;
    this.#done = timestamp;
    this.#doneOffset = offsetOf({ incrementing: null, timestamp, sameTime: null });
    this.#sameTime = sameTime;
  }

  get position(): Position {
    return { incrementing: null, timestamp: this.#done, sameTime: this.#sameTime };
  }

  /** Of the rows of the time behind the position: it is read from its start. */
  forgetSameTime(): void {
    this.#sameTime = null;
  }

  begin(shape: ResultShape): void {
    this.#shape = shape;
    this.#time = null;
    this.#held = [];
    this.#heldBytes = 0;
    this.#passed = this.#sameTime === null ? null : { count: 0, crc: 0 };
  }

  /** Throws SameTimeChangedError: see there. */
  add(row: CellValue[], into: SourceRecord[]): void {
    const time = this.#shape!.timeOf(row)!;
    const isNext = this.#time !== null && compareMoments(time, this.#time) !== 0;
    if (this.#passed !== null) {
      if (isNext) throw changed();
      this.#time = time;
      this.#pass(row, this.#passed);
      return;
    }
    if (isNext) this.#close(into);
    this.#time = time;
    this.#held.push(row);
    this.#heldBytes += cellSize(row);
    const isTooMuch = this.#held.length > this.#maxRows || this.#heldBytes > MAX_BYTES;
    if (isTooMuch || (this.#sameTime !== null && this.#held.length > 1)) this.#handOver(into);
  }

  /** Throws SameTimeChangedError: see there. */
  end(into: SourceRecord[]): void {
    if (this.#passed !== null) throw changed();
    this.#close(into);
  }

  #pass(row: CellValue[], { count, crc }: SameTimeRows): void {
    const passed = { count: count + 1, crc: crc32(cellText(row), crc) };
    const { count: wanted, crc: wantedCrc } = this.#sameTime!;
    this.#passed = passed.count < wanted ? passed : null;
    if (this.#passed === null && passed.crc !== wantedCrc) throw changed();
  }

  /** All rows of the time are known. */
  #close(into: SourceRecord[]): void {
    if (this.#time === null) return;
    if (this.#sameTime !== null) this.#handOver(into);
    const before = this.#doneOffset;
    this.#done = this.#time;
    this.#doneOffset = offsetOf({ incrementing: null, timestamp: this.#done, sameTime: null });
    this.#sameTime = null;
    const last = this.#held.length - 1;
    this.#held.forEach((row, i) => void into.push(recordOf(this.#target, this.#shape!, row, i === last ? this.#doneOffset : before)));
    this.#held = [];
    this.#heldBytes = 0;
    this.#time = null;
  }

  /** All held rows but the last, which may be the last of its time. */
  #handOver(into: SourceRecord[]): void {
    const last = this.#held.pop();
    for (const row of this.#held) {
      const { count, crc } = this.#sameTime ?? { count: 0, crc: 0 };
      this.#sameTime = { count: count + 1, crc: crc32(cellText(row), crc) };
      const offset = offsetOf({ incrementing: null, timestamp: this.#done, sameTime: this.#sameTime });
      into.push(recordOf(this.#target, this.#shape!, row, offset));
    }
    this.#held = last === undefined ? [] : [last];
    this.#heldBytes = last === undefined ? 0 : cellSize(last);
  }
}

function changed(): SameTimeChangedError {
  return new SameTimeChangedError(
    'Rows of one timestamp were handed over in part before; they are not the same any more, or come in another order. All of them are read again.',
  );
}
