import { KAFKA_VERSION } from '../../../plugin-api/kafka-version.ts';
import type { ConverterPlugin } from '../../../plugin-api/plugin.ts';
import { CONVERTER_TYPE } from '../shared/converter-type.ts';
import { JsonConverter } from './converter.ts';
import { spec } from './spec.ts';

export const jsonConverter: ConverterPlugin = {
  kind: 'converter',
  className: 'org.apache.kafka.connect.json.JsonConverter',
  version: KAFKA_VERSION,
  isHeaderConverter: true,
  spec,
  create: (config, isKey) => new JsonConverter(spec.parse({ ...config, [CONVERTER_TYPE]: isKey ? 'key' : 'value' })),
};
