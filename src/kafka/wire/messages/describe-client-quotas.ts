/** Limits of users, clients and addresses. A name of null is the default of its type. */
import { defineMessage } from '../codec.ts';
import { array, bool, float64, int8, int16, int32, nullable, string } from '../field.ts';

export const describeClientQuotasMessage = defineMessage({
  name: 'DescribeClientQuotas',
  apiKey: 48,
  versions: [0, 1],
  flexibleFrom: 1,
  request: {
    /** `matchType`: 0 this name, 1 the default, 2 any. None: all there are. */
    components: array({ entityType: string, matchType: int8, match: nullable(string) }),
    strict: bool,
  },
  reply: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullable(string),
    entries: nullable(
      array({
        entity: array({ entityType: string, entityName: nullable(string) }),
        values: array({ key: string, value: float64 }),
      }),
    ),
  },
});
