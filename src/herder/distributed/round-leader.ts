/**
 * What the leader of the group does in a round: reads what the members say, hands the work out, and remembers who has what. Source: WorkerCoordinator,
 * EagerAssignor, IncrementalCooperativeAssignor (reference 2.4, 2.5).
 */
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import {
  decodeWorkerMetadata,
  encodeWorkerAssignment,
  isDraining,
  NO_WORK as NOTHING,
  type WorkerAssignment,
  type WorkerMetadata,
} from '../../kafka/connect-protocol.ts';
import type { ClusterConfig } from '../../storage/config/port.ts';
import { assignCooperatively, type CooperativeShare, NEW_LEADER } from './cooperative-assignor.ts';
import { assignEagerly } from './eager-assignor.ts';
import type { ConfigView, MemberFacts } from './membership.ts';
import { difference, fromWork, NO_WORK, toWork, union, type Work } from './work.ts';

export interface RoundLeaderParts {
  readonly view: ConfigView;
  /** Of this worker; ends in `/`. */
  url(): string;
  /** `scheduled.rebalance.max.delay.ms` */
  readonly maxDelayMs: number;
  /** All members drain: this worker is to stay, so that somebody can take the work. */
  onNobodyStays(): void;
  readonly clock: Clock;
  readonly log: Log;
}

export interface RoundToLead {
  /** This worker's member id. */
  readonly leader: string;
  /** Of the protocol that the group has agreed on: 0 is eager. */
  readonly version: number;
  readonly joined: ReadonlyArray<{ readonly memberId: string; readonly metadata: Buffer }>;
  readonly generation: number;
  /** Of the last round that this worker saw complete; −1: none. */
  readonly lastGeneration: number;
}

interface Member extends WorkerMetadata {
  readonly memberId: string;
}

interface Shares {
  readonly shares: ReadonlyMap<string, CooperativeShare>;
  readonly delayMs: number;
}

const CONFIG_MISMATCH = 1;

export class RoundLeader {
  readonly #parts: RoundLeaderParts;
  #memory = NEW_LEADER;
  #members: readonly MemberFacts[] = [];

  constructor(parts: RoundLeaderParts) {
    this.#parts = parts;
  }

  /** As of the last round that was led. */
  get members(): readonly MemberFacts[] {
    return this.#members;
  }

  /** Assignment bytes by member id. */
  async assign(round: RoundToLead): Promise<ReadonlyMap<string, Buffer>> {
    const { view, url, log } = this.#parts;
    const { joined, version, leader } = round;
    const members = joined.flatMap((one) => this.#read(one) ?? []);
    const [furthest = -1n] = members.map(({ configOffset }) => configOffset).sort((a, b) => (a > b ? -1 : 1));
    let config = view.snapshot();
    if (config.offset < furthest) config = await view.freshSnapshot();
    const isBehind = config.offset < furthest;
    const facts = { leader, leaderUrl: url(), error: isBehind ? CONFIG_MISMATCH : 0, configOffset: isBehind ? furthest : config.offset };
    if (isBehind)
      log.warn(
        `This leader has read the config topic to offset ${config.offset} only, another worker to ${furthest}: nothing is assigned in generation ${round.generation}.`,
      );
    const leaving = isBehind ? NOBODY : this.#leaving(members, leader);
    const { shares, delayMs } = isBehind ? NONE : this.#shares(round, members, leaving, config);
    this.#members = isBehind ? [] : members.map((member) => factsOf(member, version, leaving, shares));
    return new Map(
      joined.map(({ memberId }) => {
        const share = shares.get(memberId);
        const assigned = share ? fromWork(share.assigned) : NOTHING;
        const revoked = share ? fromWork(share.revoked) : NOTHING;
        return [memberId, encodeWorkerAssignment({ ...facts, assigned, revoked, delayMs }, version)];
      }),
    );
  }

  /** `null`: it is given nothing, and the others go on. */
  #read({ memberId, metadata }: RoundToLead['joined'][number]): Member | null {
    try {
      return { memberId, ...decodeWorkerMetadata(metadata) };
    } catch (error) {
      this.#parts.log.error(`Member ${memberId} of the group tells what no Connect worker does, and is given nothing: ${messageOf(error)}`);
      return null;
    }
  }

  #leaving(members: readonly Member[], leader: string): ReadonlySet<string> {
    const all = new Set(members.filter(isDraining).map(({ memberId }) => memberId));
    if (all.size < members.length) return all;
    this.#parts.onNobodyStays();
    all.delete(leader);
    return all;
  }

  #shares(
    { version, generation, lastGeneration }: RoundToLead,
    members: readonly Member[],
    leaving: ReadonlySet<string>,
    config: ClusterConfig,
  ): Shares {
    const configured = configuredWork(config);
    if (version === 0) {
      const shares = assignEagerly(
        members.map(({ memberId }) => memberId),
        configured,
      );
      return { shares: new Map([...shares].map(([id, assigned]) => [id, { assigned, revoked: NO_WORK }])), delayMs: 0 };
    }
    const { clock, maxDelayMs } = this.#parts;
    const owned = new Map(members.map(({ memberId, allocation }) => [memberId, ownedBy(allocation)]));
    const outcome = assignCooperatively(this.#memory, {
      members: owned,
      configured,
      leaving,
      lastGeneration,
      generation,
      nowMs: clock.monoMs(),
      maxDelayMs,
    });
    this.#memory = outcome.next;
    return outcome;
  }
}

const NONE: Shares = { shares: new Map(), delayMs: 0 };
const NOBODY: ReadonlySet<string> = new Set();

function factsOf(
  { memberId, url, allocation }: Member,
  version: number,
  leaving: ReadonlySet<string>,
  shares: Shares['shares'],
): MemberFacts {
  const { assigned, revoked } = shares.get(memberId) ?? { assigned: NO_WORK, revoked: NO_WORK };
  const kept = version === 0 ? NO_WORK : difference(ownedBy(allocation), revoked);
  return { memberId, url, isLeaving: leaving.has(memberId), ...fromWork(union(kept, assigned)) };
}

/** Tasks of an incomplete set do not exist. */
function configuredWork({ connectors }: ClusterConfig): Work {
  return toWork({
    connectors: [...connectors.keys()],
    tasks: [...connectors].flatMap(([connector, { taskConfigs, isInconsistent }]) =>
      isInconsistent ? [] : taskConfigs.map((_, task) => ({ connector, task })),
    ),
  });
}

function ownedBy(allocation: WorkerAssignment | null): Work {
  return allocation === null ? NO_WORK : toWork(allocation.assigned);
}
