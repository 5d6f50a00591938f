/** A bulk as the console has it: its rows while it runs, the summary at its end, one undo for all of it, and what failed once more. */
import { randomBytes } from 'node:crypto';
import { plural } from '../base/format.ts';
import { type BulkAnswer, type BulkRow, countStates, countsText, runBulk } from './bulk.ts';
import type { Operations } from './operations.ts';
import type { Session } from './session.ts';
import type { UndoEntry } from './undo.ts';
import type { Target } from './view.ts';

export interface BulkJob {
  /** `pause 12 connectors`. */
  readonly title: string;
  /** For the questions: `pause`. */
  readonly verb: string;
  /** What its targets are, for one: `connector`. */
  readonly noun: string;
  /** Of the action on one; more than one counts as 2 at least. */
  readonly danger: 1 | 2 | 3;
  readonly targets: readonly BulkTarget[];
  /** `bulk`: what all its actions have in common in the action log. */
  run(target: BulkTarget, bulk: string): Promise<BulkAnswer & { readonly undo: UndoEntry | null }>;
}

export interface BulkTarget {
  /** Shown, and unique in the bulk. */
  readonly id: string;
  readonly target: Target;
}

export interface BulkData {
  readonly title: string;
  /** What each row stands for. */
  readonly targets: ReadonlyMap<string, Target>;
  readonly rows: readonly BulkRow[];
  readonly isRunning: boolean;
  /** No more are started. */
  readonly isStopping: boolean;
}

export class BulkRun {
  readonly job: BulkJob;
  readonly #session: Session;
  readonly #operations: Operations;
  readonly #id = randomBytes(4).toString('hex');
  readonly #targets: ReadonlyMap<string, Target>;
  /** By id, in the order of the targets. */
  readonly #rows: Map<string, BulkRow>;
  readonly #undos = new Map<string, UndoEntry>();
  #entry: UndoEntry | null = null;
  #stop = new AbortController();
  #isRunning = false;
  #isAbandoned = false;
  #data: BulkData | null = null;

  constructor(session: Session, operations: Operations, job: BulkJob) {
    this.#session = session;
    this.#operations = operations;
    this.job = job;
    this.#targets = new Map(job.targets.map(({ id, target }) => [id, target]));
    this.#rows = new Map(job.targets.map(({ id }) => [id, { id, state: 'waiting', detail: null, tookMs: null }]));
  }

  get data(): BulkData {
    this.#data ??= {
      title: this.job.title,
      targets: this.#targets,
      rows: [...this.#rows.values()],
      isRunning: this.#isRunning,
      isStopping: this.#isRunning && this.#stop.signal.aborted,
    };
    return this.#data;
  }

  get failed(): readonly string[] {
    return this.data.rows.filter((row) => row.state === 'failed').map((row) => row.id);
  }

  /** All, or once more those that failed. Resolves at the end, which has been said by then. */
  async start(ids: readonly string[] = [...this.#targets.keys()]): Promise<void> {
    this.#stop = new AbortController();
    this.#isRunning = true;
    for (const id of ids) this.#rows.set(id, { id, state: 'waiting', detail: null, tookMs: null });
    this.#changed();
    await runBulk({
      ids,
      signal: this.#stop.signal,
      monoMs: () => this.#session.clock.monoMs(),
      run: (id) => this.#one(id),
      onRow: (row) => {
        if (this.#isAbandoned) return;
        this.#rows.set(row.id, row);
        if (row.state === 'failed' || row.state === 'unknown') this.#stopAtError(row.id);
        this.#changed();
      },
    });
    if (this.#isAbandoned) return;
    this.#isRunning = false;
    this.#changed();
    const [worst] = this.failed;
    if (worst !== undefined && this.#session.view.pane === 'bulk') this.#session.updateView({ cursorId: worst });
    this.#keepUndo();
    this.#say();
    this.#session.refresh();
  }

  async #one(id: string): Promise<BulkAnswer> {
    const { undo, ...answer } = await this.job.run({ id, target: this.#targets.get(id)! }, this.#id);
    if (undo) this.#undos.set(id, undo);
    return answer;
  }

  #stopAtError(id: string): void {
    if (this.#session.ui.stopsAtError && !this.#stop.signal.aborted) this.#stop.abort(`${id} came to an error before`);
  }

  /** Those that run are waited for; no more are begun. */
  stop(): void {
    this.#stop.abort('it was stopped');
    this.#changed();
    const { running } = countStates(this.data.rows);
    this.#session.flash('warn', `no more are started; ${running} still running, the table says what came of them`);
  }

  /** The console ends: what runs has no answer yet. Gives a line for whoever reads it afterwards, `null` when it had ended. */
  abandon(): string | null {
    if (!this.#isRunning) return null;
    this.#stop.abort('the console ended');
    this.#isAbandoned = true;
    for (const row of this.data.rows) {
      if (row.state === 'running') {
        this.#rows.set(row.id, { ...row, state: 'unknown', detail: 'the console ended before the answer came' });
        this.#operations.record({
          action: 'bulk.abandoned',
          connector: row.id,
          request: `${this.job.verb} ${row.id}`,
          before: null,
          result: 'unknown',
          detail: 'the console ended before the answer came',
          startedMs: this.#session.clock.monoMs(),
          bulk: this.#id,
        });
      } else if (row.state === 'waiting') this.#rows.set(row.id, { ...row, state: 'skipped', detail: 'not begun' });
    }
    this.#data = null;
    return `${this.job.title} was not finished: ${countsText(this.data.rows)}`;
  }

  #say(): void {
    const { failed, unknown } = countStates(this.data.rows);
    const text = `${this.job.title}: ${countsText(this.data.rows)}`;
    const undo = this.#entry ? ' · z undoes it' : '';
    this.#session.flash(failed + unknown > 0 ? 'error' : 'info', `${text}${failed > 0 ? ' · r retries what failed' : undo}`);
  }

  /** One entry for all that was done, also by a second try. */
  #keepUndo(): void {
    if (this.#entry) this.#operations.dropUndo(this.#entry);
    this.#entry = null;
    const undos = [...this.#undos.values()];
    if (undos.length === 0) return;
    this.#entry = {
      title: undos.length === 1 ? undos[0]!.title : `take back: ${this.job.verb} ${plural(undos.length, this.job.noun)}`,
      target: plural(undos.length, this.job.noun),
      lines: [...undos.slice(0, SHOWN).map((one) => one.title), ...(undos.length > SHOWN ? [`… and ${undos.length - SHOWN} more`] : [])],
      run: async () => {
        this.#entry = null;
        this.#undos.clear();
        void this.#operations.startBulk(undoJob(this.#operations, this.job, undos));
        return null;
      },
    };
    this.#operations.pushUndo(this.#entry);
  }

  #changed(): void {
    this.#data = null;
    this.#session.update({});
  }
}

const SHOWN = 10;

/** Each one is checked for itself: what somebody else has changed since is left alone. */
function undoJob(operations: Operations, { verb, noun, danger, targets }: BulkJob, undos: readonly UndoEntry[]): BulkJob {
  const byId = new Map(undos.map((one) => [one.target, one]));
  const isUndone = ({ id }: BulkTarget) => byId.has(id);
  return {
    title: `undo ${verb} of ${plural(undos.length, noun)}`,
    verb: `undo ${verb}`,
    noun,
    danger,
    targets: targets.filter(isUndone),
    run: async ({ id }, bulk) => {
      const entry = byId.get(id)!;
      const reason = (await entry.refusal?.()) ?? null;
      if (reason !== null) return { outcome: 'skipped', detail: reason, undo: null };
      const outcome = await entry.run((step) => operations.perform(step, { undoOf: entry.record ?? null, bulk }));
      return { outcome: outcome?.outcome ?? 'ok', detail: outcome?.message ?? null, undo: null };
    },
  };
}
