/** The question at the end: what becomes of the worker. Staying is the default. */

import { messageOf } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import { confirmDialog, type DialogLine, line, type MenuItem, menuDialog } from '../store/dialog.ts';
import type { LeftWorker } from '../store/host-port.ts';
import type { Session } from '../store/session.ts';

const TITLE = 'leave kconsole?';

export function askToQuit(session: Session): void {
  const { leftWorker } = session.host;
  if (session.context.isWorkerEmbedded) askAboutOwnWorker(session);
  else if (leftWorker) askAboutLeftWorker(session, leftWorker);
  else
    session.openDialog(
      confirmDialog({
        title: TITLE,
        lines: [...bulkLines(session), line('Connectors go on running; only this console ends.', 'dim')],
        yes: 'leave',
        onYes: () => session.exit(0),
      }),
    );
}

function askAboutOwnWorker(session: Session): void {
  session.openDialog(
    menuDialog({
      title: TITLE,
      no: 'stay',
      lines: [...bulkLines(session), line(`The worker runs in this program: ${runningText(session)}.`), line('')],
      items: [
        item('l', 'leave it running', 'without a screen; kconsole attaches to it again', () => session.exit(0, { worker: 'leave' })),
        item('s', 'stop the worker', 'offsets are committed first', () => session.exit(0)),
      ],
    }),
  );
}

function askAboutLeftWorker(session: Session, worker: LeftWorker): void {
  const isReadOnly = session.context.isReadOnly;
  session.openDialog(
    menuDialog({
      title: TITLE,
      no: 'stay',
      lines: [...bulkLines(session), line(`The worker runs without a screen, pid ${worker.pid}: ${runningText(session)}.`), line('')],
      items: [
        item('l', 'leave it running', 'only this console ends', () => session.exit(0)),
        ...(isReadOnly
          ? []
          : [
              item('s', 'stop the worker', 'offsets are committed first; then this console ends', () => void stopAndLeave(session, worker)),
            ]),
      ],
    }),
  );
}

async function stopAndLeave(session: Session, worker: LeftWorker): Promise<void> {
  const startedMs = session.clock.monoMs();
  const log = (result: 'ok' | 'failed', detail: string | null) =>
    session.actionLog.add(
      {
        action: 'app.quit',
        target: `worker, pid ${worker.pid}`,
        request: 'SIGTERM',
        before: runningText(session),
        result,
        detail,
        durationMs: session.clock.monoMs() - startedMs,
      },
      session.clock.wallMs(),
    );
  session.flash('warn', `stopping the worker, pid ${worker.pid} …`);
  try {
    await worker.stop();
    log('ok', 'ended');
    session.exit(0);
  } catch (error) {
    log('failed', messageOf(error));
    session.flash('error', messageOf(error));
  }
}

function bulkLines({ bulk }: Session): DialogLine[] {
  return bulk?.data.isRunning ? [line(`${bulk.job.title} still runs: what of it has no answer yet stays unknown.`, 'warn')] : [];
}

function runningText({ connect }: Session): string {
  return plural(connect?.data.connectors.filter((row) => row.state === 'RUNNING').length ?? 0, 'running connector');
}

function item(key: string, label: string, detail: string, run: () => void): MenuItem {
  return { key, label, detail, isDisabled: false, run };
}
