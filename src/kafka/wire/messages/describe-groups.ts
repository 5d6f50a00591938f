/** Classic groups with their members. A group of another type: state `Dead` up to version 5, GROUP_ID_NOT_FOUND from 6 on. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, bool, bytes, int16, int32, nullable, since, string } from '../field.ts';

export const describeGroupsMessage = defineMessage({
  name: 'DescribeGroups',
  apiKey: 15,
  versions: [1, 6],
  flexibleFrom: 5,
  request: { groups: arrayOf(string), includeAuthorizedOperations: since(3, bool) },
  reply: {
    throttleTimeMs: int32,
    groups: array({
      errorCode: int16,
      errorMessage: since(6, nullable(string, 6)),
      groupId: string,
      groupState: string,
      protocolType: string,
      protocolData: string,
      members: array({
        memberId: string,
        groupInstanceId: since(4, nullable(string, 4)),
        clientId: string,
        clientHost: string,
        memberMetadata: bytes,
        memberAssignment: bytes,
      }),
      authorizedOperations: since(3, int32, -2147483648),
    }),
  },
});
