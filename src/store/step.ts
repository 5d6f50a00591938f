/** One change of one thing, as data: what is asked, how, what was before. `Operations` carries it out and writes it down. */
import { ConnectError, messageOf, RestError } from '../base/errors.ts';
import type { Herder } from '../herder/herder.ts';
import type { Admin } from '../kafka/contract.ts';
import type { WantedChange } from './connect-model.ts';
import type { UndoEntry } from './undo.ts';

/** Whom a step asks. One that is not configured throws when it is looked at. */
export interface StepSources {
  readonly herder: Herder;
  readonly admin: Admin;
}

export interface Step {
  /** Id of the command. */
  readonly action: string;
  /** What it is about, by its name. */
  readonly connector: string;
  /** In words: `pause orders`. */
  readonly title: string;
  /** As the REST API has it: `PUT /connectors/orders/pause`; of Kafka the request by its name. */
  readonly request: string;
  /** What the status should say then. */
  readonly change: WantedChange | null;
  /** State before; a call that knows more (a configuration) gives that. */
  readonly before: string | null;
  call(sources: StepSources): Promise<StepDone>;
}

export interface StepDone {
  readonly before?: string | null;
  readonly after: string | null;
  readonly undo: UndoEntry | null;
}

/** `unknown`: it was sent, and nobody knows whether it was carried out. */
export type Outcome = 'ok' | 'failed' | 'unknown';

export interface StepOutcome {
  readonly outcome: Outcome;
  /** The error. */
  readonly message: string | null;
  readonly undo: UndoEntry | null;
  /** Id of its record in the action log. */
  readonly record: string | null;
}

const LOST_ANSWERS = ['REQUEST_TIMED_OUT', 'DISCONNECTED', 'NETWORK_EXCEPTION'];

/** A change may have been carried out although its answer never came. A JVM worker says so with a 500 after 90 s. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof ConnectError && 'kafkaName' in error) return LOST_ANSWERS.includes(String(error.kafkaName)) ? 'unknown' : 'failed';
  if (!(error instanceof RestError)) return 'failed';
  return error.status === 504 || (error.status === 500 && /timed out/i.test(messageOf(error))) ? 'unknown' : 'failed';
}
