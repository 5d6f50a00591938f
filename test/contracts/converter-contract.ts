/** What every converter must do, whatever its format. Called by each converter's unit test. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inHand } from '../../src/base/bytes-in-place.ts';
import { DataError, SerializationError } from '../../src/base/errors.ts';
import type { Converter, ConverterPlugin, Serialized } from '../../src/plugin-api/plugin.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../../src/record/schema.ts';
import { OPTIONAL_STRING_SCHEMA, STRING_SCHEMA } from '../../src/record/schema-builder.ts';
import { schemaEquals, valueEquals } from '../../src/record/schema-equals.ts';

export interface ConverterContract {
  readonly plugin: ConverterPlugin;
  readonly config?: Readonly<Record<string, string>>;
  /** Written and read back: as themselves, unless `back` says what becomes of them. */
  readonly samples: readonly (SchemaAndValue & { readonly back?: SchemaAndValue })[];
  /** Refused with exactly this message. */
  readonly wrong: readonly (SchemaAndValue & { readonly message: string })[];
  /** What a null message reads as. */
  readonly nullSchema: Schema | null;
}

/** What lines hold: mostly plain text, with escapes, controls and characters of every width. */
const anyLine = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.toWellFormed()),
  fc
    .array(fc.constantFrom('"', '\\', '\t', '\u0001', '\u001f', '\u007f', 'a', 'plain text ', 'é', '한', '\ufffd', '\uff21', '😀'), {
      maxLength: 30,
    })
    .map((parts) => parts.join('')),
  fc.string({ maxLength: 40 }).map((text) => text.padEnd(1100, text || 'x')),
);

export function bytesOf(serialized: Serialized): Uint8Array | null {
  const bytes = inHand(serialized);
  return typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
}

export function expectSame(actual: SchemaAndValue, expected: SchemaAndValue): void {
  expect(schemaEquals(actual.schema, expected.schema), `schema ${JSON.stringify(actual.schema)}`).toBe(true);
  expect(valueEquals(actual.value, expected.value), `${String(actual.value)} for ${String(expected.value)}`).toBe(true);
}

export function converterContract({ plugin, config = {}, samples, wrong, nullSchema }: ConverterContract): void {
  const make = (isKey = false): Converter => plugin.create(config, isKey);

  test('null is null both ways, as key and as value', () => {
    for (const isKey of [true, false]) {
      expect(make(isKey).fromConnectData('t', null, null)).toBeNull();
      expectSame(make(isKey).toConnectData('t', null), { schema: nullSchema, value: null });
    }
  });

  test('what is written reads back, again and again', () => {
    const converter = make();
    for (let round = 0; round < 3; round++) {
      for (const { schema, value, back } of samples) {
        const bytes = bytesOf(converter.fromConnectData('t', schema, value));
        expectSame(converter.toConnectData('t', bytes), back ?? { schema, value });
      }
    }
  });

  test('a text that lies in UTF-8 among others is written as its string is, at whatever place', () => {
    const converter = make();
    fc.assert(
      fc.property(
        anyLine,
        anyLine,
        fc.nat({ max: 9 }),
        fc.constantFrom(STRING_SCHEMA, OPTIONAL_STRING_SCHEMA),
        (text, other, at, schema) => {
          const bytes = Buffer.from(`${other}${text}${other}`);
          const start = Buffer.byteLength(other);
          const inPlace = converter.fromTextInPlace?.(schema, bytes, start, start + Buffer.byteLength(text)) ?? null;
          if (inPlace === null) return;
          const target = Buffer.alloc(at + inPlace.maxBytes, 0xaa);
          const end = inPlace.writeTo(target, at);
          const expected = Buffer.from(bytesOf(converter.fromConnectData('t', schema, text)) ?? []).toString('hex');
          expect(target.toString('hex')).toBe('aa'.repeat(at) + expected + 'aa'.repeat(target.length - end));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a value read stays the same when its bytes are used again', () => {
    const converter = make();
    for (const { schema, value, back } of samples) {
      const bytes = Uint8Array.from(bytesOf(converter.fromConnectData('t', schema, value)) ?? []);
      const read = converter.toConnectData('t', bytes);
      bytes.fill(0x5a);
      expectSame(read, back ?? { schema, value });
    }
  });

  test('a view into a larger buffer is read alike', () => {
    const converter = make();
    for (const { schema, value, back } of samples) {
      const bytes = bytesOf(converter.fromConnectData('t', schema, value)) ?? new Uint8Array();
      const larger = new Uint8Array(bytes.length + 9).fill(0xff);
      larger.set(bytes, 5);
      expectSame(converter.toConnectData('t', larger.subarray(5, 5 + bytes.length)), back ?? { schema, value });
    }
  });

  test('values of another type are refused with the well-known sentence', () => {
    for (const { schema, value, message } of wrong) {
      const work = () => make().fromConnectData('t', schema, value as ConnectValue);
      expect(work).toThrow(DataError);
      expect(work).toThrow(new DataError(message));
    }
  });

  test('no bytes break it: a value or an error of its own', () => {
    const converter = make();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          converter.toConnectData('t', bytes);
        } catch (error) {
          if (!(error instanceof DataError || error instanceof SerializationError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('names itself', () => {
    expect(plugin.className).toMatch(/^org\.apache\.kafka\.connect\..*Converter$/);
    expect(plugin.kind).toBe('converter');
    expect([...plugin.spec.keys.keys()]).toContain('converter.type');
    for (const key of plugin.spec.keys.values()) expect(key.documentation, key.name).not.toBe('');
  });
}
