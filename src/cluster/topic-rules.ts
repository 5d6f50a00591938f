/** The settings of topics that decide about their safety and their size: asked for many at once, kept for a while. */
import { type Clock, systemClock } from '../base/clock.ts';
import { LoopPacer } from '../base/turn.ts';
import type { Admin, TopicConfigs } from '../kafka/contract.ts';

export interface TopicRules {
  /** `null`: not known, e.g. for want of the right to read settings. */
  readonly minIsr: number | null;
  readonly isUncleanAllowed: boolean | null;
  /** −1: for ever. */
  readonly retentionMs: number | null;
  /** Of each partition; −1: no limit. */
  readonly retentionBytes: bigint | null;
  /** `delete`, `compact`, `compact,delete`. */
  readonly cleanup: string | null;
}

const KEYS = ['min.insync.replicas', 'unclean.leader.election.enable', 'retention.ms', 'retention.bytes', 'cleanup.policy'];
const MAX_AGE_MS = 60_000;
/** Taking in the answer of more topics at once would keep a key waiting that is pressed meanwhile. */
const AT_ONCE = 1_000;

export class TopicRulesCache {
  readonly #admin: Admin;
  readonly #clock: Clock;
  readonly #rules = new Map<string, { readonly rules: TopicRules; readonly atMs: number }>();

  constructor(admin: Admin, clock: Clock = systemClock) {
    this.#admin = admin;
    this.#clock = clock;
  }

  get(topic: string): TopicRules | null {
    return this.#rules.get(topic)?.rules ?? null;
  }

  /** Those that are not known or old are asked for. `nowMs` is monotonic. Rejects when no broker answers. */
  async refresh(topics: readonly string[], nowMs: number): Promise<void> {
    const due = topics.filter((topic) => nowMs - (this.#rules.get(topic)?.atMs ?? Number.NEGATIVE_INFINITY) > MAX_AGE_MS);
    const pacer = new LoopPacer(this.#clock);
    for (let at = 0; at < due.length; at += AT_ONCE) {
      for (const answer of await this.#admin.topicConfigs(due.slice(at, at + AT_ONCE), KEYS)) {
        const turn = pacer.turnWhenDue();
        if (turn) await turn;
        const [rules, before] = [toRules(answer), this.get(answer.topic)];
        this.#rules.set(answer.topic, { rules: before && isSame(before, rules) ? before : rules, atMs: nowMs });
      }
    }
  }

  /** A change was made: it is asked for again. */
  forget(topic: string): void {
    this.#rules.delete(topic);
  }

  /** Topics that are gone need no place. */
  retain(isKnown: (topic: string) => boolean): void {
    for (const topic of this.#rules.keys()) if (!isKnown(topic)) this.#rules.delete(topic);
  }
}

function toRules({ entries }: TopicConfigs): TopicRules {
  const settingOf = (name: string) => entries.find((entry) => entry.name === name)?.value ?? null;
  const whole = (text: string | null) => (text !== null && /^-?\d+$/.test(text) ? BigInt(text) : null);
  const number = (text: string | null) => {
    const value = whole(text);
    return value === null ? null : Number(value);
  };
  const unclean = settingOf('unclean.leader.election.enable');
  return {
    minIsr: number(settingOf('min.insync.replicas')),
    isUncleanAllowed: unclean === null ? null : unclean === 'true',
    retentionMs: number(settingOf('retention.ms')),
    retentionBytes: whole(settingOf('retention.bytes')),
    cleanup: settingOf('cleanup.policy'),
  };
}

function isSame(a: TopicRules, b: TopicRules): boolean {
  return (
    a.minIsr === b.minIsr &&
    a.isUncleanAllowed === b.isUncleanAllowed &&
    a.retentionMs === b.retentionMs &&
    a.retentionBytes === b.retentionBytes &&
    a.cleanup === b.cleanup
  );
}
