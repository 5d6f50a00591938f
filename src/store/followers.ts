/** The tail and the worker log that the views in sight need: begun when they open, ended when they close. */
import type { Clock } from '../base/clock.ts';
import { Tail } from '../cluster/tail.ts';
import type { TailStart } from '../cluster/tail-start.ts';
import type { Herder } from '../herder/herder.ts';
import type { Kafka } from '../kafka/contract.ts';
import { LogFollower } from './log-follower.ts';
import { DEAD_LETTERS, RECORDS } from './record-look.ts';
import { TailView } from './tail-view.ts';
import { isTail, type ViewState } from './view.ts';

export interface FollowersOptions {
  readonly clock: Clock;
  /** Tails end where their partitions ended at the beginning; where they begin when nobody says. `null`: they follow. */
  readonly boundedTail: TailStart | null;
  pace(): number;
  onChange(): void;
}

export class Followers {
  readonly #options: FollowersOptions;
  #tail: { key: string; view: TailView } | null = null;
  #log: LogFollower | null = null;

  constructor(options: FollowersOptions) {
    this.#options = options;
  }

  get tail(): TailView | null {
    return this.#tail?.view ?? null;
  }

  get log(): LogFollower | null {
    return this.#log;
  }

  follow(stack: readonly ViewState[], kafka: Kafka | null, herder: Herder | null): void {
    // A record's detail keeps the tail that it came from.
    this.#followTail(stack.findLast((view) => isTail(view.pane)) ?? null, kafka);
    const top = stack.at(-1);
    this.#followLog(top?.pane === 'log' ? top : null, herder);
  }

  close(): void {
    this.#log?.stop();
    void this.#tail?.view.tail.close();
  }

  #followTail(view: ViewState | null, kafka: Kafka | null): void {
    const key = view ? `${view.key} ${view.tailRun}` : '';
    if ((this.#tail?.key ?? '') === key) return;
    void this.#tail?.view.tail.close();
    this.#tail = null;
    const topics = view?.target.topics ?? (view?.target.topic ? [view.target.topic] : []);
    if (!view || !kafka || topics.length === 0) return;
    const { clock, boundedTail } = this.#options;
    const tail = new Tail({
      kafka,
      topics,
      partitions: view.target.partitions ?? null,
      start: view.tailStart ?? boundedTail ?? 'end',
      isolation: view.isCommittedOnly ? 'read_committed' : 'read_uncommitted',
      isBounded: boundedTail !== null,
      clock,
      onChange: this.#options.onChange,
    });
    this.#tail = { key, view: new TailView(tail, clock, view.pane === 'dlq' ? DEAD_LETTERS : RECORDS) };
    tail.start();
  }

  #followLog(view: ViewState | null, herder: Herder | null): void {
    const scope = { connector: view?.target.connector ?? null, task: view?.target.task ?? null };
    const isSame = this.#log?.scope.connector === scope.connector && this.#log.scope.task === scope.task;
    if (view && this.#log && isSame) return;
    this.#log?.stop();
    this.#log = null;
    if (!view || !herder) return;
    const { clock, pace, onChange } = this.#options;
    this.#log = new LogFollower({ herder, scope, clock, pace, onChange });
    this.#log.start();
  }
}
