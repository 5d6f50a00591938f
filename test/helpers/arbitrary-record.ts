/** Arbitrary schemas with values that fit them, for property tests. */
import fc from 'fast-check';
import { dateSchema, decimalSchema, MS_PER_DAY, timeSchema, timestampSchema } from '../../src/record/logical-types.ts';
import { Decimal } from '../../src/record/numbers.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../../src/record/schema.ts';
import { buildArray, buildMap, buildSchema, buildStruct } from '../../src/record/schema-builder.ts';
import { Struct } from '../../src/record/struct.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const name = fc.oneof(fc.string({ minLength: 1, maxLength: 6 }), fc.constantFrom('__proto__', 'constructor', 'schema', 'payload', 'ü"\\'));

function intOf(bits: number): fc.Arbitrary<number> {
  const max = 2 ** (bits - 1);
  return fc.integer({ min: -max, max: max - 1 });
}

type Pair = readonly [make: (optional: boolean) => Schema, value: fc.Arbitrary<ConnectValue>];

const leaves: readonly Pair[] = [
  [(optional) => buildSchema('INT8', { optional }), intOf(8)],
  [(optional) => buildSchema('INT16', { optional }), intOf(16)],
  [(optional) => buildSchema('INT32', { optional }), intOf(32)],
  [(optional) => buildSchema('INT64', { optional }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  // JSON has neither NaN nor infinities nor, read by way of BigDecimal, a negative zero.
  [(optional) => buildSchema('FLOAT32', { optional }), fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)],
  [(optional) => buildSchema('FLOAT64', { optional }), fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)],
  [(optional) => buildSchema('BOOLEAN', { optional }), fc.boolean()],
  [(optional) => buildSchema('STRING', { optional, doc: 'text', name: 'n', version: 3 }), text],
  [(optional) => buildSchema('BYTES', { optional, parameters: { p: '"v"' } }), fc.uint8Array({ maxLength: 9 })],
  [
    (optional) => decimalSchema(3, { optional }),
    fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }).map((unscaled) => new Decimal(unscaled, 3)),
  ],
  [(optional) => dateSchema({ optional }), fc.integer({ min: -90_000_000, max: 90_000_000 }).map((days) => new Date(days * MS_PER_DAY))],
  [(optional) => timeSchema({ optional }), fc.nat(MS_PER_DAY).map((ms) => new Date(ms))],
  [(optional) => timestampSchema({ optional }), fc.integer({ min: -8.64e15, max: 8.64e15 }).map((ms) => new Date(ms))],
];

/** A schema, and values that all fit it. */
interface Family {
  readonly schema: Schema;
  readonly value: fc.Arbitrary<ConnectValue>;
}

const leafFamily: fc.Arbitrary<Family> = fc
  .tuple(fc.constantFrom(...leaves), fc.boolean())
  .map(([[make, value], optional]) => ({ schema: make(optional), value: optional ? fc.option(value, { nil: null }) : value }));

const family: fc.Memo<Family> = fc.memo((depth) => {
  if (depth <= 1) return leafFamily;
  return fc.oneof(leafFamily, arrayFamily(depth), mapFamily(depth), structFamily(depth));
});

function arrayFamily(depth: number): fc.Arbitrary<Family> {
  return family(depth - 1).map(({ schema, value }) => ({ schema: buildArray(schema), value: fc.array(value, { maxLength: 4 }) }));
}

function mapFamily(depth: number): fc.Arbitrary<Family> {
  return fc.tuple(fc.boolean(), family(depth - 1)).map(([hasTextKeys, { schema, value }]) => {
    const keySchema = buildSchema(hasTextKeys ? 'STRING' : 'INT64');
    const key: fc.Arbitrary<ConnectValue> = hasTextKeys ? text : fc.bigInt({ min: -99n, max: 99n });
    return {
      schema: buildMap(keySchema, schema),
      value: fc.array(fc.tuple(key, value), { maxLength: 4 }).map((entries) => new Map(entries)),
    };
  });
}

function structFamily(depth: number): fc.Arbitrary<Family> {
  return fc.uniqueArray(fc.tuple(name, family(depth - 1)), { selector: ([field]) => field, maxLength: 4 }).map((members) => {
    const schema = buildStruct(members.map(([field, part]) => [field, part.schema]));
    const value = fc.tuple(...members.map(([, part]) => part.value)).map((values) => {
      const struct = new Struct(schema);
      for (const [index, [field]] of members.entries()) struct.put(field, values[index] ?? null);
      return struct;
    });
    return { schema, value };
  });
}

/** Any schema, nested up to three levels, with a value of it. */
export const arbitraryRecord: fc.Arbitrary<SchemaAndValue> = fc
  .oneof(leafFamily, family(3))
  .chain(({ schema, value }) => value.map((chosen) => ({ schema, value: chosen })));

/** Any schemaless value that JSON can carry and that keeps its form when read back: no bytes, no single floats. */
export const arbitrarySchemaless: fc.Arbitrary<ConnectValue> = fc.letrec<{ value: ConnectValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
})).value;
