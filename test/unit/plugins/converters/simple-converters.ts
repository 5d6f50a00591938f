/** The values that RecordGolden.java hands to every simple converter, in our forms, and the comparison of what comes out. */
import { expect } from 'vitest';
import type { ConverterPlugin } from '../../../../src/plugin-api/plugin.ts';
import { dateSchema, decimalSchema } from '../../../../src/record/logical-types.ts';
import { Decimal } from '../../../../src/record/numbers.ts';
import type { ConnectValue, Schema } from '../../../../src/record/schema.ts';
import {
  BOOLEAN_SCHEMA,
  BYTES_SCHEMA,
  FLOAT32_SCHEMA,
  FLOAT64_SCHEMA,
  INT8_SCHEMA,
  INT16_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
} from '../../../../src/record/schema-builder.ts';
import { bytesOf } from '../../../contracts/converter-contract.ts';
import { attempt, describeBoth, goldenCases } from '../../../helpers/record-golden.ts';

const values: Readonly<Record<string, readonly [Schema | null, ConnectValue]>> = {
  true: [BOOLEAN_SCHEMA, true],
  false: [BOOLEAN_SCHEMA, false],
  'int8 1': [INT8_SCHEMA, 1],
  'int16 -2': [INT16_SCHEMA, -2],
  'int32 70000': [INT32_SCHEMA, 70000],
  'int64 9007199254740993': [INT64_SCHEMA, 9007199254740993n],
  'float 1.1': [FLOAT32_SCHEMA, Math.fround(1.1)],
  'double -0.1': [FLOAT64_SCHEMA, -0.1],
  'string x': [STRING_SCHEMA, 'x'],
  'bytes 00ff': [BYTES_SCHEMA, Uint8Array.of(0, 255)],
  null: [null, null],
  'null optional': [OPTIONAL_STRING_SCHEMA, null],
  'schemaless string x': [null, 'x'],
  'schemaless true': [null, true],
  'schemaless double 1.5': [null, 1.5],
  'schemaless bytes 00ff': [null, Uint8Array.of(0, 255)],
  date: [dateSchema(), new Date(0)],
  decimal: [decimalSchema(1), Decimal.parse('1.5')],
};

/** Compares writing and reading with the captures `write.<name>` and `read.<name>`. */
export function expectAsOnTheJvm(name: string, plugin: ConverterPlugin): void {
  const converter = plugin.create({}, false);
  for (const [input, expected] of goldenCases(`write.${name}`)) {
    const value = values[input ?? ''];
    if (value === undefined) throw new Error(`No value for case ${input}`);
    const text = attempt(() => {
      const bytes = bytesOf(converter.fromConnectData('t', ...value));
      return bytes === null ? 'null' : Buffer.from(bytes).toString('hex');
    });
    expect(text, `${name} writes ${input}`).toBe(expected);
  }
  for (const [hex, expected] of goldenCases(`read.${name}`)) {
    const bytes = hex === null ? null : Buffer.from(hex, 'hex');
    expect(
      attempt(() => describeBoth(converter.toConnectData('t', bytes))),
      `${name} reads ${hex}`,
    ).toBe(expected);
  }
}
