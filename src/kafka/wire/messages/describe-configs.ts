/** Settings of topics, brokers and groups with where each comes from. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, bool, int8, int16, int32, nullable, since, string } from '../field.ts';

export const describeConfigsMessage = defineMessage({
  name: 'DescribeConfigs',
  apiKey: 32,
  versions: [1, 4],
  flexibleFrom: 4,
  request: {
    resources: array({ resourceType: int8, resourceName: string, configurationKeys: nullable(arrayOf(string)) }),
    includeSynonyms: bool,
    includeDocumentation: since(3, bool),
  },
  reply: {
    throttleTimeMs: int32,
    results: array({
      errorCode: int16,
      errorMessage: nullable(string),
      resourceType: int8,
      resourceName: string,
      configs: array({
        name: string,
        value: nullable(string),
        readOnly: bool,
        configSource: int8,
        isSensitive: bool,
        synonyms: array({ name: string, value: nullable(string), source: int8 }),
        configType: since(3, int8),
        documentation: since(3, nullable(string, 3)),
      }),
    }),
  },
});
