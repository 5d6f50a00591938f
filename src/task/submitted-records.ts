/**
 * Which source offsets are safe to commit: per source partition, that of the last record of the acknowledged prefix.
 * Source: org.apache.kafka.connect.runtime.SubmittedRecords; the order of submission is the only order.
 *
 * Records of one partition that follow each other share a node (a run): a record costs two field writes and its acknowledgement a
 * decrement. An offset becomes committable when all records of its run are acknowledged, so a run must be short (RUN_LIMIT). An
 * unacknowledged record blocks its own partition only. Memory: one node a run in flight.
 */
import type { SourceOffset, SourcePartition, SourceRecord } from '../plugin-api/records.ts';

/** Most records in a run; bounds how far a committed offset may lie behind the acknowledged prefix. */
export const RUN_LIMIT = 500;

interface Queue {
  readonly partition: SourcePartition;
  /** Runs in order of submission; those before `head` are done with. */
  runs: Run[];
  head: number;
  /** Newest safe offset that was not taken yet. */
  committable: SourceOffset | null;
  readonly key: string;
  /** Out of the map by content, because nothing is in flight. */
  isForgotten: boolean;
}

export interface CommittableOffset {
  readonly partition: SourcePartition;
  readonly offset: SourceOffset;
}

export class Run {
  readonly queue: Queue;
  /** Of the newest record of the run that has one. */
  offset: SourceOffset | null = null;
  size = 0;
  pending = 0;
  /** A closed run takes no more records. */
  isClosed = false;
  /** Its records in order, when the task wants to be told of each; or their offsets, when those are enough. */
  readonly records: SourceRecord[] = [];
  readonly offsets: (SourceOffset | null)[] = [];
  /** How many of them it was told of. */
  told = 0;

  constructor(queue: Queue) {
    this.queue = queue;
  }
}

export class SubmittedRecords {
  readonly #queuesByIdentity = new WeakMap<SourcePartition, Queue>();
  readonly #queuesByContent = new Map<string, Queue>();
  /** Queues that have something to commit. */
  readonly #dirty = new Set<Queue>();
  #pending = 0;
  #idle: { promise: Promise<void>; resolve: () => void } | null = null;

  /** Records that are submitted and neither acknowledged nor failed. */
  get pending(): number {
    return this.#pending;
  }

  /** Starts a run of this partition, at the end of its order. */
  open(partition: SourcePartition): Run {
    const queue = this.#queueOf(partition);
    const last = queue.runs.at(-1);
    if (last) last.isClosed = true;
    const run = new Run(queue);
    queue.runs.push(run);
    return run;
  }

  /** Puts a record with this offset at the end of a run that is not closed. */
  submit(run: Run, offset: SourceOffset | null): void {
    if (offset !== null) run.offset = offset;
    run.size++;
    run.pending++;
    this.#pending++;
  }

  /** So many records of the run are acknowledged; true when the whole run is, as far as it goes now. */
  ack(run: Run, count: number): boolean {
    this.#pending -= count;
    if (this.#pending === 0) this.#signalIdle();
    run.pending -= count;
    if (run.pending > 0) return false;
    this.#advance(run.queue);
    return true;
  }

  /** One record of the run will never be acknowledged: what follows it in its partition is not committable any more. */
  fail(): void {
    // The run keeps its count: it never becomes complete.
    this.#pending--;
    if (this.#pending === 0) this.#signalIdle();
  }

  /** Safe offsets that no earlier call gave; one a partition at most. */
  takeCommittable(): CommittableOffset[] {
    const offsets: CommittableOffset[] = [];
    for (const queue of this.#dirty) {
      if (queue.committable) offsets.push({ partition: queue.partition, offset: queue.committable });
      queue.committable = null;
      if (queue.runs.length === queue.head) this.#forget(queue);
    }
    this.#dirty.clear();
    return offsets;
  }

  /** Resolves when nothing is in flight. */
  whenIdle(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers<void>();
    return this.#idle.promise;
  }

  #signalIdle(): void {
    this.#idle?.resolve();
    this.#idle = null;
  }

  /** Drops finished runs from the front. A run that is taken while it is open is closed: its offset may be committed from now on. */
  #advance(queue: Queue): void {
    const { runs } = queue;
    let moved = false;
    while (queue.head < runs.length) {
      const run = runs[queue.head]!;
      if (run.pending > 0) break;
      if (run.size === 0 && !run.isClosed) break;
      if (run.offset !== null) {
        queue.committable = run.offset;
        moved = true;
      }
      run.isClosed = true;
      queue.head++;
    }
    if (moved) this.#dirty.add(queue);
    if (queue.head === runs.length) {
      queue.runs = [];
      queue.head = 0;
    } else if (queue.head > 64 && queue.head * 2 > runs.length) {
      queue.runs = runs.slice(queue.head);
      queue.head = 0;
    }
  }

  #queueOf(partition: SourcePartition): Queue {
    const known = this.#queuesByIdentity.get(partition);
    if (known && !known.isForgotten) return known;
    const key = known?.key ?? partitionKey(partition);
    let queue = this.#queuesByContent.get(key);
    if (!queue) {
      queue = known ?? { partition, runs: [], head: 0, committable: null, key, isForgotten: false };
      queue.isForgotten = false;
      this.#queuesByContent.set(key, queue);
    }
    this.#queuesByIdentity.set(partition, queue);
    return queue;
  }

  /** Sources with ever new partitions (a file each) must not grow this map without end. */
  #forget(queue: Queue): void {
    queue.isForgotten = true;
    this.#queuesByContent.delete(queue.key);
  }
}

/** Equal maps give equal keys whatever their order; types stay apart. */
function partitionKey(partition: SourcePartition): string {
  return Object.keys(partition)
    .sort()
    .map((name) => {
      const value = partition[name];
      return `${JSON.stringify(name)}:${typeof value}:${JSON.stringify(String(value))}`;
    })
    .join(',');
}
