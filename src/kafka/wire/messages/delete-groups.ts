/** Deletes groups without members, with their offsets. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, int16, int32, string } from '../field.ts';

export const deleteGroupsMessage = defineMessage({
  name: 'DeleteGroups',
  apiKey: 42,
  versions: [0, 2],
  flexibleFrom: 2,
  request: { groupsNames: arrayOf(string) },
  reply: { throttleTimeMs: int32, results: array({ groupId: string, errorCode: int16 }) },
});
