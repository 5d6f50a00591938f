/** The groups that one broker coordinates. Version 4 tells their state, version 5 their type. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, int16, int32, since, string } from '../field.ts';

export const listGroupsMessage = defineMessage({
  name: 'ListGroups',
  apiKey: 16,
  versions: [1, 5],
  flexibleFrom: 3,
  request: { statesFilter: since(4, arrayOf(string)), typesFilter: since(5, arrayOf(string)) },
  reply: {
    throttleTimeMs: int32,
    errorCode: int16,
    groups: array({ groupId: string, protocolType: string, groupState: since(4, string), groupType: since(5, string) }),
  },
});
