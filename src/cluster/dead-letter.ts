/**
 * What lies in a dead-letter queue: Connect's context headers decoded, and what the record was before it got there.
 * Source of the names: org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter.
 */
import { maskText } from '../base/mask.ts';
import type { RecordHeader } from '../kafka/contract.ts';

const CONTEXT = '__connect.errors.';
/** How many times a record was written back from a dead-letter queue, as decimal text. */
export const REDRIVE_HEADER = 'kconsole.redrive';

/** Texts are the writer's own, with passwords in them hidden; `null`: the header is not there or empty. */
export interface DeadLetter {
  /** `VALUE_CONVERTER`, `TRANSFORMATION` … */
  readonly stage: string | null;
  readonly executingClass: string | null;
  readonly exceptionClass: string | null;
  readonly message: string | null;
  readonly trace: string | null;
  readonly connector: string | null;
  readonly task: string | null;
  readonly origin: DeadLetterOrigin | null;
}

export interface DeadLetterOrigin {
  readonly topic: string;
  /** `null`: not told, or no number. */
  readonly partition: number | null;
  readonly offset: bigint | null;
}

interface WithHeaders {
  readonly headers: readonly RecordHeader[] | null;
}

/** `null` without context headers (`errors.deadletterqueue.context.headers.enable=false`). Of headers that come twice the last one counts. */
export function decodeDeadLetter({ headers }: WithHeaders): DeadLetter | null {
  const texts = new Map<string, string>();
  for (const { key, value } of headers ?? [])
    if (key.startsWith(CONTEXT)) texts.set(key.slice(CONTEXT.length), value === null ? '' : Buffer.from(value).toString());
  if (texts.size === 0) return null;
  const text = (name: string) => texts.get(name) || null;
  const masked = (name: string) => maskText(texts.get(name) ?? '') || null;
  const topic = text('topic');
  return {
    stage: text('stage'),
    executingClass: text('class.name'),
    exceptionClass: text('exception.class.name'),
    message: masked('exception.message'),
    trace: masked('exception.stacktrace'),
    connector: text('connector.name'),
    task: text('task.id'),
    origin: topic === null ? null : { topic, partition: partitionIn(text('partition')), offset: offsetIn(text('offset')) },
  };
}

function partitionIn(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function offsetIn(text: string | null): bigint | null {
  return text !== null && /^\d{1,19}$/.test(text) ? BigInt(text) : null;
}

/** Headers that the record had before it was a dead letter. */
export function originalHeaders({ headers }: WithHeaders): readonly RecordHeader[] {
  return (headers ?? []).filter(({ key }) => !key.startsWith(CONTEXT) && key !== REDRIVE_HEADER);
}

/** 0: never. A count that cannot be read still says that it was. */
export function redrivesOf({ headers }: WithHeaders): number {
  const found = headers?.findLast(({ key }) => key === REDRIVE_HEADER);
  if (!found) return 0;
  const text = found.value === null ? '' : Buffer.from(found.value).toString();
  return /^\d{1,6}$/.test(text) ? Math.max(1, Number(text)) : 1;
}
