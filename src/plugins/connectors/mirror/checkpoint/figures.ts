/** What a checkpoint task tells of itself and of each of its groups: what came of the last round, and why a group is not where it should be. */
import type { Clock } from '../../../../base/clock.ts';
import { messageOf } from '../../../../base/errors.ts';
import type { TaskFigures } from '../../../../plugin-api/plugin.ts';
import type { TopicPartition } from '../../../../plugin-api/records.ts';

const TASK_GROUP = 'mirror-checkpoint-metrics';
const GROUP_GROUP = 'mirror-checkpoint-group-metrics';
const SHOWN_ERROR = 1_000;
const SHOWN_PARTITIONS = 20;

/** A partition that has an offset upstream and none downstream. */
export interface Untranslated extends TopicPartition {
  readonly why: 'no-sync' | 'too-old';
}

/** Of the group's offsets on the target cluster, as far as they are kept in step. */
export type SyncState = 'not-yet' | 'in-step' | 'active' | 'failed';

interface GroupFigures {
  checkpoints: number;
  latencyMs: number | null;
  maxLatencyMs: number | null;
  untranslated: readonly Untranslated[];
  errors: number;
  /** Rounds in a row that gave nothing for this group because of an error. */
  failedRounds: number;
  lastError: string;
  /** Wall time. */
  lastErrorMs: number;
  sync: SyncState;
  synced: number;
  syncError: string;
}

const WHY = { 'no-sync': 'nothing of it is copied yet', 'too-old': 'lies before the oldest known offset' } as const;

export class CheckpointFigures {
  readonly #clock: Clock;
  readonly #groups = new Map<string, GroupFigures>();
  #rounds = 0;
  #unreadable = 0;
  #waitingFor = 'the start';
  #problem: { readonly message: string; readonly atMs: number } | null = null;

  constructor(groups: readonly string[], clock: Clock) {
    this.#clock = clock;
    for (const group of groups) {
      this.#groups.set(group, {
        ...{ checkpoints: 0, latencyMs: null, maxLatencyMs: null, untranslated: [] },
        ...{ errors: 0, failedRounds: 0, lastError: '', lastErrorMs: 0 },
        ...{ sync: 'not-yet', synced: 0, syncError: '' },
      });
    }
  }

  /** `waitingFor`: what keeps the task from its first round; empty: nothing. */
  isWaiting(waitingFor: string, error: unknown = null): void {
    this.#waitingFor = waitingFor;
    if (error !== null) this.hadProblem(error);
    else this.#problem = null;
  }

  /** Something of the whole task. */
  hadProblem(error: unknown): void {
    this.#problem = { message: shown(error), atMs: this.#clock.wallMs() };
  }

  /** A record of an internal topic that is none. Gives how many there were. */
  unreadable(): number {
    return ++this.#unreadable;
  }

  roundEnded(): void {
    this.#rounds++;
  }

  /** Nothing failed of it. Gives how many rounds had failed in a row before. */
  told(group: string, checkpoints: number, untranslated: readonly Untranslated[]): number {
    const figures = this.#groups.get(group);
    const failedRounds = figures?.failedRounds ?? 0;
    if (figures) Object.assign(figures, { checkpoints: figures.checkpoints + checkpoints, untranslated, failedRounds: 0 });
    return failedRounds;
  }

  /** Gives how many rounds in a row it is now. */
  failed(group: string, error: unknown): number {
    const figures = this.#groups.get(group);
    if (!figures) return 0;
    figures.errors++;
    figures.lastError = shown(error);
    figures.lastErrorMs = this.#clock.wallMs();
    return ++figures.failedRounds;
  }

  acknowledged(group: string, latencyMs: number): void {
    const figures = this.#groups.get(group);
    if (!figures) return;
    figures.latencyMs = latencyMs;
    figures.maxLatencyMs = Math.max(latencyMs, figures.maxLatencyMs ?? latencyMs);
  }

  /** `written`: partitions whose offset on the target was moved. Gives the state before. */
  synced(group: string, sync: SyncState, written: number, error: unknown = null): SyncState {
    const figures = this.#groups.get(group);
    const before = figures?.sync ?? 'not-yet';
    if (figures) Object.assign(figures, { sync, synced: figures.synced + written, syncError: error === null ? '' : shown(error) });
    return before;
  }

  /** `partitions`: with a checkpoint, by group; `syncs`: with an offset sync. */
  all(partitions: (group: string) => number, syncs: number): readonly TaskFigures[] {
    const groups = [...this.#groups].map(([group, figures]) => groupFigures(group, figures, partitions(group)));
    return [this.#ofTask(syncs), ...groups];
  }

  #ofTask(syncs: number): TaskFigures {
    const failing = [...this.#groups.values()].filter(({ failedRounds }) => failedRounds > 0).length;
    return {
      group: TASK_GROUP,
      tags: {},
      values: {
        'rounds-total': this.#rounds,
        groups: this.#groups.size,
        'failing-groups': failing,
        waiting: this.#waitingFor === '' ? 0 : 1,
        'offset-sync-partitions': syncs,
        'unreadable-records-total': this.#unreadable,
        ...(this.#problem === null ? {} : { 'last-error-timestamp': this.#problem.atMs }),
      },
      details: {
        ...(this.#waitingFor === '' ? {} : { 'waiting-for': this.#waitingFor }),
        ...(this.#problem === null ? {} : { 'last-error': this.#problem.message }),
      },
    };
  }
}

function groupFigures(group: string, figures: GroupFigures, partitions: number): TaskFigures {
  const { latencyMs, maxLatencyMs, untranslated, lastError, lastErrorMs, syncError } = figures;
  return {
    group: GROUP_GROUP,
    tags: { group },
    values: {
      'checkpoints-total': figures.checkpoints,
      partitions,
      'untranslated-partitions': untranslated.length,
      'errors-total': figures.errors,
      'failed-rounds': figures.failedRounds,
      'target-state': figures.sync,
      'synced-offsets-total': figures.synced,
      ...(latencyMs === null ? {} : { 'checkpoint-latency-ms': latencyMs, 'checkpoint-latency-ms-max': maxLatencyMs ?? latencyMs }),
      ...(lastErrorMs === 0 ? {} : { 'last-error-timestamp': lastErrorMs }),
    },
    details: {
      ...(untranslated.length === 0 ? {} : { untranslated: listed(untranslated) }),
      ...(lastError === '' ? {} : { 'last-error': lastError }),
      ...(syncError === '' ? {} : { 'target-error': syncError }),
    },
  };
}

function listed(untranslated: readonly Untranslated[]): string {
  const some = untranslated.slice(0, SHOWN_PARTITIONS).map(({ topic, partition, why }) => `${topic}-${partition}: ${WHY[why]}`);
  const more = untranslated.length > SHOWN_PARTITIONS ? [`and ${untranslated.length - SHOWN_PARTITIONS} more`] : [];
  return [...some, ...more].join('; ');
}

function shown(error: unknown): string {
  return messageOf(error).slice(0, SHOWN_ERROR);
}
