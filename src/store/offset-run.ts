/** A change of offsets as it goes: its steps in a dialog, the action log, and the saved point for the undo. */
import path from 'node:path';
import { messageOf } from '../base/errors.ts';
import type { ConnectorOffset } from '../herder/model.ts';
import { userName } from './action-log.ts';
import { type DialogLine, line } from './dialog.ts';
import { type ChangeRequest, type ChangeResult, type ChangeStep, changeOffsets } from './offset-change.ts';
import { canonical, partitionLabel } from './offset-plan.ts';
import type { OffsetTarget } from './offset-target.ts';
import type { Operations } from './operations.ts';
import { ProgressWindow } from './progress-window.ts';
import { SavedPoints } from './saved-points.ts';
import type { Session } from './session.ts';
import type { Outcome } from './step.ts';
import type { UndoEntry } from './undo.ts';

const STEP_MARK: Readonly<Record<ChangeStep['state'], string>> = { waiting: '·', running: '○', done: '✓', failed: '✖', skipped: '–' };

export interface OffsetRun {
  readonly target: OffsetTarget;
  readonly title: string;
  readonly action: string;
  /** Written to the saved point: `to earliest, 4 partitions`. */
  readonly reason: string;
  /** See offset-change.ts. */
  readonly changes: ChangeRequest['changes'];
  /** It takes an action back: record of that. Such a run is not to be taken back itself. */
  readonly undoOf?: string | null;
  /** Id of the bulk that it is a part of: then nothing of it is shown by itself, nor of its undo. */
  readonly bulk?: string;
}

/** What a change came to. */
export interface OffsetsDone {
  readonly outcome: Outcome;
  readonly message: string;
  readonly undo: UndoEntry | null;
  readonly record: string;
}

/** Where the points of this session's context are kept: beside its action log. */
export function pointsOf(session: Session): SavedPoints {
  return new SavedPoints(path.join(path.dirname(session.actionLog.file), 'saved-points'), session.context.name);
}

/**
 * Runs the steps with a dialog that shows them, and writes the action log. The dialog may be closed; the steps go on and end with a
 * flash. Never throws.
 */
export async function runOffsetChange(session: Session, operations: Operations, run: OffsetRun): Promise<void> {
  const window = new ProgressWindow(session, run.title);
  let last: readonly ChangeStep[] = [];
  const { outcome, message, undo } = await carryOutOffsets(session, operations, run, (steps) => {
    last = steps;
    window.show(stepLines(steps, null));
  });
  const isOk = outcome === 'ok';
  if (undo) operations.pushUndo(undo);
  window.show(stepLines(last, line(message, isOk ? 'ok' : 'fail')));
  session.flash(isOk ? 'info' : 'error', isOk && undo ? `${message} · z undoes it` : message);
  session.refresh();
}

/** Runs the steps and writes the action log; says nothing. Never throws. */
export async function carryOutOffsets(
  session: Session,
  operations: Operations,
  run: OffsetRun,
  onSteps: (steps: readonly ChangeStep[]) => void = () => undefined,
): Promise<OffsetsDone> {
  const { target, reason } = run;
  const { name } = target;
  const startedMs = session.clock.monoMs();
  const work = target.work();
  let time = '';
  const { isOk, message, before, changes, applied } = await changeOffsets({
    name,
    work,
    changes: run.changes,
    save: async (offsets) => {
      time = new Date(session.clock.wallMs()).toISOString();
      await pointsOf(session).add(target, { time, user: userName(), reason, offsets });
      return 'saved point kept';
    },
    onSteps,
  }).catch((error: unknown): ChangeResult => ({ isOk: false, message: messageOf(error), before: null, changes: [], applied: null }));
  // Begun, and not read back: what was set is not known.
  const outcome = isOk ? 'ok' : before !== null && applied === null ? 'unknown' : 'failed';
  const list = run.changes === null ? '' : ` ${listOf(changes)}`;
  const record = operations.record({
    action: run.action,
    connector: name,
    request: `${work.request(run.changes === null)}${list}`,
    before: before && listOf(before),
    after: isOk ? listOf(changes) : null,
    result: outcome,
    detail: message,
    startedMs,
    undoOf: run.undoOf ?? null,
    bulk: run.bulk ?? null,
  });
  // What was changed can be put back, also when only a part of it was, or when nobody knows.
  const canUndo = before !== null && applied !== 0 && run.undoOf === undefined;
  const { bulk } = run;
  const undo = canUndo ? undoOf(session, operations, { target, changes, before, record, time, isWhole: isOk, bulk }) : null;
  return { outcome, message, undo, record };
}

/** Puts what was changed back as it was when it had stopped, by the same steps. */
function undoOf(session: Session, operations: Operations, change: DoneChange): UndoEntry {
  const { target, changes, before, record } = change;
  const was = new Map(before.map((one) => [canonical(one.partition), one.offset]));
  const back = changes.map(({ partition }): ConnectorOffset => ({ partition, offset: was.get(canonical(partition)) ?? null }));
  return {
    title: `put back the offsets of ${target.name}`,
    target: target.name,
    record,
    // As it is when it is asked about: right after the change the status still says STOPPED.
    get lines() {
      return target.isMoving() ? ['It has gone on since: what it did since then it does again.'] : [];
    },
    refusal: () => changedSince(session, change),
    run: async () => {
      const run: OffsetRun = {
        target,
        title: `offsets of ${target.name}: undo`,
        action: 'app.undo',
        reason: 'undo',
        changes: () => back,
        undoOf: record,
        ...(change.bulk === undefined ? {} : { bulk: change.bulk }),
      };
      if (change.bulk !== undefined) return carryOutOffsets(session, operations, run);
      await runOffsetChange(session, operations, run);
      return null;
    },
  };
}

interface DoneChange {
  readonly target: OffsetTarget;
  readonly changes: readonly ConnectorOffset[];
  readonly before: readonly ConnectorOffset[];
  readonly record: string;
  /** Of its saved point. */
  readonly time: string;
  /** False: what of it was set is not known. */
  readonly isWhole: boolean;
  readonly bulk: string | undefined;
}

/** What runs moves its offsets itself; what stands still must still hold what was set. A newer saved point tells of a later change. */
async function changedSince(session: Session, { target, changes, time, isWhole }: DoneChange): Promise<string | null> {
  const [newest] = await pointsOf(session)
    .read(target)
    .catch(() => []);
  if (newest && newest.time > time) return `the offsets of ${target.name} were changed again by ${newest.user} (${newest.reason})`;
  const facts = await target.readFacts();
  if (target.isMoving() || !isWhole) return null;
  const live = new Map(facts.map((one) => [canonical(one.partition), canonical(one.offset)]));
  const isSame = changes.every((one) => (live.get(canonical(one.partition)) ?? 'null') === canonical(one.offset));
  return isSame ? null : `the offsets of ${target.name} are not those that were set any more`;
}

function listOf(offsets: readonly ConnectorOffset[]): string {
  return offsets.map((one) => `${one.partition ? partitionLabel(one.partition) : '?'} ${canonical(one.offset)}`).join(', ');
}

function stepLines(steps: readonly ChangeStep[], result: DialogLine | null): DialogLine[] {
  const lines = steps.map((step) =>
    line(
      `${STEP_MARK[step.state]} ${step.name.padEnd(10)} ${step.detail}`,
      step.state === 'failed' ? 'fail' : step.state === 'done' ? 'ok' : 'dim',
    ),
  );
  return [...lines, line(''), result ?? line('esc closes this window; the steps go on', 'dim')];
}
