/** What all areas of the admin share. */
import type { ClusterLink, RetryOptions, SendOptions } from '../cluster-link.ts';
import { KafkaError, kafkaErrorFacts, kafkaErrorOf } from '../kafka-error.ts';
import type { MetadataCache } from '../metadata.ts';

export interface AdminParts {
  readonly link: ClusterLink;
  readonly metadata: MetadataCache;
}

/** Questions have a connection of their own to each broker, and changes, which can take a broker long, another one. */
const READ_LANE = 'admin';
const CHANGE_LANE = 'admin changes';

/** Its code is the client's own, below those of the wire. */
const DISCONNECTED = new KafkaError('DISCONNECTED', '');

/** How long a broker may take over a change before it answers with what it has done so far. */
export const CHANGE_TIMEOUT_MS = 30_000;

export function reading(link: ClusterLink): RetryOptions & SendOptions {
  return { lane: READ_LANE, totalMs: Math.min(link.options.defaultApiTimeoutMs, link.options.requestTimeoutMs) };
}

/** `brokerMs`: what the request itself allows the broker. */
export function changing(link: ClusterLink, brokerMs: number = 0): RetryOptions & SendOptions {
  const timeoutMs = Math.max(link.options.requestTimeoutMs, brokerMs + 5_000);
  return { lane: CHANGE_LANE, timeoutMs, totalMs: Math.max(link.options.defaultApiTimeoutMs, timeoutMs) };
}

export interface Refusal {
  readonly errorCode: number;
  /** `topic "orders"`. */
  readonly subject: string;
  readonly errorMessage?: string | null;
}

/** The error of what was refused, or null when nothing was: the first one, and in its message all. */
export function refusalOf(answers: readonly Refusal[]): KafkaError | null {
  const refused = answers.filter(({ errorCode }) => errorCode !== 0);
  const [first] = refused;
  if (!first) return null;
  const others = refused.slice(1, 10).map(({ errorCode, subject, errorMessage }) => kafkaErrorOf(errorCode, subject, errorMessage).message);
  const more = refused.length > 10 ? [`and ${refused.length - 10} more`] : [];
  const detail = [first.errorMessage, ...others, ...more].filter((text) => text).join('; ');
  return kafkaErrorOf(first.errorCode, first.subject, detail);
}

export function throwIfRefused(answers: readonly Refusal[]): void {
  const error = refusalOf(answers);
  if (error) throw error;
}

/** Whether another attempt may be answered better. An unknown topic may become known elsewhere, but not for who asks for it by name. */
export function isPassing(errorCode: number): boolean {
  const { isRetriable, kafkaName } = errorCode === DISCONNECTED.code ? DISCONNECTED : kafkaErrorFacts(errorCode);
  return isRetriable && kafkaName !== 'UNKNOWN_TOPIC_OR_PARTITION';
}

/** For the check of `ClusterLink.request`: what is final is left to `throwIfRefused` afterwards. */
export function throwIfPassing(answers: readonly Refusal[]): void {
  throwIfRefused(answers.filter(({ errorCode }) => isPassing(errorCode)));
}
