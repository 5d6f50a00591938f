/** Which broker coordinates a group or a transactional id. One key a request; version 4 (KIP-699) answers in a list. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, int8, int16, int32, nullable, since, string, until } from '../field.ts';

export const findCoordinatorMessage = defineMessage({
  name: 'FindCoordinator',
  apiKey: 10,
  versions: [1, 4],
  flexibleFrom: 3,
  request: {
    key: until(3, string),
    /** 0 group, 1 transactional id. */
    keyType: int8,
    coordinatorKeys: since(4, arrayOf(string)),
  },
  reply: {
    throttleTimeMs: int32,
    errorCode: until(3, int16),
    errorMessage: until(3, nullable(string)),
    nodeId: until(3, int32),
    host: until(3, string),
    port: until(3, int32),
    coordinators: since(
      4,
      array({ key: string, nodeId: int32, host: string, port: int32, errorCode: int16, errorMessage: nullable(string) }),
    ),
  },
});
