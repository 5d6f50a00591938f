/** What a command misses in this console, and how to come by it. */
import type { Session } from '../store/session.ts';
import type { Command, CommandContext } from './command.ts';

const NO_CONNECT = 'no Connect worker is configured: start with --attach URL, or :ctx';
const NO_KAFKA = 'no Kafka cluster is configured: start with -b HOST:PORT, or :ctx';

interface InConsole {
  readonly session: Session;
}

export function needsConnect({ session: { context } }: InConsole): string | null {
  return context.hasConnect ? null : NO_CONNECT;
}

export function needsKafka({ session: { context } }: InConsole): string | null {
  return context.hasKafka ? null : NO_KAFKA;
}

/** What means nothing in this console at all, by its own condition: said when its key is pressed, and not offered in help and completion. */
export function isMissing(command: Command, context: CommandContext): boolean {
  const reason = command.disabledReason?.({ ...context, focus: {}, targets: [], args: [] }) ?? null;
  return reason === NO_CONNECT || reason === NO_KAFKA;
}
