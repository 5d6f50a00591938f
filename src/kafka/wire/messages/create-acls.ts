/** New ACL bindings; one that is there already is made again without a fault. */
import { defineMessage } from '../codec.ts';
import { array, int8, int16, int32, nullable, string } from '../field.ts';

export const createAclsMessage = defineMessage({
  name: 'CreateAcls',
  apiKey: 30,
  versions: [1, 3],
  flexibleFrom: 2,
  request: {
    creations: array({
      resourceType: int8,
      resourceName: string,
      resourcePatternType: int8,
      principal: string,
      host: string,
      operation: int8,
      permissionType: int8,
    }),
  },
  reply: {
    throttleTimeMs: int32,
    results: array({ errorCode: int16, errorMessage: nullable(string) }),
  },
});
