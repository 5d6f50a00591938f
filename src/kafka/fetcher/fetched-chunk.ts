/** What one fetch brought for one partition: whole batches, decoded only when they are handed out. */
import type { FetchedRecord, FetcherOptions, RawBatch } from '../contract.ts';
import { KafkaProtocolError } from '../kafka-error.ts';
import { type BatchStamp, NO_STAMP, stampBatch } from '../records/batch-builder.ts';
import { AT, BATCH_HEADER_BYTES, type BatchHeader, readBatchHeader } from '../records/batch-header.ts';
import { encodeAnew } from '../records/normalize-batch.ts';
import { RecordReader } from '../records/record-reader.ts';

/** A transaction that was aborted: records of this producer from this offset on, up to its abort marker, do not count. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

const ABORT_MARKER = 0;

export class FetchedChunk {
  readonly topic: string;
  readonly partition: number;
  readonly #bytes: Buffer;
  readonly #isCommittedOnly: boolean;
  /** By first offset, those that are not yet reached. */
  readonly #aborted: AbortedTransaction[];
  /** Producers whose transaction is being aborted where we are now. */
  readonly #abortedProducers = new Set<bigint>();
  #at = 0;
  #passedBytes = 0;
  #reader: RecordReader | null = null;
  #position: bigint;

  constructor(
    topic: string,
    partition: number,
    bytes: Buffer,
    fetchOffset: bigint,
    isolation: FetcherOptions['isolationLevel'],
    aborted: readonly AbortedTransaction[] | null,
  ) {
    this.topic = topic;
    this.partition = partition;
    this.#bytes = bytes;
    this.#position = fetchOffset;
    this.#isCommittedOnly = isolation === 'read_committed';
    this.#aborted = [...(aborted ?? [])].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  }

  /** Memory that it holds. */
  get sizeBytes(): number {
    return this.#bytes.length;
  }

  /** Of the batches that are done with; without the part of a batch that a fetch may end with. */
  get passedBytes(): number {
    return this.#passedBytes;
  }

  /** Offset of the next record that will be handed out, as far as is known. */
  get position(): bigint {
    return this.#position;
  }

  get isDone(): boolean {
    return this.#reader === null && this.#bytes.length - this.#at < BATCH_HEADER_BYTES;
  }

  /** Appends at most `max` records to `out`. Throws KafkaProtocolError for damaged batches. */
  read(out: FetchedRecord[], max: number): void {
    const enough = out.length + max;
    while (out.length < enough) {
      this.#reader ??= this.#nextReader();
      if (!this.#reader) return;
      const before = out.length;
      try {
        this.#reader.read(out, enough - before, this.#position);
      } finally {
        // Also when it throws: the records before the damage were handed out.
        if (out.length > before) this.#position = (out[out.length - 1] as FetchedRecord).offset + 1n;
      }
      if (this.#reader.left > 0) return;
      this.#advance(this.#reader.header);
      this.#reader = null;
    }
  }

  /** Appends whole batches until `max` records are reached. */
  readRaw(out: RawBatch[], max: number): number {
    let taken = 0;
    while (taken < max) {
      const header = this.#nextBatch(false);
      if (!header) break;
      out.push(this.#rawBatch(header));
      taken += header.count;
      this.#advance(header);
    }
    return taken;
  }

  #nextReader(): RecordReader | null {
    const header = this.#nextBatch(true);
    return header && new RecordReader(this.topic, this.partition, this.#bytes, header);
  }

  #advance(header: BatchHeader): void {
    this.#at = header.end;
    this.#passedBytes = header.end;
    if (header.lastOffset >= this.#position) this.#position = header.lastOffset + 1n;
  }

  /** The next batch with records for the application; passes over what has none. `null`: the chunk is used up. */
  #nextBatch(isChecked: boolean): BatchHeader | null {
    for (;;) {
      const header = this.#headerHere(isChecked);
      if (!header) {
        this.#at = this.#bytes.length;
        return null;
      }
      if (header.lastOffset >= this.#position && header.count > 0 && !this.#isHidden(header)) return header;
      this.#advance(header);
    }
  }

  #headerHere(isChecked: boolean): BatchHeader | null {
    try {
      return readBatchHeader(this.#bytes, this.#at, isChecked);
    } catch (error) {
      if (!(error instanceof KafkaProtocolError)) throw error;
      throw new KafkaProtocolError(`topic "${this.topic}" partition ${this.partition} at offset ${this.#position}: ${error.message}`, {
        cause: error,
      });
    }
  }

  #isHidden(header: BatchHeader): boolean {
    if (!this.#isCommittedOnly || header.producerId < 0n) return header.isControl;
    while (this.#aborted[0] && this.#aborted[0].firstOffset <= header.lastOffset) {
      this.#abortedProducers.add((this.#aborted.shift() as AbortedTransaction).producerId);
    }
    if (header.isControl) {
      if (this.#markerOf(header) === ABORT_MARKER) this.#abortedProducers.delete(header.producerId);
      return true;
    }
    return header.isTransactional && this.#abortedProducers.has(header.producerId);
  }

  /** Key of a control record: int16 version, int16 type (0 abort, 1 commit). */
  #markerOf(header: BatchHeader): number {
    const records: FetchedRecord[] = [];
    new RecordReader(this.topic, this.partition, this.#bytes, header).read(records, 1, header.baseOffset);
    const key = records[0]?.key;
    return key && key.length >= 4 ? key.readInt16BE(2) : -1;
  }

  /** A batch that starts before the position is encoded anew from the position on. */
  #rawBatch(header: BatchHeader): RawBatch {
    const { topic, partition } = this;
    const { lastOffset, maxTimestampMs, count } = header;
    if (header.baseOffset >= this.#position) {
      return {
        topic,
        partition,
        baseOffset: header.baseOffset,
        lastOffset,
        recordCount: count,
        maxTimestampMs,
        batch: this.#bytes.subarray(header.start, header.end),
      };
    }
    const batch = encodeAnew(topic, partition, this.#bytes, header, this.#position);
    batch.writeBigInt64BE(this.#position, AT.baseOffset);
    stampBatch(batch, NO_STAMP satisfies BatchStamp);
    return { topic, partition, baseOffset: this.#position, lastOffset, recordCount: batch.readInt32BE(AT.count), maxTimestampMs, batch };
  }
}

/** Offset after the last whole batch of fetched bytes; `null` when there is none. */
export function offsetAfter(bytes: Buffer): bigint | null {
  let at = 0;
  let last: bigint | null = null;
  while (bytes.length - at >= BATCH_HEADER_BYTES) {
    const length = bytes.readInt32BE(at + AT.length);
    const end = at + 12 + length;
    if (length < BATCH_HEADER_BYTES - 12 || end > bytes.length) break;
    last = bytes.readBigInt64BE(at + AT.baseOffset) + BigInt(bytes.readInt32BE(at + AT.lastOffsetDelta)) + 1n;
    at = end;
  }
  return last;
}
