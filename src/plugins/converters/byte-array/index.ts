import { KAFKA_VERSION } from '../../../plugin-api/kafka-version.ts';
import type { ConverterPlugin } from '../../../plugin-api/plugin.ts';
import { ByteArrayConverter } from './converter.ts';
import { spec } from './spec.ts';

export const byteArrayConverter: ConverterPlugin = {
  kind: 'converter',
  className: 'org.apache.kafka.connect.converters.ByteArrayConverter',
  version: KAFKA_VERSION,
  isHeaderConverter: true,
  spec,
  create: () => new ByteArrayConverter(),
};
