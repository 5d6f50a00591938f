/** Says that a member is alive; the answer tells of a rebalance. */
import { defineMessage } from '../codec.ts';
import { int16, int32, nullable, since, string } from '../field.ts';

export const heartbeatMessage = defineMessage({
  name: 'Heartbeat',
  apiKey: 12,
  versions: [1, 4],
  flexibleFrom: 4,
  request: { groupId: string, generationId: int32, memberId: string, groupInstanceId: since(3, nullable(string, 3)) },
  reply: { throttleTimeMs: int32, errorCode: int16 },
});
