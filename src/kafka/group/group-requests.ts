/** The requests of the classic group protocol, one attempt each; codes become KafkaErrors. */
import type { ClusterLink } from '../cluster-link.ts';
import { KafkaError, kafkaErrorOf } from '../kafka-error.ts';
import { heartbeatMessage } from '../wire/messages/heartbeat.ts';
import { joinGroupMessage } from '../wire/messages/join-group.ts';
import { leaveGroupMessage } from '../wire/messages/leave-group.ts';
import { syncGroupMessage } from '../wire/messages/sync-group.ts';

export interface MemberIdentity {
  readonly groupId: string;
  /** −1: none yet. */
  readonly generation: number;
  /** Empty: none yet. */
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

export interface JoinRequest {
  readonly protocolType: string;
  readonly protocols: ReadonlyArray<{ readonly name: string; readonly metadata: Buffer }>;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly reason: string;
  /** The coordinator gave this member its id and waits for it to join with it. */
  readonly onMemberId: (memberId: string) => void;
}

export interface JoinedGroup {
  readonly generation: number;
  readonly memberId: string;
  readonly leaderId: string;
  readonly protocol: string;
  /** True: this member makes the assignment. */
  readonly isLeader: boolean;
  /** The broker keeps the assignment that it has (a static leader came back). */
  readonly keepsAssignment: boolean;
  readonly members: ReadonlyArray<{ readonly memberId: string; readonly groupInstanceId: string | null; readonly metadata: Buffer }>;
}

/** `lane`: a connection of the member's own, because the broker answers nothing else on it meanwhile. */
export interface GroupCall {
  readonly lane?: string;
  readonly timeoutMs: number;
}

/** Longer reasons are cut, as the JVM client does (KIP-800). */
const MAX_REASON_LENGTH = 255;

/** Waits until all members have joined. A first answer MEMBER_ID_REQUIRED is followed at once with the id given. */
export async function joinGroup(link: ClusterLink, identity: MemberIdentity, request: JoinRequest, call: GroupCall): Promise<JoinedGroup> {
  const { groupId, groupInstanceId } = identity;
  const { protocolType, protocols, sessionTimeoutMs, rebalanceTimeoutMs } = request;
  const reason = request.reason.slice(0, MAX_REASON_LENGTH);
  let memberId = identity.memberId;
  for (let attempt = 0; ; attempt++) {
    const body = { groupId, sessionTimeoutMs, rebalanceTimeoutMs, memberId, groupInstanceId, protocolType, protocols, reason };
    const reply = await link.send({ coordinator: groupId }, joinGroupMessage, body, call);
    const error = reply.errorCode === 0 ? null : kafkaErrorOf(reply.errorCode, `join of group "${groupId}"`);
    if (error?.kafkaName === 'MEMBER_ID_REQUIRED' && attempt === 0) {
      memberId = reply.memberId;
      request.onMemberId(memberId);
    } else if (error) throw error;
    else {
      return {
        generation: reply.generationId,
        memberId: reply.memberId,
        leaderId: reply.leader,
        protocol: reply.protocolName ?? '',
        isLeader: reply.leader === reply.memberId,
        keepsAssignment: reply.skipAssignment,
        members: reply.members,
      };
    }
  }
}

/** Answers with this member's assignment. */
export async function syncGroup(
  link: ClusterLink,
  { groupId, generation, memberId, groupInstanceId }: MemberIdentity,
  { protocolType, protocol }: { readonly protocolType: string; readonly protocol: string },
  assignments: ReadonlyMap<string, Buffer>,
  call: GroupCall,
): Promise<Buffer> {
  const body = {
    groupId,
    generationId: generation,
    memberId,
    groupInstanceId,
    protocolType,
    protocolName: protocol,
    assignments: [...assignments].map(([id, assignment]) => ({ memberId: id, assignment })),
  };
  const reply = await link.send({ coordinator: groupId }, syncGroupMessage, body, call);
  if (reply.errorCode !== 0) throw kafkaErrorOf(reply.errorCode, `sync of group "${groupId}"`);
  if (reply.protocolName !== null && reply.protocolName !== protocol) {
    throw new KafkaError(
      'REBALANCE_IN_PROGRESS',
      `sync of group "${groupId}": the protocol became ${reply.protocolName} instead of ${protocol}`,
    );
  }
  return reply.assignment;
}

export async function sendHeartbeat(link: ClusterLink, identity: MemberIdentity, call: GroupCall): Promise<void> {
  const { groupId, generation, memberId, groupInstanceId } = identity;
  const body = { groupId, generationId: generation, memberId, groupInstanceId };
  const reply = await link.send({ coordinator: groupId }, heartbeatMessage, body, call);
  if (reply.errorCode !== 0) throw kafkaErrorOf(reply.errorCode, `heartbeat of group "${groupId}"`);
}

/** Tried again while the coordinator moves, for at most `totalMs`. A member that is already gone counts as having left. */
export async function leaveGroup(link: ClusterLink, identity: MemberIdentity, reason: string, totalMs: number): Promise<void> {
  const { groupId, memberId } = identity;
  const members = [{ memberId, groupInstanceId: null, reason: reason.slice(0, MAX_REASON_LENGTH) }];
  await link.request(
    { coordinator: groupId },
    leaveGroupMessage,
    { groupId, memberId, members },
    ({ errorCode, members: answers }) => {
      const code = errorCode || (answers[0]?.errorCode ?? 0);
      const error = code === 0 ? null : kafkaErrorOf(code, `leaving group "${groupId}"`);
      if (error && error.kafkaName !== 'UNKNOWN_MEMBER_ID') throw error;
    },
    { totalMs, timeoutMs: totalMs },
  );
}
