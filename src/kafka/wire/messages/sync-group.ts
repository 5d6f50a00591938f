/** Hands the leader's assignments to the coordinator and each member its own. */
import { defineMessage } from '../codec.ts';
import { array, bytes, int16, int32, nullable, since, string } from '../field.ts';

export const syncGroupMessage = defineMessage({
  name: 'SyncGroup',
  apiKey: 14,
  versions: [1, 5],
  flexibleFrom: 4,
  request: {
    groupId: string,
    generationId: int32,
    memberId: string,
    groupInstanceId: since(3, nullable(string, 3)),
    protocolType: since(5, nullable(string, 5)),
    protocolName: since(5, nullable(string, 5)),
    assignments: array({ memberId: string, assignment: bytes }),
  },
  reply: {
    throttleTimeMs: int32,
    errorCode: int16,
    protocolType: since(5, nullable(string, 5)),
    protocolName: since(5, nullable(string, 5)),
    assignment: bytes,
  },
});
