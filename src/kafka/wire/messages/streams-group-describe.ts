/** Streams groups (KIP-1071) with their topology and members. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, bool, int16, int32, int64, nullable, string, struct, uint16 } from '../field.ts';

const pairs = array({ key: string, value: string });
const topicInfos = array({ name: string, partitions: int32, replicationFactor: int16, topicConfigs: pairs });
const tasks = array({ subtopologyId: string, partitions: arrayOf(int32) });
const taskOffsets = array({ subtopologyId: string, partition: int32, offset: int64 });
const assignment = struct({ activeTasks: tasks, standbyTasks: tasks, warmupTasks: tasks });

export const streamsGroupDescribeMessage = defineMessage({
  name: 'StreamsGroupDescribe',
  apiKey: 89,
  versions: [0, 0],
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
      topology: nullable(
        struct({
          epoch: int32,
          subtopologies: nullable(
            array({
              subtopologyId: string,
              sourceTopics: arrayOf(string),
              repartitionSinkTopics: arrayOf(string),
              stateChangelogTopics: topicInfos,
              repartitionSourceTopics: topicInfos,
            }),
          ),
        }),
      ),
      members: array({
        memberId: string,
        memberEpoch: int32,
        instanceId: nullable(string),
        rackId: nullable(string),
        clientId: string,
        clientHost: string,
        topologyEpoch: int32,
        processId: string,
        userEndpoint: nullable(struct({ host: string, port: uint16 })),
        clientTags: pairs,
        taskOffsets,
        taskEndOffsets: taskOffsets,
        assignment,
        targetAssignment: assignment,
        isClassic: bool,
      }),
      authorizedOperations: int32,
    }),
  },
});
