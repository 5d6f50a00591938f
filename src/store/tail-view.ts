/** What of a tail is shown: a filter that reads the ring piece by piece, and the window of records on the screen. */

import type { TailRecord } from '../cluster/record-ring.ts';
import type { Tail, TailStatus } from '../cluster/tail.ts';
import { type Filter, NO_FILTER, parseFilter } from './filter.ts';
import { type GroupCount, GroupCounts } from './group-counts.ts';
import type { RecordLook } from './record-look.ts';
import type { ViewState } from './view.ts';

export interface TailData {
  readonly status: TailStatus;
  readonly filter: Filter;
  /** Records that the filter has looked at and found; equal to what is kept without a filter. */
  readonly scanned: number;
  readonly matched: number;
  readonly isScanning: boolean;
  /** In the order of arrival, the newest last; as many as fit. */
  readonly records: readonly TailRecord[];
  /** Sequence under the cursor; `null` while following. */
  readonly cursor: number | null;
  /** Records that came since the view was frozen. */
  readonly newSinceFrozen: number;
  /** What is kept, counted by what it is grouped by, most first; empty where nothing is grouped. */
  readonly groups: readonly GroupCount[];
}

/** Time that one frame may spend on the filter. */
const SCAN_BUDGET_MS = 6;
const SCAN_CHUNK = 64;

export class TailView {
  readonly tail: Tail;
  readonly #monoMs: () => number;
  #filter: Filter = NO_FILTER;
  #matches: number[] = [];
  #scannedTo = 0;
  #matchedGone = 0;
  readonly #look: RecordLook;
  readonly #groups: GroupCounts | null;

  constructor(tail: Tail, monoMs: () => number, look: RecordLook) {
    this.tail = tail;
    this.#monoMs = monoMs;
    this.#look = look;
    this.#groups = look.group === null ? null : new GroupCounts(look.group);
  }

  /** For one frame. `isScanning` asks for another frame soon. */
  data(view: ViewState, height: number): TailData {
    this.#setFilter(view.filter);
    this.#scan();
    const { ring } = this.tail;
    const end = Math.min(view.frozenAt ?? ring.endSequence, ring.endSequence);
    const list = this.#list(end);
    const cursor = view.isFollowing || view.cursorId === null ? null : Number(view.cursorId);
    const first = cursor === null ? Math.max(0, list.length - height) : this.#firstShown(list, view.top, cursor, height);
    const records: TailRecord[] = [];
    for (let i = first; i < Math.min(list.length, first + height); i++) {
      const record = ring.get(list.at(i));
      if (record) records.push(record);
    }
    const hasFilter = !this.#filter.isEmpty;
    const isGrouping = this.#groups?.read(ring, this.#monoMs, SCAN_BUDGET_MS) ?? false;
    return {
      status: this.tail.status(),
      filter: this.#filter,
      scanned: hasFilter ? this.#scannedTo - ring.firstSequence : ring.length,
      matched: hasFilter ? this.#matches.length : ring.length,
      isScanning: (hasFilter && this.#scannedTo < ring.endSequence) || isGrouping,
      records,
      cursor,
      newSinceFrozen: view.frozenAt === null ? 0 : ring.endSequence - end,
      groups: this.#groups?.most() ?? [],
    };
  }

  /** Every record that is in the ring and passes the filter, the oldest first; reads all of it at once. */
  passing(view: ViewState): TailRecord[] {
    this.#setFilter(view.filter);
    this.#scan(Number.POSITIVE_INFINITY);
    const { ring } = this.tail;
    const list = this.#list(Math.min(view.frozenAt ?? ring.endSequence, ring.endSequence));
    return Array.from({ length: list.length }, (_, i) => ring.get(list.at(i))).filter((record) => record !== null);
  }

  /** Sequence so many shown records away; clamped. `null` when there is none at all. */
  move(view: ViewState, from: number | null, delta: number): number | null {
    const { ring } = this.tail;
    const list = this.#list(Math.min(view.frozenAt ?? ring.endSequence, ring.endSequence));
    if (list.length === 0) return null;
    const at = from === null ? list.length - 1 : list.indexOf(from);
    return list.at(Math.max(0, Math.min(list.length - 1, at + delta)));
  }

  #setFilter(text: string): void {
    if (text.trim() === this.#filter.text) return;
    this.#filter = parseFilter(text, this.#look.columns);
    this.#matches = [];
    this.#scannedTo = this.tail.ring.firstSequence;
    this.#matchedGone = 0;
  }

  #scan(budgetMs = SCAN_BUDGET_MS): void {
    if (this.#filter.isEmpty) return;
    const { ring } = this.tail;
    this.#scannedTo = Math.max(this.#scannedTo, ring.firstSequence);
    const untilMs = this.#monoMs() + budgetMs;
    while (this.#scannedTo < ring.endSequence && this.#monoMs() < untilMs) {
      for (let i = 0; i < SCAN_CHUNK && this.#scannedTo < ring.endSequence; i++, this.#scannedTo++) {
        const record = ring.get(this.#scannedTo);
        if (record && this.#passes(record)) this.#matches.push(this.#scannedTo);
      }
    }
    while (this.#matchedGone < this.#matches.length && this.#matches[this.#matchedGone]! < ring.firstSequence) this.#matchedGone++;
    if (this.#matchedGone > 0) {
      this.#matches = this.#matches.slice(this.#matchedGone);
      this.#matchedGone = 0;
    }
  }

  #passes(record: TailRecord): boolean {
    return this.#filter.test(this.#look.text(record), (name) => this.#look.column(record, name));
  }

  /** Sequences before `end` that pass the filter. */
  #list(end: number): { length: number; at(i: number): number; indexOf(sequence: number): number } {
    const { ring } = this.tail;
    if (this.#filter.isEmpty) {
      const first = ring.firstSequence;
      return {
        length: Math.max(0, end - first),
        at: (i) => first + i,
        indexOf: (sequence) => Math.max(0, Math.min(end - 1, sequence) - first),
      };
    }
    const list = this.#matches;
    const length = lowerBound(list, end);
    return { length, at: (i) => list[i] ?? 0, indexOf: (sequence) => Math.min(Math.max(0, length - 1), lowerBound(list, sequence)) };
  }

  #firstShown(list: { length: number; indexOf(sequence: number): number }, top: number, cursor: number, height: number): number {
    const [at, topAt] = [list.indexOf(cursor), list.indexOf(top)];
    const moved = at < topAt ? at : at >= topAt + height ? at - height + 1 : topAt;
    return Math.max(0, Math.min(moved, Math.max(0, list.length - height)));
  }
}

function lowerBound(sorted: readonly number[], wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
