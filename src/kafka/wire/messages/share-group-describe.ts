/** Share groups (KIP-932) with their members. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, bool, int16, int32, nullable, string, struct, uuid } from '../field.ts';

export const shareGroupDescribeMessage = defineMessage({
  name: 'ShareGroupDescribe',
  apiKey: 77,
  versions: [1, 1],
  flexibleFrom: 0,
  request: { groupIds: arrayOf(string), includeAuthorizedOperations: bool },
  reply: {
    throttleTimeMs: int32,
    groups: array({
      errorCode: int16,
      errorMessage: nullable(string),
      groupId: string,
      groupState: string,
      groupEpoch: int32,
      assignmentEpoch: int32,
      assignorName: string,
      members: array({
        memberId: string,
        rackId: nullable(string),
        memberEpoch: int32,
        clientId: string,
        clientHost: string,
        subscribedTopicNames: arrayOf(string),
        assignment: struct({ topicPartitions: array({ topicId: uuid, topicName: string, partitions: arrayOf(int32) }) }),
      }),
      authorizedOperations: int32,
    }),
  },
});
