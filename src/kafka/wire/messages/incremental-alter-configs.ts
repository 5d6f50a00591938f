/** Changes single settings (KIP-339). Operation 0 set, 1 delete, 2 append, 3 subtract. */
import { defineMessage } from '../codec.ts';
import { array, bool, int8, int16, int32, nullable, string } from '../field.ts';

export const incrementalAlterConfigsMessage = defineMessage({
  name: 'IncrementalAlterConfigs',
  apiKey: 44,
  versions: [0, 1],
  flexibleFrom: 1,
  request: {
    resources: array({
      resourceType: int8,
      resourceName: string,
      configs: array({ name: string, configOperation: int8, value: nullable(string) }),
    }),
    validateOnly: bool,
  },
  reply: {
    throttleTimeMs: int32,
    responses: array({ errorCode: int16, errorMessage: nullable(string), resourceType: int8, resourceName: string }),
  },
});
