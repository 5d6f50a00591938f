import { KAFKA_VERSION } from '../../../plugin-api/kafka-version.ts';
import type { ConverterPlugin } from '../../../plugin-api/plugin.ts';
import { BooleanConverter } from './converter.ts';
import { spec } from './spec.ts';

export const booleanConverter: ConverterPlugin = {
  kind: 'converter',
  className: 'org.apache.kafka.connect.converters.BooleanConverter',
  version: KAFKA_VERSION,
  isHeaderConverter: true,
  spec,
  create: () => new BooleanConverter(),
};
