/** The dialog that changes offsets: partitions, method, value, a preview with old → new, the typed name, then the steps as they go. */
import { messageOf } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import type { ConnectorOffset } from '../herder/model.ts';
import { type Dialog, line, noticeDialog, paragraph } from './dialog.ts';
import { EMPTY_LINE, textOf } from './line-edit.ts';
import { readOffsetFile } from './offset-file.ts';
import { fieldsPage, pointsPage, scopePage } from './offset-list-pages.ts';
import { FIRST_PAGE, inScope, methodPage, valuePage, type WizardPages, type WizardState } from './offset-pages.ts';
import {
  type OffsetFacts,
  type OffsetPlan,
  type PlanRequest,
  parseOffset,
  parseTime,
  partitionLabel,
  planOffsets,
  shiftFrom,
  type Wanted,
} from './offset-plan.ts';
import { previewPage } from './offset-preview.ts';
import { pointsOf, runOffsetChange } from './offset-run.ts';
import { type OffsetTarget, targetTitle } from './offset-target.ts';
import type { Operations } from './operations.ts';
import type { Session } from './session.ts';

export class OffsetWizard implements WizardPages {
  readonly target: OffsetTarget;
  readonly title: string;
  readonly #session: Session;
  readonly #operations: Operations;
  facts: readonly OffsetFacts[] = [];
  state: WizardState = FIRST_PAGE;
  #shown: Dialog | null = null;
  #isRunning = false;

  constructor(session: Session, operations: Operations, target: OffsetTarget) {
    this.#session = session;
    this.#operations = operations;
    this.target = target;
    this.title = targetTitle(target);
  }

  /** `partitions`: labels of those that are marked, or of the one under the cursor; none: all. */
  async open(partitions: readonly string[]): Promise<void> {
    this.#show(noticeDialog(this.title, [line('reading the offsets …', 'dim')]));
    try {
      this.facts = await this.target.readFacts();
    } catch (error) {
      this.#end(paragraph(`The offsets cannot be read: ${messageOf(error)}`, 'fail'));
      return;
    }
    if (this.facts.length === 0) {
      this.#end(paragraph(`${this.target.name} has no offsets yet: there is nothing to change.`));
      return;
    }
    const known = new Set(this.facts.map((one) => partitionLabel(one.partition)));
    const scope = partitions.filter((label) => known.has(label));
    this.to({ scope: scope.length === 0 || scope.length === known.size ? null : new Set(scope) });
  }

  /** Somebody may have closed it while something was read. */
  get #isOpen(): boolean {
    return this.#shown !== null && this.#session.ui.dialog === this.#shown;
  }

  #show(dialog: Dialog): void {
    this.#shown = dialog;
    this.#session.setDialog(dialog);
  }

  #end(text: ReturnType<typeof line>): void {
    if (this.#isOpen) this.#show(noticeDialog(this.title, [text]));
  }

  to = (change: Partial<WizardState>): Dialog => {
    const isOpen = this.#isOpen;
    if (isOpen) this.state = { ...this.state, ...change };
    const page = this.#page();
    if (isOpen) this.#show(page);
    return page;
  };

  #page(): Dialog {
    const { page, plan } = this.state;
    switch (page) {
      case 'method':
        return methodPage(this);
      case 'scope':
        return scopePage(this);
      case 'value':
        return valuePage(this);
      case 'fields':
        return fieldsPage(this);
      case 'points':
        return pointsPage(this);
      case 'preview':
        return plan === null ? methodPage(this) : previewPage(this, plan, () => void this.#run(plan));
    }
  }

  listPoints = (): void => void this.#listPoints();

  async #listPoints(): Promise<void> {
    try {
      const points = await pointsOf(this.#session).read(this.target);
      if (points.length === 0) this.to({ page: 'method', complaint: 'there is no saved point yet: each change makes one' });
      else this.to({ page: 'points', points, cursor: 0, complaint: null });
    } catch (error) {
      this.to({ page: 'method', complaint: messageOf(error) });
    }
  }

  preview = (): void => void this.#preview();

  async #preview(): Promise<void> {
    const { page } = this.state;
    let plan: OffsetPlan;
    try {
      plan = planOffsets(this.#request(await this.#wanted()));
    } catch (error) {
      this.to({ complaint: messageOf(error) });
      return;
    }
    if (plan.problem === null) this.to({ page: 'preview', plan, cursor: 0, typed: EMPTY_LINE, complaint: null });
    else this.to({ page, complaint: plan.problem });
  }

  #request(wanted: Wanted): PlanRequest {
    const { scope } = this.state;
    return { kind: this.target.kind, wanted, facts: inScope(this.facts, scope), isWhole: scope === null };
  }

  /** Throws a sentence for what was typed. */
  async #wanted(): Promise<Wanted> {
    const { method, value, points, cursor, scope } = this.state;
    const text = textOf(value);
    switch (method) {
      case 'time': {
        const timestampMs = parseTime(text, this.#session.clock.wallMs());
        if (timestampMs === null) throw new Error(`"${text}" is not a time. Write 2026-11-23 11:00, 11:00, -30m or -2h.`);
        return { method, byTime: await this.target.offsetsAt(inScope(this.facts, scope), timestampMs) };
      }
      case 'shift':
        return { method, by: text };
      case 'explicit':
        return { method, offsets: this.#typedOffsets() };
      case 'file':
        return { method, offsets: await readOffsetFile(text, this.target) };
      case 'saved':
        return { method, offsets: points[cursor]?.offsets ?? [] };
      default:
        return { method };
    }
  }

  #typedOffsets(): ConnectorOffset[] {
    const typed = inScope(this.facts, this.state.scope).flatMap(({ partition }): ConnectorOffset[] => {
      const label = partitionLabel(partition);
      const field = this.state.fields.get(label);
      if (!field) return [];
      try {
        return [{ partition, offset: parseOffset(this.target.kind, textOf(field)) }];
      } catch (error) {
        throw new Error(`${label}: ${messageOf(error)}`);
      }
    });
    if (typed.length === 0) throw new Error('change the offset of one partition at least');
    return typed;
  }

  // ---- doing it

  async #run(plan: OffsetPlan): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    await runOffsetChange(this.#session, this.#operations, {
      target: this.target,
      title: this.title,
      action: this.target.action,
      reason: `${this.state.method === 'tombstone' ? 'removal' : `to ${this.state.method}`}, ${plural(plan.changes.length, 'partition')}`,
      changes: plan.isReset ? null : (stopped) => this.#changesFrom(stopped, plan),
    });
  }

  /** A shift counts from where it has stopped; every other method means the same place whenever it is asked. */
  #changesFrom(stopped: readonly ConnectorOffset[], plan: OffsetPlan): ConnectorOffset[] {
    if (this.state.method !== 'shift') return plan.changes.map((one) => one.change);
    return shiftFrom(stopped, this.#request({ method: 'shift', by: textOf(this.state.value) }));
  }
}
