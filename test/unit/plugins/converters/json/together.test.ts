/** Many messages read together give what each of them gives by itself. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ValueInPlace } from '../../../../../src/base/bytes-in-place.ts';
import { jsonConverter } from '../../../../../src/plugins/converters/json/index.ts';
import { OPTIONAL_STRING_SCHEMA, STRING_SCHEMA } from '../../../../../src/record/schema-builder.ts';
import { bytesOf } from '../../../../contracts/converter-contract.ts';

const HEAD = '{"schema":{"type":"string","optional":false},"payload":';

/** As they lie in a fetched batch: behind one another, at odd places. */
function laid(messages: readonly (Buffer | null)[]): ValueInPlace[] {
  const valueIn = Buffer.concat([Buffer.from('.'), ...messages.flatMap((one) => (one === null ? [] : [one, Buffer.from('...')]))]);
  let at = 1;
  return messages.map((one) => {
    if (one === null) return { valueIn, valueStart: -1, valueEnd: at };
    const place = { valueIn, valueStart: at, valueEnd: at + one.length };
    at = place.valueEnd + 3;
    return place;
  });
}

/** A converter that knows the beginning already. */
function reader() {
  const converter = jsonConverter.create({}, false);
  converter.toConnectData('t', Buffer.from(`${HEAD}"first"}`));
  return converter;
}

const message = fc.oneof(
  {
    arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 90 }).map((text) => Buffer.from(`${HEAD}${JSON.stringify(text)}}`)),
    weight: 6,
  },
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(`${HEAD}${JSON.stringify(text)}}`)),
  // Whatever a stranger writes behind the beginning.
  fc
    .string({ unit: fc.constantFrom('"', '\\', 'n', 'u', '0', '}', ' ', '\n', 'é', 'a'), maxLength: 20 })
    .map((rest) => Buffer.from(HEAD + rest)),
  fc
    .constantFrom(null, '', '{}', HEAD, `${HEAD}"`, `${HEAD}null}`, `${HEAD}"\\"}`)
    .map((text) => (text === null ? null : Buffer.from(text))),
);

test('whatever the messages are', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
      const [one, other] = [reader(), reader()];
      const together = one.readTogether?.(laid(messages));
      expect(together?.values).toHaveLength(messages.length);
      messages.forEach((bytes, i) => {
        const value = together?.values[i];
        if (value !== undefined) expect({ schema: together?.schema, value }).toEqual(other.toConnectData('t', bytes));
      });
    }),
    { numRuns: 2000 },
  );
});

describe('plain texts', () => {
  const texts = [
    '',
    'a',
    '1234567',
    '12345678',
    'says "yes"',
    'back\\slash',
    'tab\tline\nend',
    '\b\f\r/',
    'x'.repeat(8000),
    `${'"'.repeat(99)}`,
  ];
  const messagesOf = (list: readonly string[]) => {
    const writer = jsonConverter.create({}, false);
    return list.map((text) => Buffer.from(bytesOf(writer.fromConnectData('t', STRING_SCHEMA, text)) ?? []));
  };

  test('are all among them, in their order, also when they take more than one memory', () => {
    const many = Array.from({ length: 50 }, () => texts).flat();
    expect(reader().readTogether?.(laid(messagesOf(many)))?.values).toEqual(many);
  });

  test('of other kinds are left to be read by themselves', () => {
    const strange = ['한글', 'é', '\u0001', 'x'.repeat(9000)];
    expect(reader().readTogether?.(laid(messagesOf(strange)))?.values).toEqual(strange.map(() => undefined));
  });

  test('behind another beginning, too', () => {
    const writer = jsonConverter.create({}, false);
    const other = Buffer.from(bytesOf(writer.fromConnectData('t', OPTIONAL_STRING_SCHEMA, 'x')) ?? []);
    expect(reader().readTogether?.(laid([other]))?.values).toEqual([undefined]);
  });
});

test('nothing is read together before a beginning is known, nor without schemas', () => {
  const messages = laid([Buffer.from(`${HEAD}"x"}`)]);
  expect(jsonConverter.create({}, false).readTogether?.(messages)).toBeNull();
  const schemaless = jsonConverter.create({ 'schemas.enable': 'false' }, false);
  schemaless.toConnectData('t', Buffer.from('"x"'));
  expect(schemaless.readTogether?.(messages)).toBeNull();
});
