/** The near side of the protocol: one host (thread) with its calls, as the worker in the main thread sees it. */
import { NOT_NEEDED } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { ConnectError } from '../base/errors.ts';
import { secrets } from '../base/secrets.ts';
import type { Call, CallResults, FromHost, InstanceId, Outcome, Question, QuestionResults, ToHost } from './protocol.ts';
import { RemoteError, toFault } from './protocol.ts';

/** Both ways to a host. */
export interface HostPort {
  post(message: ToHost): void;
  /** Called once, before anything is posted. `gone`: the host has died by itself. */
  listen(receiver: { message(message: FromHost): void; gone(reason: ConnectError): void }): void;
  /** Ends the host at once, whatever it is doing. */
  terminate(): Promise<void>;
}

export interface HostReceiver {
  message(link: HostLink, message: Exclude<FromHost, { kind: 'ready' | 'result' | 'question' }>): void;
  answer(question: Question): Promise<QuestionResults[Question['ask']]>;
  gone(link: HostLink, reason: ConnectError): void;
}

export class HostTimeoutError extends ConnectError {}

export class HostLink {
  readonly index: number;
  /** Instances that live there. */
  readonly tasks = new Set<InstanceId>();
  readonly connectors = new Set<InstanceId>();
  /** No new instances: the host is to end. */
  isRetired = false;
  isGone = false;
  /** It does not answer: something in it keeps its event loop. Ends with the next word from it. */
  isBlocked = false;
  /** False while it is starting. */
  wasHeard = false;
  readonly #port: HostPort;
  readonly #clock: Clock;
  readonly #calls = new Map<number, (outcome: Outcome<unknown>) => void>();
  #nextCall = 1;

  constructor(index: number, port: HostPort, receiver: HostReceiver, clock: Clock) {
    this.index = index;
    this.#port = port;
    this.#clock = clock;
    port.listen({
      message: (message) => this.#receive(message, receiver),
      gone: (reason) => {
        this.#end(reason);
        receiver.gone(this, reason);
      },
    });
  }

  /** What it is about to work with: its log and traces are to be clean from the start. */
  tellSecrets(): void {
    const entries = secrets.entries();
    if (entries.length > 0) this.post({ kind: 'secrets', entries });
  }

  post(message: ToHost): void {
    if (!this.isGone) this.#port.post(message);
  }

  /** Rejects with what the call threw there (RemoteError), or HostTimeoutError. */
  async call<C extends Call>(call: C, timeoutMs: number): Promise<CallResults[C['call']]> {
    if (this.isGone) throw new ConnectError(`Task thread ${this.index} has ended.`);
    const id = this.#nextCall++;
    const over = new AbortController();
    const answer = new Promise<CallResults[C['call']]>((resolve, reject) => {
      this.#calls.set(id, (outcome) => {
        if ('fault' in outcome) reject(new RemoteError(outcome.fault));
        else resolve(outcome.ok as CallResults[C['call']]);
      });
    });
    this.#port.post({ kind: 'call', id, call });
    const timeout = this.#clock.sleep(timeoutMs, over.signal).then(() => {
      throw new HostTimeoutError(`Task thread ${this.index} did not answer '${call.call}' within ${timeoutMs} ms.`);
    });
    timeout.catch(() => undefined);
    try {
      return await Promise.race([answer, timeout]);
    } finally {
      this.#calls.delete(id);
      answer.catch(() => undefined);
      over.abort(NOT_NEEDED);
    }
  }

  /** Whether its event loop turns; sets `isBlocked`. A host that is starting up counts as answering. */
  async answers(timeoutMs: number): Promise<boolean> {
    if (!this.wasHeard) return !this.isGone;
    try {
      await this.call({ call: 'ping' }, timeoutMs);
      return true;
    } catch {
      this.isBlocked = !this.isGone;
      return false;
    }
  }

  /** `reason`: what calls that wait for an answer are told. */
  async terminate(reason = new ConnectError(`Task thread ${this.index} was ended.`)): Promise<void> {
    this.#end(reason);
    await this.#port.terminate();
  }

  #end(reason: ConnectError): void {
    this.isGone = true;
    this.isRetired = true;
    for (const settle of this.#calls.values()) settle({ fault: toFault(reason) });
    this.#calls.clear();
  }

  #receive(message: FromHost, receiver: HostReceiver): void {
    if (this.isGone) return;
    this.wasHeard = true;
    this.isBlocked = false;
    if (message.kind === 'ready') return;
    if (message.kind === 'result') this.#calls.get(message.id)?.(message.outcome);
    else if (message.kind === 'question') void this.#answer(message.id, message.question, receiver);
    else receiver.message(this, message);
  }

  async #answer(id: number, question: Question, receiver: HostReceiver): Promise<void> {
    let outcome: Outcome<unknown>;
    try {
      outcome = { ok: await receiver.answer(question) };
    } catch (error) {
      outcome = { fault: toFault(error) };
    }
    this.post({ kind: 'answer', id, outcome });
  }
}
