/** What of a tail is shown: a filter that reads the ring piece by piece, and the window of records on the screen. */

import type { Clock } from '../base/clock.ts';
import { CounterTrack } from '../cluster/counter-track.ts';
import type { TailRecord } from '../cluster/record-ring.ts';
import type { Tail, TailStatus } from '../cluster/tail.ts';
import { type GroupCount, GroupCounts } from './group-counts.ts';
import { MatchScan } from './match-scan.ts';
import type { RecordLook } from './record-look.ts';
import { NO_RECORD_FILTER, type RecordFilter, recordFilter } from './record-query/record-filter.ts';
import type { ViewState } from './view.ts';

export interface TailData {
  readonly status: TailStatus;
  readonly filter: RecordFilter;
  /** Records that the filter has looked at and found; equal to what is kept without a filter. */
  readonly scanned: number;
  readonly matched: number;
  readonly isScanning: boolean;
  /** In the order of arrival, the newest last; as many as fit. */
  readonly records: readonly TailRecord[];
  /** Records that came onto the screen, all in all and a second. */
  readonly shown: number;
  readonly shownPerSec: number | null;
  /** Sequence under the cursor; `null` while following. */
  readonly cursor: number | null;
  /** Records that came since the view was frozen. */
  readonly newSinceFrozen: number;
  /** What is kept, counted by what it is grouped by, most first; empty where nothing is grouped. */
  readonly groups: readonly GroupCount[];
}

/** Time that one frame may spend on the filter. */
const SCAN_BUDGET_MS = 6;

/** Shown records in the order of arrival. */
interface Shown {
  readonly length: number;
  at(i: number): number;
  /** Place of a sequence, or of the next one that is shown. */
  indexOf(sequence: number): number;
}

export class TailView {
  readonly tail: Tail;
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #monoMs: () => number;
  #filter: RecordFilter = NO_RECORD_FILTER;
  #scan: MatchScan | null = null;
  readonly #look: RecordLook;
  readonly #groups: GroupCounts | null;
  readonly #shownTrack = new CounterTrack('sampled');
  #shown = 0;
  #inSight: ReadonlySet<number> = new Set();

  /** The one record that a view is about, while the ring still has it. */
  recordOf({ target: { record } }: ViewState): TailRecord | null {
    return record === undefined ? null : this.tail.ring.get(record);
  }

  constructor(tail: Tail, clock: Pick<Clock, 'monoMs' | 'wallMs'>, look: RecordLook) {
    this.tail = tail;
    this.#clock = clock;
    this.#monoMs = () => clock.monoMs();
    this.#look = look;
    this.#groups = look.group === null ? null : new GroupCounts(look.group);
  }

  /** For one frame. `isScanning` asks for another frame soon. */
  data(view: ViewState, height: number): TailData {
    this.#setFilter(view.filter);
    const isScanning = this.#scan?.scan(this.#monoMs, SCAN_BUDGET_MS) ?? false;
    const { ring } = this.tail;
    const end = this.#end(view);
    const list = this.#list(end);
    const cursor = view.isFollowing || view.cursorId === null ? null : Number(view.cursorId);
    const first = cursor === null ? Math.max(0, list.length - height) : firstShown(list, view.top, cursor, height);
    const records: TailRecord[] = [];
    for (let i = first; i < Math.min(list.length, first + height); i++) {
      const record = ring.get(list.at(i));
      if (record) records.push(record);
    }
    const isGrouping = this.#groups?.read(ring, this.#monoMs, SCAN_BUDGET_MS) ?? false;
    return {
      status: this.tail.status(),
      filter: this.#filter,
      scanned: this.#scan?.scanned ?? ring.length,
      matched: this.#scan?.length ?? ring.length,
      isScanning: isScanning || isGrouping,
      records,
      ...this.#countShown(records),
      cursor,
      newSinceFrozen: view.frozenAt === null ? 0 : ring.endSequence - end,
      groups: this.#groups?.most() ?? [],
    };
  }

  /** What is on the screen and was not in the frame before. */
  #countShown(records: readonly TailRecord[]): Pick<TailData, 'shown' | 'shownPerSec'> {
    for (const { sequence } of records) if (!this.#inSight.has(sequence)) this.#shown++;
    this.#inSight = new Set(records.map(({ sequence }) => sequence));
    const nowMs = this.#monoMs();
    this.#shownTrack.add(nowMs, this.#shown);
    return { shown: this.#shown, shownPerSec: this.#shownTrack.rate(nowMs) };
  }

  /** Every record that is in the ring and passes the filter, the oldest first; reads all of it at once. */
  passing(view: ViewState): TailRecord[] {
    this.#setFilter(view.filter);
    this.#scan?.scan(this.#monoMs, Number.POSITIVE_INFINITY);
    const { ring } = this.tail;
    const list = this.#list(this.#end(view));
    return Array.from({ length: list.length }, (_, i) => ring.get(list.at(i))).filter((record) => record !== null);
  }

  /** Sequence so many shown records away; clamped. `null` when there is none at all. */
  move(view: ViewState, from: number | null, delta: number): number | null {
    const list = this.#list(this.#end(view));
    if (list.length === 0) return null;
    const at = from === null ? list.length - 1 : list.indexOf(from);
    return list.at(Math.max(0, Math.min(list.length - 1, at + delta)));
  }

  #end({ frozenAt }: ViewState): number {
    const { endSequence } = this.tail.ring;
    return Math.min(frozenAt ?? endSequence, endSequence);
  }

  #setFilter(text: string): void {
    if (text.trim() === this.#filter.text) return;
    this.#filter = recordFilter(text.trim(), this.#look, this.#clock.wallMs());
    this.#scan = this.#filter.isEmpty ? null : new MatchScan(this.tail.ring, this.#filter.test);
  }

  /** Sequences before `end` that pass the filter. */
  #list(end: number): Shown {
    const scan = this.#scan;
    if (scan) {
      const length = scan.countBefore(end);
      return { length, at: (i) => scan.at(i), indexOf: (sequence) => Math.min(Math.max(0, length - 1), scan.countBefore(sequence)) };
    }
    const first = this.tail.ring.firstSequence;
    return {
      length: Math.max(0, end - first),
      at: (i) => first + i,
      indexOf: (sequence) => Math.max(0, Math.min(end - 1, sequence) - first),
    };
  }
}

function firstShown(list: Shown, top: number, cursor: number, height: number): number {
  const [at, topAt] = [list.indexOf(cursor), list.indexOf(top)];
  const moved = at < topAt ? at : at >= topAt + height ? at - height + 1 : topAt;
  return Math.max(0, Math.min(moved, Math.max(0, list.length - height)));
}
