/** A redrive as it goes: progress in a dialog, then what was written and what failed; the action log, and the log. */
import { messageOf } from '../base/errors.ts';
import { groupDigits, plural } from '../base/format.ts';
import { logFor } from '../base/log.ts';
import { type RedriveProgress, type RedriveResult, redrive } from '../cluster/redrive.ts';
import { placeOf, type RedrivePlan } from '../cluster/redrive-plan.ts';
import type { Kafka } from '../kafka/contract.ts';
import { type DialogLine, line, paragraph } from './dialog.ts';
import type { Operations } from './operations.ts';
import { ProgressWindow } from './progress-window.ts';
import { REDRIVE_ACTION, redriveRequest } from './redrive-history.ts';
import type { Session } from './session.ts';

const SHOWN_FAILURES = 6;
/** Between two looks at how far it is. */
const SHOW_MS = 100;

export interface RedriveRun {
  readonly kafka: Kafka;
  readonly plan: RedrivePlan;
  readonly title: string;
  readonly clusterId: string;
}

/** Never throws. The dialog may be closed; writing goes on and ends with a flash. */
export async function runRedrive(session: Session, operations: Operations, { kafka, plan, title, clusterId }: RedriveRun): Promise<void> {
  if (operations.isRedriving) {
    session.flash('warn', 'a redrive is under way: wait for its end');
    return;
  }
  operations.isRedriving = true;
  const { connector, queue } = plan;
  const startedMs = session.clock.monoMs();
  const window = new ProgressWindow(session, title);
  let shownMs = Number.NEGATIVE_INFINITY;
  const onProgress = (progress: RedriveProgress) => {
    if (session.clock.monoMs() - shownMs < SHOW_MS) return;
    shownMs = session.clock.monoMs();
    window.show(progressLines(progress));
  };
  onProgress({ written: 0, failed: 0, total: plan.sends.length });
  let result: RedriveResult | null = null;
  let problem = '';
  try {
    result = await redrive({ kafka, plan, log: logFor('kconsole.redrive').for({ connector }), onProgress });
  } catch (error) {
    problem = messageOf(error);
  } finally {
    operations.isRedriving = false;
  }
  const failed = result === null ? plan.sends.length : result.failed.length;
  const message = result === null ? `nothing was written: ${problem}` : resultText(plan, result);
  operations.record({
    action: REDRIVE_ACTION,
    connector,
    request: redriveRequest(clusterId, queue, result?.written ?? []),
    before: null,
    result: failed === 0 ? 'ok' : 'failed',
    detail: message,
    startedMs,
  });
  window.show([line(message, failed === 0 ? 'ok' : 'fail'), ...failureLines(result)]);
  session.flash(failed === 0 ? 'info' : 'error', message);
}

function progressLines({ written, failed, total }: RedriveProgress): DialogLine[] {
  return [
    line(`○ ${groupDigits(written)} of ${groupDigits(total)} written${failed === 0 ? '' : `, ${groupDigits(failed)} failed`}`),
    line(''),
    line('esc closes this window; writing goes on', 'dim'),
  ];
}

/** `12 of 12 dead letters of orders-dlq written`. */
export function resultText({ queue, sends }: RedrivePlan, { written, failed }: RedriveResult): string {
  const text = `${groupDigits(written.length)} of ${plural(sends.length, 'dead letter')} of ${queue} written`;
  return failed.length === 0 ? text : `${text}, ${groupDigits(failed.length)} failed`;
}

function failureLines(result: RedriveResult | null): DialogLine[] {
  const failed = result?.failed ?? [];
  if (failed.length === 0) return [];
  const more = failed.length - SHOWN_FAILURES;
  return [
    line(''),
    ...failed
      .slice(0, SHOWN_FAILURES)
      .map(({ record, error }) => paragraph(`✖ ${placeOf(record.place)} → ${record.topic}: ${error}`, 'fail')),
    ...(more > 0 ? [line(`… and ${plural(more, 'more')}: each is in the log`, 'dim')] : []),
  ];
}
