/** The cluster's id and brokers. With KRaft `controllerId` is any broker that forwards to the controller. */
import { defineMessage } from '../codec.ts';
import { array, bool, int8, int16, int32, nullable, since, string } from '../field.ts';

export const describeClusterMessage = defineMessage({
  name: 'DescribeCluster',
  apiKey: 60,
  versions: [0, 2],
  flexibleFrom: 0,
  request: {
    includeClusterAuthorizedOperations: bool,
    /** 1 brokers, 2 controllers. */
    endpointType: since(1, int8, 1),
    includeFencedBrokers: since(2, bool),
  },
  reply: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullable(string),
    endpointType: since(1, int8, 1),
    clusterId: string,
    controllerId: int32,
    brokers: array({ brokerId: int32, host: string, port: int32, rack: nullable(string), isFenced: since(2, bool) }),
    clusterAuthorizedOperations: int32,
  },
});
