/** Groups of the consumer protocol of KIP-848 with their members. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, bool, int8, int16, int32, nullable, since, string, struct, uuid } from '../field.ts';

const assignment = struct({ topicPartitions: array({ topicId: uuid, topicName: string, partitions: arrayOf(int32) }) });

export const consumerGroupDescribeMessage = defineMessage({
  name: 'ConsumerGroupDescribe',
  apiKey: 69,
  versions: [0, 1],
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
        instanceId: nullable(string),
        rackId: nullable(string),
        memberEpoch: int32,
        clientId: string,
        clientHost: string,
        subscribedTopicNames: arrayOf(string),
        subscribedTopicRegex: nullable(string),
        assignment,
        targetAssignment: assignment,
        /** 0 classic protocol, 1 consumer protocol. */
        memberType: since(1, int8, -1),
      }),
      authorizedOperations: int32,
    }),
  },
});
