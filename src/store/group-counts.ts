/** How many records of a ring there are of each kind, kept up to date piece by piece. */
import type { RecordRing, TailRecord } from '../cluster/record-ring.ts';

export interface GroupCount {
  readonly group: string;
  readonly count: number;
}

const CHUNK = 64;

export class GroupCounts {
  readonly #groupOf: (record: TailRecord) => string;
  readonly #counts = new Map<string, { group: string; count: number }>();
  /** Of the records from `#first` on, in their order. */
  #read: { group: string; count: number }[] = [];
  #first = 0;

  constructor(groupOf: (record: TailRecord) => string) {
    this.#groupOf = groupOf;
  }

  /** Reads on for at most `budgetMs`; true when it has not come to the end. */
  read(ring: RecordRing, monoMs: () => number, budgetMs: number): boolean {
    this.#forget(ring.firstSequence);
    const untilMs = monoMs() + budgetMs;
    while (this.#end < ring.endSequence && monoMs() < untilMs)
      for (let i = 0; i < CHUNK && this.#end < ring.endSequence; i++) this.#add(ring.get(this.#end));
    return this.#end < ring.endSequence;
  }

  /** Most first. */
  most(): GroupCount[] {
    return [...this.#counts.values()].map((one) => ({ ...one })).sort((a, b) => b.count - a.count || (a.group < b.group ? -1 : 1));
  }

  get #end(): number {
    return this.#first + this.#read.length;
  }

  #add(record: TailRecord | null): void {
    const group = record === null ? '' : this.#groupOf(record);
    const counted = this.#counts.get(group) ?? { group, count: 0 };
    counted.count++;
    this.#counts.set(group, counted);
    this.#read.push(counted);
  }

  /** What has left the ring counts no more. */
  #forget(firstSequence: number): void {
    const gone = this.#read.splice(0, Math.max(0, firstSequence - this.#first));
    for (const counted of gone) if (--counted.count === 0) this.#counts.delete(counted.group);
    this.#first = Math.max(this.#first, firstSequence);
  }
}
