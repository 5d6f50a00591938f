/** A change of offsets as it goes: its steps in a dialog, the action log, and the saved point for the undo. */
import { messageOf } from '../base/errors.ts';
import type { ConnectorOffset } from '../herder/model.ts';
import { type Dialog, type DialogLine, line, noticeDialog } from './dialog.ts';
import { type ChangeStep, changeOffsets } from './offset-change.ts';
import { canonical, partitionLabel } from './offset-plan.ts';
import type { Operations, UndoEntry } from './operations.ts';
import type { Session } from './session.ts';

const STEP_MARK: Readonly<Record<ChangeStep['state'], string>> = { waiting: '·', running: '○', done: '✓', failed: '✖', skipped: '–' };
export interface OffsetRun {
  readonly connector: string;
  readonly title: string;
  readonly action: string;
  readonly request: string;
  readonly changes: readonly ConnectorOffset[];
  readonly isReset: boolean;
  readonly before: readonly ConnectorOffset[];
}

/** Runs the steps with a dialog that shows them, and writes the action log. The dialog may be closed; the steps go on and end with a flash. */
export async function runOffsetChange(session: Session, operations: Operations, run: OffsetRun): Promise<boolean> {
  const herder = session.connect?.herder;
  if (!herder) return false;
  const startedMs = session.clock.monoMs();
  let shown: Dialog | null = null;
  let isClosed = false;
  const show = (steps: readonly ChangeStep[], result: DialogLine | null) => {
    if (isClosed) return;
    if (shown !== null && session.ui.dialog !== shown) {
      isClosed = true;
      return;
    }
    const lines = steps.map((step) =>
      line(
        `${STEP_MARK[step.state]} ${step.name.padEnd(10)} ${step.detail}`,
        step.state === 'failed' ? 'fail' : step.state === 'done' ? 'ok' : 'dim',
      ),
    );
    shown = noticeDialog(
      run.title,
      result ? [...lines, line(''), result] : [...lines, line(''), line('esc closes this window; the steps go on', 'dim')],
    );
    session.setDialog(shown);
  };
  let last: readonly ChangeStep[] = [];
  const result = await changeOffsets({
    herder,
    connector: run.connector,
    changes: run.changes,
    isReset: run.isReset,
    clock: session.clock,
    onSteps: (steps) => {
      last = steps;
      show(steps, null);
    },
  }).catch((error: unknown) => ({ isOk: false, message: messageOf(error), readBack: null }));
  const before = run.before.map((one) => `${one.partition ? partitionLabel(one.partition) : '?'} ${canonical(one.offset)}`).join(', ');
  operations.record({
    action: run.action,
    connector: run.connector,
    request: run.request,
    before,
    result: result.isOk ? 'ok' : 'failed',
    detail: result.message,
    startedMs,
  });
  show(last, line(result.message, result.isOk ? 'ok' : 'fail'));
  session.flash(result.isOk ? 'info' : 'error', result.isOk ? `${result.message} · z undoes it` : result.message);
  session.refresh();
  return result.isOk;
}

/** Puts the offsets before a change back, by the same steps. */
export function undoOf(session: Session, operations: Operations, connector: string, before: readonly ConnectorOffset[]): UndoEntry {
  return {
    title: `put back the offsets of ${connector}`,
    connector,
    run: async () => {
      const request = `PATCH /connectors/${connector}/offsets (saved point)`;
      await runOffsetChange(session, operations, {
        connector,
        title: `offsets of ${connector}: undo`,
        action: 'app.undo',
        request,
        changes: before,
        isReset: false,
        before: [],
      });
    },
  };
}
