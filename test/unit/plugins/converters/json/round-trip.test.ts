import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DataError } from '../../../../../src/base/errors.ts';
import { jsonConverter } from '../../../../../src/plugins/converters/json/index.ts';
import { quoteJson } from '../../../../../src/record/json-text.ts';
import type { ConnectValue, SchemaAndValue } from '../../../../../src/record/schema.ts';
import { STRING_SCHEMA } from '../../../../../src/record/schema-builder.ts';
import { schemaEquals, valueEquals } from '../../../../../src/record/schema-equals.ts';
import { bytesOf } from '../../../../contracts/converter-contract.ts';
import { arbitraryRecord, arbitrarySchemaless } from '../../../../helpers/arbitrary-record.ts';

const OFF = { 'schemas.enable': 'false' };

function pair(config: Record<string, string> = {}) {
  return { writer: jsonConverter.create(config, false), reader: jsonConverter.create(config, false) };
}

test('any schema with any value comes back the same, on first sight and when known', () => {
  for (const config of [{}, { 'decimal.format': 'NUMERIC' }, { 'schemas.cache.size': '0' }]) {
    const { writer, reader } = pair(config);
    fc.assert(
      fc.property(arbitraryRecord, ({ schema, value }) => {
        const bytes = bytesOf(writer.fromConnectData('t', schema, value));
        for (let time = 0; time < 2; time++) {
          const back = reader.toConnectData('t', bytes);
          expect(schemaEquals(back.schema, schema)).toBe(true);
          expect(valueEquals(back.value, value)).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  }
});

test('any schemaless value comes back the same, with and without envelope', () => {
  for (const config of [{}, OFF]) {
    const { writer, reader } = pair(config);
    fc.assert(
      fc.property(arbitrarySchemaless, (value) => {
        const back = reader.toConnectData('t', bytesOf(writer.fromConnectData('t', null, value)));
        expect(back.schema).toBeNull();
        expect(valueEquals(back.value, value)).toBe(true);
      }),
      { numRuns: 400 },
    );
  }
});

function outcome(work: () => SchemaAndValue): { read?: SchemaAndValue; error?: string } {
  try {
    return { read: work() };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { error: error.message };
  }
}

test('a damaged message reads the same whether its beginning is known or not', () => {
  fc.assert(
    fc.property(arbitraryRecord, fc.nat(), fc.nat(255), fc.boolean(), ({ schema, value }, at, byte, isCut) => {
      const { writer, reader } = pair();
      const bytes = Buffer.from(bytesOf(writer.fromConnectData('t', schema, value)) ?? []);
      reader.toConnectData('t', bytes);
      const damaged = isCut ? bytes.subarray(0, at % bytes.length) : Buffer.from(bytes);
      if (!isCut) damaged[at % bytes.length] = byte;
      const known = outcome(() => reader.toConnectData('t', damaged));
      const fresh = outcome(() => pair().reader.toConnectData('t', damaged));
      expect(known.error).toBe(fresh.error);
      if (known.read === undefined || fresh.read === undefined) return;
      expect(schemaEquals(known.read.schema, fresh.read.schema)).toBe(true);
      expect(valueEquals(known.read.value, fresh.read.value)).toBe(true);
    }),
    { numRuns: 1500 },
  );
});

test('one schema object serves all messages that carry the same schema', () => {
  const { writer, reader } = pair();
  const read = (text: string) => reader.toConnectData('t', bytesOf(writer.fromConnectData('t', STRING_SCHEMA, text))).schema;
  const first = read('a');
  expect(read('b')).toBe(first);
  // Nine other beginnings push it out of the short list, not out of the cache of schemas.
  for (let index = 0; index < 9; index++) {
    reader.toConnectData('t', Buffer.from(`{"schema":{"type":"int32","doc":"${index}"},"payload":1}`));
  }
  expect(read('c')).toBe(first);
});

test('the cache of schemas is bounded by its setting', () => {
  const { reader } = pair({ 'schemas.cache.size': '2' });
  const read = (doc: number) => reader.toConnectData('t', Buffer.from(`{"payload":1,"schema":{"type":"int32","doc":"${doc}"}}`)).schema;
  const first = read(1);
  read(2);
  expect(read(1)).toBe(first);
  read(3);
  expect(read(1)).toBe(first);
  read(4);
  read(5);
  expect(read(1)).not.toBe(first);
});

test('values nested beyond all measure are refused, not a crash', () => {
  let value: ConnectValue = [];
  for (let depth = 0; depth < 200_000; depth++) value = [value];
  expect(() => pair(OFF).writer.fromConnectData('t', null, value)).toThrow(DataError);
});

/** Everything that a line may hold: escapes, controls, halves of pairs, characters of every width. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.constantFrom('"', '\\', '\n', '\u0001', '\u001f', '\u007f', 'a', 'é', '한', '\ufffd', '\uff21', '\ud800', '\udc00', '😀'))
    .map((parts) => parts.join('')),
  fc.string({ maxLength: 40 }).map((text) => text.padEnd(1100, text || 'x')),
);

test('a text has the bytes of quoteJson between head and tail, however long and at whatever place', () => {
  for (const [config, head, tail] of [
    [{}, '{"schema":{"type":"string","optional":false},"payload":', '}'],
    [OFF, '', ''],
  ] as const) {
    const { writer } = pair(config);
    fc.assert(
      fc.property(anyText, fc.nat({ max: 9 }), (text, at) => {
        const expected = Buffer.from(`${head}${quoteJson(text)}${tail}`).toString('hex');
        const serialized = writer.fromConnectData('t', STRING_SCHEMA, text);
        expect(Buffer.from(bytesOf(serialized) ?? []).toString('hex')).toBe(expected);
        if (serialized === null || typeof serialized === 'string' || serialized instanceof Uint8Array) return;
        const target = Buffer.alloc(at + serialized.maxBytes, 0xaa);
        const end = serialized.writeTo(target, at);
        expect(target.toString('hex')).toBe('aa'.repeat(at) + expected + 'aa'.repeat(target.length - end));
      }),
      { numRuns: 1000 },
    );
  }
});

test('a text reads the same on first sight and behind a known head, also when it is none', () => {
  const head = '{"schema":{"type":"string","optional":false},"payload":';
  const known = jsonConverter.create({}, false);
  known.toConnectData('t', Buffer.from(`${head}"first"}`));
  const anyPayload = fc.oneof(
    anyText.map(quoteJson),
    fc
      .array(fc.constantFrom('"', '\\"', '\\\\', '\\/', '\\n', '\\u0041', '\\x', '\u0001', 'a', '한', '}'))
      .map((parts) => `"${parts.join('')}"`),
  );
  fc.assert(
    fc.property(anyPayload, (payload) => {
      const message = Buffer.from(`${head}${payload}}`);
      const fresh = jsonConverter.create({}, false);
      expect(outcome(() => known.toConnectData('t', message))).toEqual(outcome(() => fresh.toConnectData('t', message)));
    }),
    { numRuns: 2000 },
  );
});
