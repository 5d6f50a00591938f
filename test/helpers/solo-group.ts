/** A group of one worker, without brokers: a round whenever one is asked for, in which all of the work is its own. */
import { SerialQueue } from '../../src/base/serial-queue.ts';
import { Drain } from '../../src/herder/distributed/drain.ts';
import type { ConfigView, Membership, MembershipListener } from '../../src/herder/distributed/membership.ts';

const NOTHING = { connectors: [], tasks: [] };

export class SoloGroup implements Membership {
  readonly memberId = 'member-1';
  readonly protocol = 'sessioned';
  readonly isLeader = true;
  readonly scheduledRebalanceMs = null;
  readonly lastLeaderUrl: string;
  generation = 0;
  readonly #view: ConfigView;
  readonly #rounds = new SerialQueue();
  #listener: MembershipListener | null = null;
  #isAsked = false;

  constructor(view: ConfigView, url: string) {
    this.#view = view;
    this.lastLeaderUrl = url;
  }

  get leaderUrl(): string | null {
    return this.isRebalancing ? null : this.lastLeaderUrl;
  }

  get isRebalancing(): boolean {
    return this.#isAsked;
  }

  start(listener: MembershipListener): Promise<void> {
    this.#listener = listener;
    return this.#rounds.run(() => this.#round());
  }

  requestRejoin(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    void this.#rounds.run(() => this.#round());
  }

  ownerUrl(): string | null {
    return this.lastLeaderUrl;
  }

  members() {
    return [{ memberId: this.memberId, url: this.lastLeaderUrl, isLeaving: false, ...NOTHING }];
  }

  drain(): Drain {
    return new Drain();
  }

  async stop(): Promise<void> {
    this.#listener = null;
  }

  async #round(): Promise<void> {
    await this.#listener?.beforeJoin();
    this.#isAsked = false;
    const { connectors, offset } = this.#view.snapshot();
    await this.#listener?.onAssigned({
      connectors: [...connectors.keys()],
      tasks: [...connectors].flatMap(([connector, { taskConfigs, isInconsistent }]) =>
        isInconsistent ? [] : taskConfigs.map((_, task) => ({ connector, task })),
      ),
      error: 'NONE',
      leader: this.memberId,
      leaderUrl: this.lastLeaderUrl,
      configOffset: offset,
      revoked: NOTHING,
      delayMs: 0,
      generation: ++this.generation,
      memberId: this.memberId,
      protocol: this.protocol,
    });
  }
}
