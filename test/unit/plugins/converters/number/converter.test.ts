import { describe, expect, test } from 'vitest';
import {
  doubleConverter,
  floatConverter,
  integerConverter,
  longConverter,
  shortConverter,
} from '../../../../../src/plugins/converters/number/index.ts';
import { Float32 } from '../../../../../src/record/numbers.ts';
import type { ConnectValue, Schema } from '../../../../../src/record/schema.ts';
import {
  OPTIONAL_FLOAT32_SCHEMA,
  OPTIONAL_FLOAT64_SCHEMA,
  OPTIONAL_INT16_SCHEMA,
  OPTIONAL_INT32_SCHEMA,
  OPTIONAL_INT64_SCHEMA,
  STRING_SCHEMA,
} from '../../../../../src/record/schema-builder.ts';
import { bytesOf, converterContract } from '../../../../contracts/converter-contract.ts';
import { expectAsOnTheJvm } from '../simple-converters.ts';

const kinds = [
  ['Short', 'short', shortConverter, OPTIONAL_INT16_SCHEMA, [0, -32768, 32767]],
  ['Integer', 'integer', integerConverter, OPTIONAL_INT32_SCHEMA, [0, -2147483648, 2147483647]],
  ['Long', 'long', longConverter, OPTIONAL_INT64_SCHEMA, [0n, -(2n ** 63n), 9007199254740993n]],
  ['Float', 'float', floatConverter, OPTIONAL_FLOAT32_SCHEMA, [0, -0, Math.fround(1.1), Number.NaN, Number.NEGATIVE_INFINITY]],
  ['Double', 'double', doubleConverter, OPTIONAL_FLOAT64_SCHEMA, [0, -0, 0.1, Number.NaN, Number.POSITIVE_INFINITY]],
] as const;

for (const [name, typeName, plugin, schema, samples] of kinds) {
  describe(`${name}Converter`, () => {
    test('as on the JVM', () => expectAsOnTheJvm(name, plugin));

    converterContract({
      plugin,
      nullSchema: schema,
      samples: samples.map((value) => ({ schema: schema as Schema, value: value as ConnectValue })),
      wrong: [{ schema: STRING_SCHEMA, value: 'x', message: `Failed to serialize to ${typeName} (was class java.lang.String): ` }],
    });
  });
}

test('schemaless numbers that fit are taken: their first type is not known here', () => {
  const hex = (plugin: typeof shortConverter, value: ConnectValue) =>
    Buffer.from(bytesOf(plugin.create({}, false).fromConnectData('t', null, value)) ?? []).toString('hex');
  expect(hex(shortConverter, 1n)).toBe('0001');
  expect(hex(integerConverter, -2n)).toBe('fffffffe');
  expect(hex(floatConverter, new Float32(1.1))).toBe('3f8ccccd');
  expect(() => hex(shortConverter, 32768n)).toThrow('Failed to serialize to short (was class java.lang.Long): ');
  expect(() => hex(floatConverter, 1.5)).toThrow('Failed to serialize to float (was class java.lang.Double): ');
});
