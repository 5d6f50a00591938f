/** When the transactions of a source task end (`transaction.boundary`). Source: ExactlyOnceWorkerSourceTask.TransactionBoundaryManager, WorkerTransactionContext. */
import { ConnectError } from '../base/errors.ts';
import type { TransactionContext } from '../plugin-api/plugin.ts';
import type { SourceRecord } from '../plugin-api/records.ts';

export type BoundaryKind = 'poll' | 'interval' | 'connector';

export type Verdict = 'go on' | 'commit' | 'abort';

/** Times on the monotonic clock, in milliseconds. Throws when the connector asks for what cannot be. */
export interface TransactionBoundary {
  readonly context: TransactionContext | null;
  /** The task polls from now on. */
  begin(nowMs: number): void;
  afterRecord(record: SourceRecord): Verdict;
  afterPoll(isEmpty: boolean, nowMs: number): Verdict;
  /** The task is paused or ends without a fault. */
  atEnd(): Verdict;
}

export function transactionBoundary(kind: BoundaryKind, intervalMs: number): TransactionBoundary {
  if (kind === 'connector') return new ConnectorBoundary();
  return kind === 'interval' ? new IntervalBoundary(intervalMs) : POLL_BOUNDARY;
}

const POLL_BOUNDARY: TransactionBoundary = {
  context: null,
  begin: () => undefined,
  afterRecord: () => 'go on',
  afterPoll: (isEmpty) => (isEmpty ? 'go on' : 'commit'),
  atEnd: () => 'commit',
};

/** Also looked at when a poll gives nothing: a source that falls silent must not leave its last records uncommitted. */
class IntervalBoundary implements TransactionBoundary {
  readonly context = null;
  readonly #intervalMs: number;
  #lastMs = 0;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  begin(nowMs: number): void {
    this.#lastMs = nowMs;
  }

  afterRecord(): Verdict {
    return 'go on';
  }

  afterPoll(_isEmpty: boolean, nowMs: number): Verdict {
    if (nowMs - this.#lastMs < this.#intervalMs) return 'go on';
    this.#lastMs = nowMs;
    return 'commit';
  }

  atEnd(): Verdict {
    return 'commit';
  }
}

/** What the connector asks for is looked at by us, not refused to it: it could swallow the error and lose data. */
class ConnectorBoundary implements TransactionBoundary, TransactionContext {
  readonly #commits = new Set<SourceRecord>();
  readonly #aborts = new Set<SourceRecord>();
  #isBatchCommit = false;
  #isBatchAbort = false;

  get context(): TransactionContext {
    return this;
  }

  commitTransaction(last?: SourceRecord): void {
    if (last === undefined) this.#isBatchCommit = true;
    else this.#commits.add(last);
  }

  abortTransaction(last?: SourceRecord): void {
    if (last === undefined) this.#isBatchAbort = true;
    else this.#aborts.add(last);
  }

  begin(): void {}

  afterRecord(record: SourceRecord): Verdict {
    if (this.#commits.size === 0 && this.#aborts.size === 0) return 'go on';
    const isCommit = this.#commits.delete(record);
    const isAbort = this.#aborts.delete(record);
    return verdictOf(isCommit, isAbort, 'record');
  }

  /** What is asked for holds for the next batch: a poll that gives none leaves it standing. */
  afterPoll(isEmpty: boolean): Verdict {
    return isEmpty ? 'go on' : this.atEnd();
  }

  atEnd(): Verdict {
    const verdict = verdictOf(this.#isBatchCommit, this.#isBatchAbort, 'transaction');
    this.#isBatchCommit = false;
    this.#isBatchAbort = false;
    return verdict;
  }
}

function verdictOf(isCommit: boolean, isAbort: boolean, what: string): Verdict {
  if (isCommit && isAbort) throw new ConnectError(`Connector requested both commit and abort of same ${what}`);
  if (isAbort) return 'abort';
  return isCommit ? 'commit' : 'go on';
}
