import { KAFKA_VERSION } from '../../../plugin-api/kafka-version.ts';
import type { HeaderConverterPlugin } from '../../../plugin-api/plugin.ts';
import { SimpleHeaderConverter } from './converter.ts';
import { spec } from './spec.ts';

export const simpleHeaderConverter: HeaderConverterPlugin = {
  kind: 'header_converter',
  className: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  version: KAFKA_VERSION,
  spec,
  create: () => new SimpleHeaderConverter(),
};
