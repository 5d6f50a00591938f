/** What the console knows of a Connect worker or cluster: frozen, replaced whole when something has changed. */
import type { PartitionLag } from '../cluster/cluster-model.ts';
import type { Reach } from '../cluster/poll-loop.ts';
import type { ConfigKeyInfo, ConnectorState, ConnectorType, ServerInfo } from '../herder/model.ts';
import type { TableRow } from './connector-tables.ts';

/** The state in one word, with the three that a plain status never shows: STUCK, FLAPPING, UNASSIGNED for long. */
export type Health = 'FAILED' | 'STUCK' | 'FLAPPING' | 'UNASSIGNED' | 'RESTARTING' | 'PAUSED' | 'STOPPED' | 'RUNNING';

/** Worst first. */
export const HEALTH_ORDER: readonly Health[] = ['FAILED', 'STUCK', 'FLAPPING', 'UNASSIGNED', 'RESTARTING', 'RUNNING', 'PAUSED', 'STOPPED'];

export type WantedState = 'PAUSED' | 'RUNNING' | 'STOPPED' | 'RESTARTED' | 'DELETED';

/** What is restarted: what has failed, all, the connector alone, or one task. */
export type RestartScope = 'failed' | 'all' | 'connector' | number;

export interface WantedChange {
  readonly wanted: WantedState;
  /** `null` unless it is a restart. */
  readonly restarted: RestartScope | null;
}

const WANTED_WORD: Readonly<Record<WantedState, string>> = {
  PAUSED: 'pause',
  RUNNING: 'resume',
  STOPPED: 'stop',
  RESTARTED: 'restart',
  DELETED: 'delete',
};

/** `pause`, `restart of task 2`. */
export function wantedText({ wanted, restarted }: WantedChange): string {
  return typeof restarted === 'number' ? `restart of task ${restarted}` : WANTED_WORD[wanted];
}

/** Asked for and not yet seen in the status. Wall time. */
export interface Requested extends WantedChange {
  readonly sinceMs: number;
  /** True once it took longer than it should: said aloud. */
  readonly isLate: boolean;
}

export interface Since {
  readonly atMs: number;
  /** False: it was so before we looked; the real time is longer. */
  readonly isExact: boolean;
}

export interface TaskRow {
  readonly connector: string;
  readonly id: number;
  readonly state: ConnectorState;
  readonly workerId: string;
  readonly trace: string | null;
  readonly lastError: string | null;
  readonly since: Since;
  readonly restartsLastHour: number;
  readonly recordsPerSec: number | null;
  /** From the worker's metrics; `null` where it has none. */
  readonly metrics: TaskMetrics | null;
}

export interface TaskMetrics {
  readonly records: number | null;
  readonly batchAvg: number | null;
  readonly pollOrPutMs: number | null;
  readonly commitMs: number | null;
  /** Records that a sink has taken and that its next commit is to cover. */
  readonly awaitingCommit: number | null;
  readonly recordErrors: number | null;
  readonly recordsSkipped: number | null;
  readonly errorsLogged: number | null;
  readonly deadLetters: number | null;
  readonly deadLettersFailed: number | null;
  /** Wall time; `null`: there was none. */
  readonly lastErrorMs: number | null;
}

/** Records that could not be processed, and what became of them. */
export interface RecordErrors {
  /** Topic of the dead-letter queue; `null`: the connector has none. */
  readonly queue: string | null;
  /**
   * Where the figures come from. `metrics`: what the worker has counted since the tasks started. `topic`: the end offsets of the queue's
   * topic, which count what was ever written there by anybody; what else is counted is not known then. `null`: nothing is known.
   */
  readonly origin: 'metrics' | 'topic' | null;
  readonly deadLetters: number | null;
  readonly perSec: number | null;
  /** Records that anybody has ever written to the queue's topic. */
  readonly everWritten: number | null;
  /** Dead letters that the queue did not take. */
  readonly failed: number | null;
  readonly errors: number | null;
  readonly skipped: number | null;
  readonly logged: number | null;
  readonly lastMs: number | null;
}

export interface ConnectorRow {
  readonly name: string;
  readonly type: ConnectorType;
  readonly className: string;
  readonly state: ConnectorState;
  readonly health: Health;
  readonly requested: Requested | null;
  readonly tasks: readonly TaskRow[];
  readonly workerId: string;
  /** Trace of the connector itself. */
  readonly trace: string | null;
  /** Innermost cause of the connector or of the first failed task. */
  readonly lastError: string | null;
  readonly since: Since;
  readonly recordsPerSec: number | null;
  readonly spark: readonly number[];
  readonly lagRecords: bigint | null;
  /** False: of some partitions it is not known, it is more than that. */
  readonly isLagWhole: boolean;
  /** Growth of the lag; `null` until it is known. */
  readonly lagPerSec: number | null;
  /** When records were last seen to move; `null`: not since we look. */
  readonly lastRecordMs: number | null;
  /** Since when it ought to move and does not (STUCK); else `null`. */
  readonly stuckSince: Since | null;
  readonly restartsLastHour: number;
  readonly stateChanges: number;
  readonly config: Readonly<Record<string, string>>;
  readonly topics: readonly string[];
  readonly groupId: string | null;
  readonly partitions: readonly PartitionLag[];
  readonly recordErrors: RecordErrors;
  /** Of a JDBC connector, where the worker tells them. */
  readonly tables: readonly TableRow[];
}

export interface ConnectData {
  readonly reach: Reach;
  readonly server: ServerInfo | null;
  readonly connectors: readonly ConnectorRow[];
  /** Workers that hold something now, and all that were seen. */
  readonly workers: readonly string[];
  readonly knownWorkers: readonly string[];
  /** Loading or `false` when the worker has no metrics over its API. */
  readonly hasMetrics: boolean;
}

/** Names of the settings that a plugin declares to be secrets, whatever they are called. */
export function passwordKeys(keys: readonly ConfigKeyInfo[]): Set<string> {
  return new Set(keys.filter((key) => key.type === 'PASSWORD').map((key) => key.name));
}

/** A list of words, e.g. `topics`. */
export function splitList(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** Topic of a connector's dead-letter queue; `null`: it has none. Sources never have one. */
export function queueOf(type: ConnectorType, config: Readonly<Record<string, string>>): string | null {
  return type === 'sink' ? config['errors.deadletterqueue.topic.name']?.trim() || null : null;
}

/** The consumer group of a sink (KIP-458 lets it be overridden); `null` for sources. */
export function groupOf(name: string, type: ConnectorType, config: Readonly<Record<string, string>>): string | null {
  return type === 'sink' ? (config['consumer.override.group.id'] ?? `connect-${name}`) : null;
}
