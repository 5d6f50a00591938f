/** A change of offsets as it goes: its steps in a dialog, the action log, and the saved point for the undo. */
import { messageOf } from '../base/errors.ts';
import type { ConnectorOffset } from '../herder/model.ts';
import { type DialogLine, line } from './dialog.ts';
import { type ChangeRequest, type ChangeResult, type ChangeStep, changeOffsets } from './offset-change.ts';
import { canonical, partitionLabel } from './offset-plan.ts';
import type { Operations, UndoEntry } from './operations.ts';
import { ProgressWindow } from './progress-window.ts';
import type { Session } from './session.ts';

const STEP_MARK: Readonly<Record<ChangeStep['state'], string>> = { waiting: '·', running: '○', done: '✓', failed: '✖', skipped: '–' };

export interface OffsetRun {
  readonly connector: string;
  readonly title: string;
  readonly action: string;
  /** See offset-change.ts. */
  readonly changes: ChangeRequest['changes'];
}

/**
 * Runs the steps with a dialog that shows them, and writes the action log. The dialog may be closed; the steps go on and end with a
 * flash. Never throws.
 */
export async function runOffsetChange(session: Session, operations: Operations, run: OffsetRun): Promise<void> {
  const herder = session.connect?.herder;
  if (!herder) return;
  const { connector } = run;
  const startedMs = session.clock.monoMs();
  const window = new ProgressWindow(session, run.title);
  let last: readonly ChangeStep[] = [];
  const { isOk, message, before, changes } = await changeOffsets({
    herder,
    connector,
    changes: run.changes,
    clock: session.clock,
    onSteps: (steps) => {
      last = steps;
      window.show(stepLines(steps, null));
    },
  }).catch((error: unknown): ChangeResult => ({ isOk: false, message: messageOf(error), before: null, changes: [] }));
  operations.record({
    action: run.action,
    connector,
    request: run.changes === null ? `DELETE /connectors/${connector}/offsets` : `PATCH /connectors/${connector}/offsets ${listOf(changes)}`,
    before: before && listOf(before),
    result: isOk ? 'ok' : 'failed',
    detail: message,
    startedMs,
  });
  if (isOk && before !== null) operations.pushUndo(undoOf(session, operations, connector, changes, before));
  window.show(stepLines(last, line(message, isOk ? 'ok' : 'fail')));
  session.flash(isOk ? 'info' : 'error', isOk ? `${message} · z undoes it` : message);
  session.refresh();
}

/** Puts what was changed back as it was when the connector had stopped, by the same steps. */
function undoOf(
  session: Session,
  operations: Operations,
  connector: string,
  changes: readonly ConnectorOffset[],
  before: readonly ConnectorOffset[],
): UndoEntry {
  const was = new Map(before.map((one) => [canonical(one.partition), one.offset]));
  const back = changes.map(({ partition }): ConnectorOffset => ({ partition, offset: was.get(canonical(partition)) ?? null }));
  return {
    title: `put back the offsets of ${connector}`,
    connector,
    run: () =>
      runOffsetChange(session, operations, {
        connector,
        title: `offsets of ${connector}: undo`,
        action: 'app.undo',
        changes: () => back,
      }),
  };
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
