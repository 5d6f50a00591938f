/** The newest records of a tail, bounded by bytes. What falls out is counted, never hidden. */
import type { RecordHeader } from '../kafka/contract.ts';

/** A record that owns its bytes. `sequence` counts from 0 in the order of arrival. */
export interface TailRecord {
  readonly sequence: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[] | null;
  /** Key, value and headers. */
  readonly sizeBytes: number;
}

/** What a record costs beside its bytes (objects, views), so that many tiny ones are bounded as well. */
const OVERHEAD_BYTES = 200;
/** Slots that were emptied are cut off when there are so many. */
const COMPACT_AT = 4_096;

export class RecordRing {
  readonly #limitBytes: number;
  #records: (TailRecord | undefined)[] = [];
  /** Index of the oldest record in the array, and its sequence. */
  #head = 0;
  #firstSequence = 0;
  #bytes = 0;
  #dropped = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  push(record: TailRecord): void {
    this.#records.push(record);
    this.#bytes += record.sizeBytes + OVERHEAD_BYTES;
    while (this.#bytes > this.#limitBytes && this.length > 1) this.#dropOldest();
    if (this.#head >= COMPACT_AT && this.#head > this.#records.length / 2) {
      this.#records = this.#records.slice(this.#head);
      this.#head = 0;
    }
  }

  clear(): void {
    this.#firstSequence += this.length;
    this.#records = [];
    this.#head = 0;
    this.#bytes = 0;
  }

  get length(): number {
    return this.#records.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Records that had to make room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Sequence of the oldest record that is kept. */
  get firstSequence(): number {
    return this.#firstSequence;
  }

  /** One past the newest. */
  get endSequence(): number {
    return this.#firstSequence + this.length;
  }

  get(sequence: number): TailRecord | null {
    return this.#records[this.#head + sequence - this.#firstSequence] ?? null;
  }

  #dropOldest(): void {
    const oldest = this.#records[this.#head];
    this.#records[this.#head++] = undefined;
    this.#firstSequence++;
    this.#dropped++;
    this.#bytes -= (oldest?.sizeBytes ?? 0) + OVERHEAD_BYTES;
  }
}
