import { KAFKA_VERSION } from '../../../plugin-api/kafka-version.ts';
import type { ConverterPlugin } from '../../../plugin-api/plugin.ts';
import { DOUBLE, FLOAT, INTEGER, LONG, NumberConverter, type NumberKind, SHORT } from './converter.ts';
import { spec } from './spec.ts';

function plugin(name: string, kind: NumberKind): ConverterPlugin {
  return {
    kind: 'converter',
    className: `org.apache.kafka.connect.converters.${name}`,
    version: KAFKA_VERSION,
    isHeaderConverter: true,
    spec,
    create: () => new NumberConverter(kind),
  };
}

export const shortConverter = plugin('ShortConverter', SHORT);
export const integerConverter = plugin('IntegerConverter', INTEGER);
export const longConverter = plugin('LongConverter', LONG);
export const floatConverter = plugin('FloatConverter', FLOAT);
export const doubleConverter = plugin('DoubleConverter', DOUBLE);
