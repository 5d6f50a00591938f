/** What every question before a change says besides what it is about: how old what is known here is, and that the context is protected. */
import { formatAge } from '../base/format.ts';
import { isStale } from '../cluster/poll-loop.ts';
import { type DialogLine, line } from './dialog.ts';
import type { Session } from './session.ts';

/** Answers missed in a row, after which what is known is called old. */
const OLD_AFTER = 2;

/** What is said of connectors or of the cluster is only as true as the last answer. */
export function gateLines(session: Session, about: 'Connect' | 'Kafka'): DialogLine[] {
  const { data } = session.current();
  const { isProtected, name } = session.context;
  const reach = about === 'Connect' ? data.connect?.reach : data.cluster?.reach;
  const isOld = reach?.lastOkMs != null && isStale(reach, data.nowMs, OLD_AFTER);
  return [
    ...(isOld
      ? [line(`${about} has not answered for ${formatAge(data.nowMs - reach.lastOkMs!)}: what is known here is that old`, 'warn')]
      : []),
    ...(isProtected ? [line(`${name} is protected`, 'warn')] : []),
  ];
}
