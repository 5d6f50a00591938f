import { expect, test } from 'vitest';
import { stringConverter } from '../../../../../src/plugins/converters/string/index.ts';
import {
  BOOLEAN_SCHEMA,
  buildStruct,
  INT32_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
} from '../../../../../src/record/schema-builder.ts';
import { Struct } from '../../../../../src/record/struct.ts';
import { bytesOf, converterContract } from '../../../../contracts/converter-contract.ts';
import { attempt, goldenCases } from '../../../../helpers/record-golden.ts';
import { expectAsOnTheJvm } from '../simple-converters.ts';

test('as on the JVM', () => expectAsOnTheJvm('String', stringConverter));

test('encodings write and read as on the JVM, unknown ones are refused', () => {
  for (const [encoding, expected] of goldenCases('encoding')) {
    const text = attempt(() => {
      const converter = stringConverter.create({ 'converter.encoding': encoding ?? '' }, false);
      const bytes = bytesOf(converter.fromConnectData('t', STRING_SCHEMA, 'a\u00e9\ud55c\ud83d\ude00\ud800')) ?? new Uint8Array();
      return `${Buffer.from(bytes).toString('hex')} ${converter.toConnectData('t', bytes).value}`;
    });
    // Node cannot decode it in full, so it is refused.
    const wanted = encoding === 'MS949' ? '! org.apache.kafka.common.errors.SerializationException: Unsupported encoding MS949' : expected;
    expect(text, encoding ?? '').toBe(wanted);
  }
});

test('text of encodings with two bytes a character reads back', () => {
  for (const [encoding, sample] of [
    ['EUC-KR', '한글 abc'],
    ['Shift_JIS', 'カタカナ漢字'],
    ['Big5', '繁體'],
    ['GBK', '简体'],
    ['windows-1251', 'Привет'],
  ] as const) {
    const converter = stringConverter.create({ 'converter.encoding': encoding }, false);
    const bytes = bytesOf(converter.fromConnectData('t', STRING_SCHEMA, sample));
    expect(converter.toConnectData('t', bytes).value).toBe(sample);
  }
});

test('settings are as on the JVM, in its order', () => {
  expect([...stringConverter.spec.keys.keys()]).toEqual(goldenCases('spec.StringConverter').map(([name]) => name));
  expect(stringConverter.spec.keys.get('converter.encoding')).toMatchObject({
    type: 'STRING',
    defaultValue: 'UTF-8',
    importance: 'HIGH',
    width: 'MEDIUM',
    displayName: 'Encoding',
  });
});

const point = buildStruct([['x', INT32_SCHEMA]]);

converterContract({
  plugin: stringConverter,
  nullSchema: OPTIONAL_STRING_SCHEMA,
  samples: [
    { schema: OPTIONAL_STRING_SCHEMA, value: '' },
    { schema: OPTIONAL_STRING_SCHEMA, value: 'a\nb 한글 😀' },
    { schema: INT32_SCHEMA, value: 5, back: { schema: OPTIONAL_STRING_SCHEMA, value: '5' } },
    { schema: BOOLEAN_SCHEMA, value: true, back: { schema: OPTIONAL_STRING_SCHEMA, value: 'true' } },
    { schema: point, value: new Struct(point).put('x', 1), back: { schema: OPTIONAL_STRING_SCHEMA, value: 'Struct{x=1}' } },
    { schema: null, value: ['a', 1n], back: { schema: OPTIONAL_STRING_SCHEMA, value: '[a, 1]' } },
  ],
  wrong: [],
});
