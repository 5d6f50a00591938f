/** Enters a group or its next generation; the answer comes when all members have. Version 4 on: the first answer to an unknown member is MEMBER_ID_REQUIRED with its id (KIP-394). */
import { defineMessage } from '../codec.ts';
import { array, bool, bytes, int16, int32, nullable, since, string } from '../field.ts';

export const joinGroupMessage = defineMessage({
  name: 'JoinGroup',
  apiKey: 11,
  versions: [2, 9],
  flexibleFrom: 6,
  request: {
    groupId: string,
    sessionTimeoutMs: int32,
    rebalanceTimeoutMs: int32,
    memberId: string,
    groupInstanceId: since(5, nullable(string, 5)),
    protocolType: string,
    protocols: array({ name: string, metadata: bytes }),
    reason: since(8, nullable(string, 8)),
  },
  reply: {
    throttleTimeMs: int32,
    errorCode: int16,
    generationId: int32,
    protocolType: since(7, nullable(string, 7)),
    protocolName: nullable(string, 7),
    leader: string,
    /** A static leader came back: the assignment that the broker holds stays (KIP-814). */
    skipAssignment: since(9, bool),
    memberId: string,
    members: array({ memberId: string, groupInstanceId: since(5, nullable(string, 5)), metadata: bytes }),
  },
});
