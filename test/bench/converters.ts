/**
 * What converters cost, in nanoseconds a record. Run: node test/bench/converters.ts [filter]
 * Each case runs several rounds; the median counts. Written strings are encoded as the batch encoder does, in the rows «+ UTF-8».
 */
import { inHand } from '../../src/base/bytes-in-place.ts';
import type { Serialized } from '../../src/plugin-api/plugin.ts';
import { jsonConverter } from '../../src/plugins/converters/json/index.ts';
import { stringConverter } from '../../src/plugins/converters/string/index.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../../src/record/schema.ts';
import {
  BOOLEAN_SCHEMA,
  buildStruct,
  FLOAT64_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
} from '../../src/record/schema-builder.ts';
import { Struct } from '../../src/record/struct.ts';

const ROUNDS = 7;
const RECORDS = 400_000;
const filter = process.argv[2] ?? '';

const logLine = '127.0.0.1 - - [24/Nov/2025:19:07:11 +0000] "GET /index.html HTTP/1.1" 200 612 "-"';
const plainLine = logLine.replaceAll('"', "'");
const koreanLine = `세번째 메시지 ${plainLine.slice(0, 70)}`;
const emojiLine = `😀 ${plainLine.slice(0, 76)}`;

const orderSchema = buildStruct([
  ['id', INT64_SCHEMA],
  ['customer', STRING_SCHEMA],
  ['note', OPTIONAL_STRING_SCHEMA],
  ['items', INT32_SCHEMA],
  ['total', FLOAT64_SCHEMA],
  ['isPaid', BOOLEAN_SCHEMA],
]);
const order = new Struct(orderSchema)
  .put('id', 9007199254740993n)
  .put('customer', 'customer-0042')
  .put('items', 3)
  .put('total', 129.95)
  .put('isPaid', true);

/** Different objects, so that nothing is learnt from one string. */
function variants(text: string): string[] {
  return Array.from({ length: 64 }, (_, index) => Buffer.from(text.slice(0, -2) + String(index).padStart(2, '0')).toString());
}

function measure(name: string, work: (index: number) => number): void {
  if (!name.includes(filter)) return;
  const times: number[] = [];
  let sink = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const startedNs = process.hrtime.bigint();
    for (let index = 0; index < RECORDS; index++) sink += work(index);
    times.push(Number(process.hrtime.bigint() - startedNs) / RECORDS);
  }
  times.sort((a, b) => a - b);
  process.stdout.write(`${name.padEnd(52)} ${(times[ROUNDS >> 1] ?? 0).toFixed(0).padStart(6)} ns${sink === 0 ? ' (nothing done)' : ''}\n`);
}

const target = Buffer.alloc(64 * 1024);

/** As the producer does: bytes into its buffer. */
function put(serialized: Serialized): number {
  if (serialized === null) return 0;
  if (typeof serialized === 'string') return target.write(serialized, 0, 'utf8');
  if (!(serialized instanceof Uint8Array)) return serialized.writeTo(target, 0);
  target.set(serialized);
  return serialized.length;
}

function writing(name: string, schema: Schema | null, values: readonly ConnectValue[], config: Record<string, string> = {}): void {
  const converter = jsonConverter.create(config, false);
  const count = values.length;
  measure(`write ${name}`, (index) => put(converter.fromConnectData('t', schema, values[index % count] ?? null)));
}

function reading(name: string, schema: Schema | null, values: readonly ConnectValue[], config: Record<string, string> = {}): void {
  const writer = jsonConverter.create(config, false);
  const converter = jsonConverter.create(config, false);
  const written = values.map((value) => Buffer.from(inHand(writer.fromConnectData('t', schema, value)) ?? ''));
  const all = Buffer.concat(written);
  const messages: Buffer[] = [];
  let at = 0;
  for (const { length } of written) {
    messages.push(all.subarray(at, at + length));
    at += length;
  }
  const count = messages.length;
  const use = ({ value }: SchemaAndValue) => (value === null ? 0 : 1);
  measure(`read  ${name} (${messages[0]?.length} bytes)`, (index) => use(converter.toConnectData('t', messages[index % count] ?? null)));
}

const OFF = { 'schemas.enable': 'false' };
for (const [name, line] of [
  ['plain line', plainLine],
  ['line with quotes', logLine],
  ['Korean line', koreanLine],
  ['emoji line', emojiLine],
] as const) {
  writing(name, STRING_SCHEMA, variants(line));
  reading(name, STRING_SCHEMA, variants(line));
}
writing('plain line, no schemas', STRING_SCHEMA, variants(plainLine), OFF);
reading('plain line, no schemas', STRING_SCHEMA, variants(plainLine), OFF);
writing('struct of 6', orderSchema, [order]);
reading('struct of 6', orderSchema, [order]);
writing('struct of 6, no schemas', orderSchema, [order], OFF);
reading('struct of 6, no schemas', orderSchema, [order], OFF);

const text = stringConverter.create({}, false);
const lines = variants(plainLine);
const lineBytes = lines.map((line) => Buffer.from(line));
measure('write String line', (index) => put(text.fromConnectData('t', STRING_SCHEMA, lines[index % 64] ?? null)));
measure('read  String line', (index) => (text.toConnectData('t', lineBytes[index % 64] ?? null).value === null ? 0 : 1));
