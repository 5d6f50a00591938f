/** Takes members out of their group at once. Up to version 2 one member a request. */
import { defineMessage } from '../codec.ts';
import { array, int16, int32, nullable, since, string, until } from '../field.ts';

export const leaveGroupMessage = defineMessage({
  name: 'LeaveGroup',
  apiKey: 13,
  versions: [1, 5],
  flexibleFrom: 4,
  request: {
    groupId: string,
    memberId: until(2, string),
    members: since(3, array({ memberId: string, groupInstanceId: nullable(string), reason: since(5, nullable(string, 5)) })),
  },
  reply: {
    throttleTimeMs: int32,
    errorCode: int16,
    members: since(3, array({ memberId: string, groupInstanceId: nullable(string), errorCode: int16 })),
  },
});
