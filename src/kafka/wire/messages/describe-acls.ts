/** ACL bindings that a filter matches; 1 stands for «any» in every filter. */
import { defineMessage } from '../codec.ts';
import { array, int8, int16, int32, nullable, string } from '../field.ts';

export const describeAclsMessage = defineMessage({
  name: 'DescribeAcls',
  apiKey: 29,
  versions: [1, 3],
  flexibleFrom: 2,
  request: {
    resourceTypeFilter: int8,
    resourceNameFilter: nullable(string),
    patternTypeFilter: int8,
    principalFilter: nullable(string),
    hostFilter: nullable(string),
    operation: int8,
    permissionType: int8,
  },
  reply: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullable(string),
    resources: array({
      resourceType: int8,
      resourceName: string,
      patternType: int8,
      acls: array({ principal: string, host: string, operation: int8, permissionType: int8 }),
    }),
  },
});
