/**
 * The group that Connect's workers form, as its members tell it to the brokers: who leads, where each worker's REST API is, and what each owns.
 * No worker is asked, so it is the same for ours and JVM workers. Brokers tell members' words only while the group is Stable.
 */
import {
  CONNECT_PROTOCOL_TYPE,
  type ConnectWork,
  decodeWorkerAssignment,
  decodeWorkerMetadata,
  isDraining,
  NO_WORK,
  type WorkerAssignment,
  type WorkerMetadata,
} from '../kafka/connect-protocol.ts';
import type { Admin, GroupDescription, GroupMemberInfo } from '../kafka/contract.ts';
import { KafkaProtocolError } from '../kafka/kafka-error.ts';
import { hostOf } from './group-rows.ts';

export interface ConnectGroupMember {
  readonly memberId: string;
  /** Of its REST API. */
  readonly url: string;
  /** Of its connection to the brokers. */
  readonly host: string;
  /** Of the config topic, up to which it had read when it joined the last round; −1: nothing. */
  readonly configOffset: bigint;
  /** From the last round on: what it had, without what was taken from it, and what it was given. */
  readonly owned: ConnectWork;
  /** It gives up all it owns, and leaves then. Told by workers of ours alone. */
  readonly isDraining: boolean;
}

export interface ConnectGroup {
  readonly groupId: string;
  readonly state: string;
  /** `default` (eager), `compatible` or `sessioned`; empty while they rebalance. */
  readonly protocol: string;
  /** How many there are, also while they rebalance and tell nothing. */
  readonly memberCount: number;
  /** Address of the leader's REST API; `null`: not told, while they rebalance. */
  readonly leaderUrl: string | null;
  /** Its member id. */
  readonly leader: string | null;
  /** That the last round was made for; `null`: not told. */
  readonly configOffset: bigint | null;
  /** From the last round to the one that its leader has planned; 0: none is. */
  readonly delayMs: number;
  readonly workers: readonly ConnectGroupMember[];
}

/** All groups of workers on this cluster. */
export async function fetchConnectGroups(admin: Pick<Admin, 'groups' | 'describeGroups'>): Promise<ConnectGroup[]> {
  const ids = (await admin.groups()).filter((one) => one.protocolType === CONNECT_PROTOCOL_TYPE).map((one) => one.groupId);
  return ids.length === 0 ? [] : (await admin.describeGroups(ids)).map(toConnectGroup);
}

function toConnectGroup({ groupId, state, protocol, members }: GroupDescription): ConnectGroup {
  const assignments = members.map(({ rawAssignment }) => readable(() => decodeWorkerAssignment(rawAssignment)));
  const told = assignments.find((one) => one !== null) ?? null;
  return {
    groupId,
    state,
    protocol,
    memberCount: members.length,
    leaderUrl: told?.leaderUrl ?? null,
    leader: told?.leader ?? null,
    configOffset: told?.configOffset ?? null,
    delayMs: told?.delayMs ?? 0,
    workers: members.flatMap((member, i) => {
      const metadata = readable(() => decodeWorkerMetadata(member.rawMetadata));
      return metadata === null ? [] : [toWorker(member, metadata, assignments[i] ?? null)];
    }),
  };
}

function toWorker(member: GroupMemberInfo, metadata: WorkerMetadata, given: WorkerAssignment | null): ConnectGroupMember {
  const { url, configOffset, allocation } = metadata;
  const kept = without(allocation?.assigned ?? NO_WORK, given?.revoked ?? NO_WORK);
  const owned = merged(kept, given?.assigned ?? NO_WORK);
  return { memberId: member.memberId, url, host: hostOf(member), configOffset, owned, isDraining: isDraining(metadata) };
}

const keyOf = ({ connector, task }: ConnectWork['tasks'][number]): string => `${connector}\n${task}`;

function without(work: ConnectWork, taken: ConnectWork): ConnectWork {
  const connectors = new Set(taken.connectors);
  const tasks = new Set(taken.tasks.map(keyOf));
  return {
    connectors: work.connectors.filter((name) => !connectors.has(name)),
    tasks: work.tasks.filter((one) => !tasks.has(keyOf(one))),
  };
}

function merged(a: ConnectWork, b: ConnectWork): ConnectWork {
  const more = without(b, a);
  return { connectors: [...a.connectors, ...more.connectors], tasks: [...a.tasks, ...more.tasks] };
}

/** `null`: a member of a group that only calls itself Connect's, or that has no assignment yet. */
function readable<T>(decode: () => T): T | null {
  try {
    return decode();
  } catch (error) {
    if (error instanceof KafkaProtocolError) return null;
    throw error;
  }
}
