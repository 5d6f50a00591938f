/**
 * Draining a worker: it gives up all it runs and leaves its group. Under a leader of ours others have the work a round later; any other leader waits
 * for the worker's return first, which is said. Whichever worker is asked passes it on to the one that is meant.
 */
import type { Clock } from '../../base/clock.ts';
import { NotFoundError, RestError } from '../../base/errors.ts';
import { plural } from '../../base/format.ts';
import type { Log } from '../../base/log.ts';
import type { DrainReply, WorkInHand } from '../model.ts';
import type { Drain, DrainOutcome } from './drain.ts';
import type { Membership } from './membership.ts';

export interface WorkerDrainParts {
  membership(): Membership;
  /** Resolves when no round goes on; rejects with RestError 409. */
  settled(): Promise<void>;
  /** What runs on this worker now. */
  inHand(): WorkInHand;
  workerId(): string;
  /** URLs of the group's members, each ending in `/`. */
  memberUrls(): Promise<readonly string[]>;
  /** Asks the worker there, signed. */
  ask(url: string, workerId: string): Promise<DrainReply>;
  /** The worker may end now. `reason`: a sentence without its full stop. */
  onDrained(reason: string): void;
  /** `scheduled.rebalance.max.delay.ms` */
  readonly maxDelayMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long an answer waits for what the leader makes of it; the drain goes on. */
const HEARD_MS = 15_000;
const NOT_OURS = 'HTTP 404 Not Found';

export class WorkerDrain {
  readonly #parts: WorkerDrainParts;
  #begun: Promise<Drain> | null = null;
  #isOn = false;

  constructor(parts: WorkerDrainParts) {
    this.#parts = parts;
  }

  /** What still runs here; `null`: this worker does not drain. */
  get left(): WorkInHand | null {
    return this.#isOn ? this.#parts.inHand() : null;
  }

  /** `workerId`: absent means this one. Rejects with NotFoundError, or RestError when that worker cannot, or nobody could take its work. */
  async drain(workerId: string = this.#parts.workerId()): Promise<DrainReply> {
    if (workerId === this.#parts.workerId()) return this.here();
    await this.#parts.settled();
    const urls = await this.#parts.memberUrls();
    const url = urls.find((one) => hostOf(one) === workerId);
    if (url === undefined)
      throw new NotFoundError(`Worker ${workerId} is not in the group. Its members are ${urls.map(hostOf).sort().join(', ')}.`);
    try {
      return await this.#parts.ask(url, workerId);
    } catch (error) {
      if (!(error instanceof RestError && error.message === NOT_OURS)) throw error;
      throw new RestError(
        400,
        `Worker ${workerId} is Apache Kafka's, which cannot drain: end its process, and its work moves when the leader has waited for its return.`,
        { cause: error },
      );
    }
  }

  /** This worker; asked again it is the same drain. */
  async here(): Promise<DrainReply> {
    const hand = this.#parts.inHand();
    this.#begun ??= this.#begin();
    let drain: Drain;
    try {
      drain = await this.#begun;
    } catch (error) {
      this.#begun = null;
      throw error;
    }
    const { clock } = this.#parts;
    const done = new AbortController();
    try {
      const heard = await Promise.race([drain.heard, clock.sleep(HEARD_MS, done.signal).then(() => null)]);
      return this.#reply(hand, heard);
    } finally {
      done.abort();
    }
  }

  async #begin(): Promise<Drain> {
    const { settled, membership, workerId, log } = this.#parts;
    await settled();
    const group = membership();
    if (group.isLeader && group.members().every(({ memberId, isLeaving }) => memberId === group.memberId || isLeaving))
      throw new RestError(
        409,
        `Worker ${workerId()} is the only one of its group that stays: nobody can take its work. Start another worker first, or end this process to have all of it stop.`,
      );
    log.info(`This worker drains: its ${handText(this.#parts.inHand())} are to run elsewhere, then it leaves the group`);
    const drain = group.drain();
    this.#isOn = true;
    void this.#end(drain);
    return drain;
  }

  async #end(drain: Drain): Promise<void> {
    const { onDrained, log } = this.#parts;
    try {
      const outcome = await drain.over;
      if (outcome === 'left here') log.warn(this.#leavingText());
      onDrained(
        outcome === 'handed over' ? 'The worker has drained: all it ran is handed out by its leader' : 'The worker drains by leaving',
      );
    } catch {
      // The membership has said why.
      this.#begun = null;
      this.#isOn = false;
    }
  }

  #reply(hand: WorkInHand, heard: DrainOutcome | null): DrainReply {
    const { workerId, maxDelayMs, membership } = this.#parts;
    const isAtOnce = heard === 'handed over' || membership().protocol === 'eager' || maxDelayMs === 0;
    return {
      worker_id: workerId(),
      ...hand,
      handover: heard === null ? 'unknown' : isAtOnce ? 'at_once' : 'delayed',
      message:
        heard === null
          ? `Worker ${workerId()} drains; the group has not agreed on it yet.`
          : heard === 'handed over'
            ? `Worker ${workerId()} drains: its leader hands out its ${handText(hand)} at once; then it ends.`
            : this.#leavingText(),
    };
  }

  #leavingText(): string {
    const { workerId, membership, maxDelayMs } = this.#parts;
    const group = membership();
    const what = `Worker ${workerId()} stops its work and leaves`;
    if (group.protocol === 'eager') return `${what}: the group is eager, all its work stops for a moment and is handed out anew.`;
    return `${what}. Its leader ${group.lastLeaderUrl ?? ''} knows of no draining: the cluster waits for its return for scheduled.rebalance.max.delay.ms (${maxDelayMs} here), and only then does the work run elsewhere.`;
  }
}

function hostOf(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

/** `1 connector and 2 tasks`. */
export function handText({ connectors, tasks }: WorkInHand): string {
  return `${plural(connectors, 'connector')} and ${plural(tasks, 'task')}`;
}
