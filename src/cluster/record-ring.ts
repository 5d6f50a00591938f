/**
 * The newest records of a tail, bounded by bytes. Batches are kept as they came, compressed and unread; only what is looked at is
 * decoded. What falls out is counted, never hidden; what cannot be decoded stays in its place and says why.
 */
import { messageOf } from '../base/errors.ts';
import type { CompressionType, FetchedRecord } from '../kafka/contract.ts';

/** What a batch tells of all its records. */
export interface BatchFacts {
  readonly compression: CompressionType;
  /** −1: not idempotent. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly leaderEpoch: number;
  readonly isTransactional: boolean;
  readonly baseOffset: bigint;
  readonly count: number;
}

/** `sequence` counts from 0 in the order of arrival. Its bytes are views: they live as long as the record is looked at. */
export interface TailRecord extends FetchedRecord {
  readonly sequence: number;
  /** Key, value and headers, as they are without compression. */
  readonly sizeBytes: number;
  /** `null`: not known. */
  readonly batch: BatchFacts | null;
  /** Why it could not be decoded: there is no key and no value then. */
  readonly problem: string | null;
}

export interface DecodedBatch {
  readonly facts: BatchFacts | null;
  readonly records: readonly FetchedRecord[];
}

/** A batch that is not decoded yet. */
export interface KeptBatch {
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: bigint;
  readonly count: number;
  /** As it is kept. */
  readonly sizeBytes: number;
  /** Throws what is wrong with it. */
  decode(): DecodedBatch;
}

interface Slot {
  readonly batch: KeptBatch;
  readonly first: number;
  /** It was tried, and failed. */
  isBroken: boolean;
}

/** What a batch costs beside its bytes (objects, views), so that many tiny ones are bounded as well. */
export const BATCH_OVERHEAD_BYTES = 400;
/** Slots that were emptied are cut off when there are so many. */
const COMPACT_AT = 1_024;
/** Decoded batches that are held for the next look at them. */
const HELD_BATCHES = 64;
const HELD_BYTES = 16_000_000;

export class RecordRing {
  readonly #limitBytes: number;
  #slots: (Slot | undefined)[] = [];
  /** Index of the oldest slot. */
  #head = 0;
  #firstSequence = 0;
  #endSequence = 0;
  #bytes = 0;
  #dropped = 0;
  #decoded = 0;
  #undecodable = 0;
  /** By slot, the least recently used first. */
  readonly #held = new Map<Slot, { readonly records: readonly TailRecord[]; readonly sizeBytes: number }>();
  #heldBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  push(batch: KeptBatch): void {
    if (batch.count === 0) return;
    this.#slots.push({ batch, first: this.#endSequence, isBroken: false });
    this.#endSequence += batch.count;
    this.#bytes += batch.sizeBytes + BATCH_OVERHEAD_BYTES;
    while (this.#bytes > this.#limitBytes && this.#slots.length - this.#head > 1) this.#dropOldest();
    if (this.#head >= COMPACT_AT && this.#head > this.#slots.length / 2) {
      this.#slots = this.#slots.slice(this.#head);
      this.#head = 0;
    }
  }

  get length(): number {
    return this.#endSequence - this.#firstSequence;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Records that had to make room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Records that were decoded, each time that they were. */
  get decoded(): number {
    return this.#decoded;
  }

  /** Records that could not be decoded. */
  get undecodable(): number {
    return this.#undecodable;
  }

  /** Sequence of the oldest record that is kept. */
  get firstSequence(): number {
    return this.#firstSequence;
  }

  /** One past the newest. */
  get endSequence(): number {
    return this.#endSequence;
  }

  get(sequence: number): TailRecord | null {
    const slot = this.#slotOf(sequence);
    return slot === null ? null : (this.#recordsOf(slot)[sequence - slot.first] ?? null);
  }

  #slotOf(sequence: number): Slot | null {
    if (sequence < this.#firstSequence || sequence >= this.#endSequence) return null;
    let [low, high] = [this.#head, this.#slots.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#slots[middle]!.first <= sequence) low = middle;
      else high = middle - 1;
    }
    return this.#slots[low] ?? null;
  }

  #recordsOf(slot: Slot): readonly TailRecord[] {
    const held = this.#held.get(slot);
    if (held) {
      // The next to go is the one that was not looked at for longest.
      this.#held.delete(slot);
      this.#held.set(slot, held);
      return held.records;
    }
    const records = this.#decode(slot);
    const sizeBytes = records.reduce((all, record) => all + record.sizeBytes, 0);
    this.#held.set(slot, { records, sizeBytes });
    this.#heldBytes += sizeBytes;
    for (const [oldest] of this.#held) {
      if (oldest === slot || (this.#held.size <= HELD_BATCHES && this.#heldBytes <= HELD_BYTES)) break;
      this.#letGo(oldest);
    }
    return records;
  }

  #letGo(slot: Slot): void {
    this.#heldBytes -= this.#held.get(slot)?.sizeBytes ?? 0;
    this.#held.delete(slot);
  }

  #decode(slot: Slot): TailRecord[] {
    const { batch, first } = slot;
    try {
      const { facts, records } = batch.decode();
      if (records.length !== batch.count) throw new Error(`${records.length} records came out of a batch that tells of ${batch.count}`);
      this.#decoded += batch.count;
      return records.map((record, i) => ({
        sequence: first + i,
        topic: record.topic,
        partition: record.partition,
        offset: record.offset,
        timestampMs: record.timestampMs,
        timestampType: record.timestampType,
        key: record.key,
        value: record.value,
        headers: record.headers,
        sizeBytes: recordBytes(record),
        batch: facts,
        problem: null,
      }));
    } catch (error) {
      if (!slot.isBroken) this.#undecodable += batch.count;
      slot.isBroken = true;
      return Array.from({ length: batch.count }, (_, i) => brokenRecord(batch, first, i, messageOf(error)));
    }
  }

  #dropOldest(): void {
    const oldest = this.#slots[this.#head]!;
    this.#slots[this.#head++] = undefined;
    this.#letGo(oldest);
    this.#firstSequence += oldest.batch.count;
    this.#dropped += oldest.batch.count;
    this.#bytes -= oldest.batch.sizeBytes + BATCH_OVERHEAD_BYTES;
  }
}

/** Key, value and headers. */
export function recordBytes({ key, value, headers }: Pick<FetchedRecord, 'key' | 'value' | 'headers'>): number {
  let sum = (key?.length ?? 0) + (value?.length ?? 0);
  for (const header of headers ?? []) sum += Buffer.byteLength(header.key) + (header.value?.length ?? 0);
  return sum;
}

/** Offsets as far as they can be told: a batch that was compacted may have gaps. */
function brokenRecord({ topic, partition, baseOffset }: KeptBatch, first: number, i: number, problem: string): TailRecord {
  return {
    sequence: first + i,
    topic,
    partition,
    offset: baseOffset + BigInt(i),
    timestampMs: -1,
    timestampType: 'CreateTime',
    key: null,
    value: null,
    headers: null,
    sizeBytes: 0,
    batch: null,
    problem,
  };
}
