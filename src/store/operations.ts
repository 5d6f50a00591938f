/**
 * What an operator does to connectors: each call goes through the herder's door, is written to the action log with what was before and
 * what came of it, and leaves an undo where there is an honest one. The screen shows «pause requested» until the status says so.
 */
import { messageOf } from '../base/errors.ts';
import { type Exchange, watchExchanges } from '../base/exchange.ts';
import type { ActionEntry } from './action-log.ts';
import { type BulkJob, BulkRun } from './bulk-run.ts';
import { type ConfigChange, configStep, deleteStep } from './config-steps.ts';
import type { ConnectorRow, RestartScope } from './connect-model.ts';
import { restartStep, type StateVerb, stateStep } from './connector-steps.ts';
import { LevelReverts } from './level-reverts.ts';
import { type LevelChange, levelStep } from './level-steps.ts';
import { NO_MARKS } from './marks.ts';
import type { Session } from './session.ts';
import { outcomeOf, type Step, type StepOutcome, type StepSources } from './step.ts';
import { type UndoEntry, UndoStack } from './undo.ts';

export interface StepOrigin {
  /** Record of the action that this one takes back. */
  readonly undoOf: string | null;
  /** Id that the actions of one bulk have in common. */
  readonly bulk: string | null;
}

const ALONE: StepOrigin = { undoOf: null, bulk: null };

export class Operations {
  readonly #session: Session;
  readonly #undo = new UndoStack();
  /** Two at once could write the same records. */
  isRedriving = false;

  readonly levels: LevelReverts;

  constructor(session: Session) {
    this.#session = session;
    this.levels = new LevelReverts({
      clock: session.clock,
      herder: () => this.#sources.herder,
      perform: (step) => this.perform(step),
      onChange: (levelReverts) => session.update({ levelReverts }),
      say: (level, text) => session.flash(level, text),
    });
  }

  get #sources(): StepSources {
    const { connect, cluster } = this.#session;
    return {
      get herder() {
        if (!connect) throw new Error('no Connect worker is configured');
        return connect.herder;
      },
      get admin() {
        if (!cluster) throw new Error('no Kafka cluster is configured');
        return cluster.admin;
      },
    };
  }

  row(name: string): ConnectorRow | null {
    return this.#session.connect?.data.connectors.find((row) => row.name === name) ?? null;
  }

  // ---- what can be done; true when the worker took it, never throws: an error is flashed and logged

  pause(name: string): Promise<boolean> {
    return this.run(this.stateStep(name, 'pause'));
  }

  resume(name: string): Promise<boolean> {
    return this.run(this.stateStep(name, 'resume'));
  }

  stop(name: string): Promise<boolean> {
    return this.run(this.stateStep(name, 'stop'));
  }

  restart(name: string, scope: RestartScope): Promise<boolean> {
    return this.run(this.restartStep(name, scope));
  }

  delete(name: string): Promise<boolean> {
    return this.run(this.deleteStep(name));
  }

  /** `base`: what `next` was made from; the change is refused when somebody else has changed it meanwhile. */
  changeConfig(name: string, next: ConfigChange['next'], base: ConfigChange['base'] = null): Promise<boolean> {
    return this.run(configStep(name, { next, base }));
  }

  /** `forMs` null: it stays. Else it goes back by itself, also when the console is left before. */
  setLevel(change: LevelChange, forMs: number | null): Promise<boolean> {
    return this.run(
      levelStep(change, {
        onSet: (before) => (forMs === null ? this.levels.forget(change) : this.levels.add(before, forMs)),
        onUndone: () => this.levels.forget(change),
      }),
    );
  }

  // ---- the same as steps, for who does many

  stateStep(name: string, verb: StateVerb): Step {
    return stateStep(name, verb, { state: this.row(name)?.state ?? null, isPending: () => this.row(name)?.requested != null });
  }

  restartStep(name: string, scope: RestartScope): Step {
    return restartStep(name, scope, this.row(name)?.state ?? null);
  }

  deleteStep(name: string): Step {
    return deleteStep(name, { state: this.row(name)?.state ?? null, clock: this.#session.clock });
  }

  /** Carries a step out and says what came of it. */
  async run(step: Step): Promise<boolean> {
    this.#session.update({ running: { title: step.title, sinceMs: this.#session.clock.wallMs() } });
    const outcome = await this.perform(step);
    if (outcome.undo) this.pushUndo(outcome.undo);
    this.#session.update({ running: null });
    this.#say(step.title, outcome);
    this.#session.refresh();
    return outcome.outcome === 'ok';
  }

  #say(title: string, { outcome, message, undo }: StepOutcome): void {
    if (outcome === 'ok') this.#session.flash('info', `${title} requested${undo ? ' · z undoes it' : ''}`);
    else this.#session.flash('error', `${title}: ${message}`);
  }

  /** Carries a step out and writes it down. Says nothing, never throws. */
  async perform(step: Step, origin: StepOrigin = ALONE): Promise<StepOutcome> {
    const { connector } = step;
    const startedMs = this.#session.clock.monoMs();
    let exchange: Exchange | null = null;
    const note = (one: Exchange) => {
      if (one.method !== 'GET') exchange = one;
    };
    const write = (facts: Pick<ActionEntry, 'before' | 'result' | 'detail'> & { after: string | null }): string =>
      this.record({ ...step, ...origin, ...facts, ...answerOf(step.request, exchange), startedMs });
    if (step.change !== null) this.#session.connect?.request(connector, step.change);
    try {
      const { before = step.before, after, undo } = await watchExchanges(note, () => step.call(this.#sources));
      const record = write({ before, after, result: 'ok', detail: null });
      return { outcome: 'ok', message: null, undo: undo && { ...undo, record }, record };
    } catch (error) {
      const [outcome, message] = [outcomeOf(error), messageOf(error)];
      if (outcome === 'failed') this.#session.connect?.dropRequest(connector);
      return { outcome, message, undo: null, record: write({ before: step.before, after: null, result: outcome, detail: message }) };
    }
  }

  /** Does it to many, with a table that shows how it goes. One at a time. */
  async startBulk(job: BulkJob): Promise<void> {
    if (this.#session.bulk?.data.isRunning) {
      this.#session.flash('warn', `${this.#session.bulk.job.title} still runs (:bulk shows it); nothing else was begun`);
      return;
    }
    const bulk = new BulkRun(this.#session, this, job);
    this.#session.bulk = bulk;
    // What was acted on is in the table now; a second key must not act on it again.
    this.#session.updateView(NO_MARKS);
    if (this.#session.view.pane === 'bulk') this.#session.updateView({ cursorId: null, filter: '' });
    else this.#session.open('bulk');
    await bulk.start();
  }

  // ---- undo

  get nextUndo(): UndoEntry | null {
    return this.#undo.next;
  }

  pushUndo(entry: UndoEntry): void {
    this.#undo.push(entry);
  }

  dropUndo(entry: UndoEntry): void {
    this.#undo.remove(entry);
  }

  /**
   * Takes the last action back, unless what it left has been changed since: then that is said, and the entry goes. It stays when the
   * worker could not be asked.
   */
  async undo(): Promise<void> {
    const entry = this.nextUndo;
    if (!entry) return;
    const title = `undo: ${entry.title}`;
    let reason: string | null;
    try {
      reason = (await entry.refusal?.()) ?? null;
    } catch (error) {
      this.#session.flash('error', `${title}: ${messageOf(error)}. Nothing was done; z tries again`);
      return;
    }
    this.dropUndo(entry);
    if (reason !== null) {
      this.record({
        action: 'app.undo',
        connector: entry.target,
        request: entry.title,
        before: null,
        result: 'refused',
        detail: reason,
        startedMs: this.#session.clock.monoMs(),
        undoOf: entry.record ?? null,
      });
      this.#session.flash('error', `not undone: ${reason}`);
      return;
    }
    this.#session.update({ running: { title, sinceMs: this.#session.clock.wallMs() } });
    const outcome = await entry.run((step) => this.perform(step, { ...ALONE, undoOf: entry.record ?? null }));
    this.#session.update({ running: null });
    if (outcome) this.#say(title, outcome);
    this.#session.refresh();
  }

  // ---- the action log

  /** Gives the id of the record. */
  record({ connector, startedMs, ...entry }: RecordEntry): string {
    const durationMs = Math.round(this.#session.clock.monoMs() - startedMs);
    return this.#session.actionLog.add({ ...entry, target: connector, durationMs }, this.#session.clock.wallMs());
  }
}

type RecordEntry = Omit<ActionEntry, 'target' | 'durationMs'> & { readonly connector: string; readonly startedMs: number };

/** What was really sent, when it went over HTTP; else what the same would be. */
function answerOf(request: string, exchange: Exchange | null): { request: string; response: number | null } {
  return exchange === null ? { request, response: null } : { request: `${exchange.method} ${exchange.url}`, response: exchange.status };
}
