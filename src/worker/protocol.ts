/**
 * What crosses between the main thread and the threads that run connectors and tasks: structured-cloneable data only. Both hosts
 * (`task-threads.ts` over a worker thread's port, `in-line-host.ts` in the same thread) speak it. Failures cross as `Fault`.
 */
import { ConnectError, javaClassOf, messageOf, traceOf } from '../base/errors.ts';
import type { LogEvent, LogLevel } from '../base/log.ts';
import type { SecretEntry } from '../base/secrets.ts';
import type { MetricSample } from '../herder/model.ts';
import type { Config } from '../plugin-api/plugin.ts';
import type { SourceOffset, SourcePartition } from '../plugin-api/records.ts';
import type { TaskTarget } from '../task/lifecycle.ts';

/** A connector or task instance; a restart makes a new one, so that late words of the old one are not taken for the new one's. */
export type InstanceId = number;

export interface ConnectorStart {
  readonly instance: InstanceId;
  readonly connector: string;
  readonly config: Config;
}

export interface TaskStart {
  readonly instance: InstanceId;
  readonly connector: string;
  readonly taskId: number;
  readonly connectorConfig: Config;
  readonly taskConfig: Config;
  /** Counts the sets of the connector's task configurations; −1 where the herder does not. */
  readonly taskGeneration: number;
  readonly target: TaskTarget;
}

export type OffsetChange = { readonly partition: SourcePartition | null; readonly offset: SourceOffset | null };

/** Calls that are answered; `result` types below by `call`. */
export type Call =
  | ({ readonly call: 'startConnector' } & ConnectorStart)
  | { readonly call: 'stopConnector'; readonly instance: InstanceId }
  | { readonly call: 'taskConfigs'; readonly instance: InstanceId; readonly maxTasks: number }
  | {
      readonly call: 'alterOffsets';
      readonly connector: string;
      readonly config: Config;
      readonly offsets: readonly OffsetChange[];
    }
  | { readonly call: 'metrics' }
  | { readonly call: 'ping' };

export interface CallResults {
  startConnector: undefined;
  stopConnector: undefined;
  taskConfigs: Config[];
  /** Whether the connector has taken care of its own store as well. */
  alterOffsets: boolean;
  metrics: readonly MetricSample[];
  ping: undefined;
}

/** Main thread → host. */
export type ToHost =
  /** Before work with configurations that hold such values. */
  | { readonly kind: 'secrets'; readonly entries: readonly SecretEntry[] }
  | { readonly kind: 'call'; readonly id: number; readonly call: Call }
  | ({ readonly kind: 'startTask' } & TaskStart)
  | { readonly kind: 'setTarget'; readonly instance: InstanceId; readonly target: TaskTarget }
  | { readonly kind: 'stopTask'; readonly instance: InstanceId }
  /** The graceful time is over. */
  | { readonly kind: 'cancelTask'; readonly instance: InstanceId }
  | { readonly kind: 'forgetActiveTopics'; readonly connector: string }
  | { readonly kind: 'logLevel'; readonly logger: string; readonly level: LogLevel }
  | { readonly kind: 'answer'; readonly id: number; readonly outcome: Outcome<unknown> };

export type TaskEvent = 'startup' | 'pause' | 'resume' | 'shutdown' | 'failure';

/** Questions of a host to the main thread, where the offset store lives, and the herder that knows the cluster. */
export type Question =
  | { readonly ask: 'readOffsets'; readonly connector: string; readonly partitions: readonly SourcePartition[] }
  | { readonly ask: 'writeOffsets'; readonly connector: string; readonly offsets: readonly OffsetChange[] }
  /** Of a task with exactly-once support, before it takes its transactional id over. */
  | { readonly ask: 'fenceZombies'; readonly connector: string }
  /** The same, right after it. */
  | { readonly ask: 'isStillAssigned'; readonly connector: string; readonly taskId: number; readonly taskGeneration: number };

export interface QuestionResults {
  readOffsets: (SourceOffset | null)[];
  writeOffsets: undefined;
  fenceZombies: undefined;
  isStillAssigned: boolean;
}

/** Host → main thread. */
export type FromHost =
  /** It listens now. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly id: number; readonly outcome: Outcome<unknown> }
  | { readonly kind: 'task'; readonly instance: InstanceId; readonly event: TaskEvent; readonly trace: string | null }
  | { readonly kind: 'reconfigure'; readonly instance: InstanceId }
  | { readonly kind: 'connectorFailed'; readonly instance: InstanceId; readonly fault: Fault }
  | { readonly kind: 'activeTopic'; readonly connector: string; readonly taskId: number; readonly topic: string }
  | { readonly kind: 'question'; readonly id: number; readonly question: Question }
  | { readonly kind: 'log'; readonly event: LogEvent };

export type Outcome<T> = { readonly ok: T } | { readonly fault: Fault };

/** An error as data. */
export interface Fault {
  readonly javaClass: string;
  readonly message: string;
  readonly trace: string;
  readonly isRetriable: boolean;
}

export function toFault(error: unknown): Fault {
  return {
    javaClass: javaClassOf(error),
    message: messageOf(error),
    trace: traceOf(error),
    isRetriable: error instanceof ConnectError && error.isRetriable,
  };
}

/** An error that happened in another thread; `trace` is the one from there. */
export class RemoteError extends ConnectError {
  override readonly javaClass: string;
  override readonly isRetriable: boolean;
  readonly trace: string;

  constructor(fault: Fault) {
    super(fault.message);
    this.javaClass = fault.javaClass;
    this.isRetriable = fault.isRetriable;
    this.trace = fault.trace;
  }
}
