/** Why a record is a dead letter, in one line. */
import type { DeadLetter } from '../cluster/dead-letter.ts';
import { causeLine, innermostCause, simpleName } from './trace.ts';

/** Words that stand for a record without context headers. */
export const NO_REASON = 'no reason: it has no context headers';

/** `DataException: …`; in place of a message that leaves it to its cause (`…: `) that one, the innermost: `JsonParseException: …`. */
export function reasonOf({ exceptionClass, message, trace }: DeadLetter): string {
  const own = causeLine({ className: exceptionClass ?? '', message: message ?? '', frames: [] });
  const inner = trace === null ? null : innermostCause(trace);
  if (inner === null) return own === '' ? 'no exception is told' : own;
  const deeper = causeLine(inner);
  if (own === '' || own === simpleName(exceptionClass ?? '')) return deeper;
  return own.endsWith(':') ? deeper : own;
}

/** Why it is one, for programs; all `null` without context headers. */
export function reasonFacts(
  letter: DeadLetter | null,
): Readonly<Record<'stage' | 'reason' | 'exception' | 'connector' | 'origin', string | null>> {
  return {
    stage: letter?.stage ?? null,
    reason: letter && reasonOf(letter),
    exception: letter?.exceptionClass ?? null,
    connector: letter?.connector ?? null,
    origin: letter?.origin ? originText(letter) : null,
  };
}

/** The reason without what is each record's own (numbers, quoted words): equal for records that failed alike. */
export function groupOfReason(letter: DeadLetter | null): string {
  if (letter === null) return NO_REASON;
  return reasonOf(letter)
    .replace(/"[^"]*"|'[^']*'/g, '…')
    .replace(/\d+/g, '#')
    .slice(0, 200);
}

/** `orders-3@1204`: topic, partition and offset it came from, as far as they are told. */
export function originText({ origin }: DeadLetter): string {
  if (origin === null) return '?';
  const partition = origin.partition === null ? '' : `-${origin.partition}`;
  return `${origin.topic}${partition}${origin.offset === null ? '' : `@${origin.offset}`}`;
}
