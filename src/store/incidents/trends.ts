/** What rules need to know of the minutes before: lag of sinks and groups, dead letters, skipped records. Fed with what was asked already. */
import type { ClusterData, GroupRow } from '../../cluster/cluster-model.ts';
import type { ConnectData, ConnectorRow } from '../connect-model.ts';
import { GrowthTrack } from './growth-track.ts';
import { LagTrack, type LagTrend } from './lag-track.ts';

/** Dead letters and lost records are «now» for so long after the last one. */
const LETTERS_WINDOW_MS = 300_000;

export type Counted = 'letters' | 'refused' | 'skipped';

export class Trends {
  readonly #lags = new Map<string, LagTrack>();
  readonly #counts = new Map<string, GrowthTrack>();
  /** Groups that were seen with members, and when last. */
  readonly #members = new Map<string, number>();
  /** What was taken in already: the same figures must not be counted twice. */
  readonly #factsAt = new Map<string, number>();
  #progress: ClusterData['progress'] = new Map();
  #groups: ReadonlyMap<string, GroupRow> = new Map();
  #noted: readonly GroupRow[] = [];

  /** Left half-way it has taken in what it has. */
  *note(connect: ConnectData | null, cluster: ClusterData | null, nowMs: number): Generator<void> {
    if (cluster) this.#noteSinks(cluster);
    yield;
    if (connect) this.#noteErrors(connect.connectors, nowMs);
    yield;
    if (cluster?.groups) this.#noteGroups(cluster.groups, nowMs);
    yield;
  }

  /** Of the sink of this connector; `null`: not known yet. */
  sinkLag(connector: string, nowMs: number): LagTrend | null {
    return this.#lags.get(`sink ${connector}`)?.trend(nowMs) ?? null;
  }

  groupLag(groupId: string, nowMs: number): LagTrend | null {
    return this.#lags.get(`group ${groupId}`)?.trend(nowMs) ?? null;
  }

  /** How many more there are than `LETTERS_WINDOW_MS` ago. */
  grown(connector: string, what: Counted): number {
    const grown = this.#counts.get(`${what} ${connector}`)?.grown ?? 0;
    return what === 'letters' ? Math.max(grown, this.#counts.get(`counted ${connector}`)?.grown ?? 0) : grown;
  }

  /** Wall time; `null`: never while we looked. */
  lastMembersMs(groupId: string): number | null {
    return this.#members.get(groupId) ?? null;
  }

  #noteSinks({ progress }: ClusterData): void {
    if (progress === this.#progress) return;
    this.#progress = progress;
    for (const key of this.#factsAt.keys()) {
      if (progress.has(key)) continue;
      this.#factsAt.delete(key);
      this.#lags.delete(`sink ${key}`);
    }
    for (const [connector, { atMs, lag, committed }] of progress) {
      if (this.#factsAt.get(connector) === atMs || lag === null) continue;
      this.#factsAt.set(connector, atMs);
      const sample = { lag: Number(lag.value), committed: Number(committed?.value ?? 0n), partitions: lag.known };
      trackOf(this.#lags, `sink ${connector}`, () => new LagTrack()).add(atMs, sample);
    }
  }

  #noteErrors(connectors: readonly ConnectorRow[], nowMs: number): void {
    const names = new Set(connectors.map((row) => row.name));
    for (const key of this.#counts.keys()) if (!names.has(key.slice(key.indexOf(' ') + 1))) this.#counts.delete(key);
    for (const { name, recordErrors } of connectors) {
      const { queue, origin, everWritten, deadLetters } = recordErrors;
      const note = (what: Counted | 'counted', value: number | null) => {
        if (value !== null) trackOf(this.#counts, `${what} ${name}`, () => new GrowthTrack(LETTERS_WINDOW_MS)).add(nowMs, value);
      };
      // What the worker has counted and what lies in the queue are two measures: going from one to the other is no growth.
      note('letters', queue === null ? null : everWritten);
      note('counted', queue === null || origin !== 'metrics' ? null : deadLetters);
      note('refused', recordErrors.failed);
      note('skipped', queue === null ? recordErrors.skipped : null);
    }
  }

  /** Rows that were not asked again are the same objects. */
  #noteGroups(groups: readonly GroupRow[], nowMs: number): void {
    if (groups === this.#noted) return;
    this.#noted = groups;
    const fresh = new Map(groups.map((row) => [row.groupId, row]));
    for (const id of this.#groups.keys()) {
      if (fresh.has(id)) continue;
      this.#lags.delete(`group ${id}`);
      this.#members.delete(id);
    }
    for (const [id, row] of fresh) {
      if (this.#groups.get(id) === row) continue;
      if (row.memberCount) this.#members.set(id, nowMs);
      if (row.lag === null || row.error !== null) continue;
      const known = row.partitions.filter((one) => one.lag !== null);
      const committed = known.reduce((all, one) => all + (one.committed ?? 0n), 0n);
      const sample = { lag: Number(row.lag), committed: Number(committed), partitions: known.length };
      trackOf(this.#lags, `group ${id}`, () => new LagTrack()).add(nowMs, sample);
    }
    this.#groups = fresh;
  }
}

function trackOf<T>(tracks: Map<string, T>, key: string, make: () => T): T {
  const known = tracks.get(key) ?? make();
  tracks.set(key, known);
  return known;
}
