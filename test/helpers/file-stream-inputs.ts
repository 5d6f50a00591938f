/** Files for file sources, and messages for file sinks: all that a line or a value can be. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Properties } from './worker-process.ts';

export const STRING = { 'value.converter': 'org.apache.kafka.connect.storage.StringConverter' };
export const BYTES = { 'value.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter' };
export const PLAIN_JSON = { 'value.converter': 'org.apache.kafka.connect.json.JsonConverter', 'value.converter.schemas.enable': 'false' };
/** Characters that the original reads at once. */
const JVM_BUFFER = 1024;

export interface SourceInput {
  readonly name: string;
  readonly bytes: Buffer | string;
  /** How many both make of it. */
  readonly lines: number;
  /** Characters (and bytes) at its end that wait for more. */
  readonly waiting?: number;
  readonly config?: Properties;
  /** Name of the file, if it matters. */
  readonly file?: string;
}

const padded = (length: number, end: string) => `${'x'.repeat(length)}${end}next\nlast\n`;
export const sourceInputs: readonly SourceInput[] = [
  { name: 'nothing', bytes: '', lines: 0 },
  { name: 'lines', bytes: 'first message\nseconde line\n', lines: 2 },
  { name: 'empty lines', bytes: '\n\na\n\n\n', lines: 5 },
  { name: 'ends of all kinds', bytes: 'a\nb\r\nc\rd\n\ne\r\r\n\n\rf\n', lines: 10 },
  { name: 'no end', bytes: 'a\nno end', lines: 1, waiting: 6 },
  { name: 'a lone CR as its last', bytes: 'a\nb\r', lines: 1, waiting: 2 },
  ...[-2, -1, 0, 1].flatMap((i) =>
    [
      ['LF', '\n'],
      ['CR', '\r'],
      ['CRLF', '\r\n'],
    ].map(([name, end]) => ({ name: `${name} at the edge of the buffer (${i})`, bytes: padded(JVM_BUFFER + i, end!), lines: 3 })),
  ),
  { name: 'CR at the edge of the decoder’s buffer', bytes: padded(8191, '\r'), lines: 3 },
  { name: 'long lines', bytes: ['x'.repeat(5000), 'y'.repeat(300_000), '', 'z'.repeat(2048), ''].join('\n'), lines: 4 },
  { name: 'controls', bytes: 'nul\0x\n\0\n\u0001\u001f\u007f\t"\\/\b\f\u000b\n', lines: 3 },
  { name: 'separators of Unicode', bytes: 'a\u2028b\u2029c\u0085d\u00a0\n', lines: 1 },
  { name: 'byte order mark', bytes: '\ufeffa\n\ufeffb\n', lines: 2 },
  { name: 'Korean and emoji', bytes: '세번째 메시지\r\n😀👨‍👩‍👧 끝\n한글\n', lines: 3 },
  { name: 'Korean and emoji as text', bytes: '세번째 메시지\r\n😀👨‍👩‍👧 끝\n한글\n', lines: 3, config: STRING },
  { name: 'Korean without schemas', bytes: '세번째 "메시지"\n', lines: 1, config: PLAIN_JSON },
  { name: 'an emoji over the edge of the buffer', bytes: `${'x'.repeat(JVM_BUFFER - 1)}😀\nlast\n`, lines: 2 },
  { name: 'Korean over the edges of all buffers', bytes: `${'가'.repeat(20_000)}\n`.repeat(3), lines: 3 },
  {
    name: 'malformed UTF-8',
    bytes: Buffer.from(
      'bad\xff\xea\xb0!\nsur\xed\xa0\x80!\nover\xc0\xaf\xf5\n4\xf0\x9f\x98\n3\xe3\x81\r\n2\xc3\ralone\x80\xbf\n',
      'latin1',
    ),
    lines: 7,
  },
  { name: 'a file name with blanks and Korean', bytes: 'a\n', lines: 1, file: '접근 로그 (1).txt' },
  {
    name: 'batches of 3',
    bytes: Array.from({ length: 3000 }, (_, i) => `${`${i}`.padEnd(1023, '.')}\n`).join(''),
    lines: 3000,
    config: { 'batch.size': '3' },
  },
  { name: '100,000 lines', bytes: Array.from({ length: 100_000 }, (_, i) => `line ${i}\n`).join(''), lines: 100_000 },
];

const captured = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../golden/records/file-pipelines.json'), 'utf8')) as Record<
  'sink json with schemas' | 'sink json without schemas',
  Record<string, string>
>;
const typed = (schema: object, payload: unknown) => JSON.stringify({ schema, payload });
const logical = (type: string, name: string, payload: unknown, parameters?: object) =>
  typed({ type, name: `org.apache.kafka.connect.data.${name}`, version: 1, parameters }, payload);

const withSchemas: readonly (string | null)[] = [
  ...Object.keys(captured['sink json with schemas']),
  null,
  typed({ type: 'string' }, 'CR \r LF \n in the middle'),
  typed({ type: 'string' }, '한글 😀'),
  typed({ type: 'bytes' }, 'AAEC'),
  typed({ type: 'map', keys: { type: 'string' }, values: { type: 'string', optional: true } }, { a: '1', b: null, 열쇠: '값' }),
  typed({ type: 'array', items: { type: 'array', items: { type: 'float' } } }, [[1, 0.1], [], [1e10, 3.4e38]]),
  ...[0, 0.1, -1.5, 1e7, 9999999, 0.001, 0.0001, 123456789.125, 4.9e-324, 2e-3, 1e22].map((value) => typed({ type: 'double' }, value)),
  ...[0, 0.1, -1.5, 1e7, 0.001, 1.4e-45, 3.4028235e38].map((value) => typed({ type: 'float' }, value)),
  ...['AQ==', '/w==', 'AIA=', 'AA==', 'Ae0=', 'D0JA'].map((value) => logical('bytes', 'Decimal', value, { scale: '7' })),
  ...['AQ==', 'D0JA'].map((value) => logical('bytes', 'Decimal', value, { scale: '-3' })),
  ...[0, -1, 951782400000, -2208988800000, 253402300799000, -62135596800001].map((value) => logical('int64', 'Timestamp', value)),
  ...[0, -1, 11016, -141427].map((value) => logical('int32', 'Date', value)),
  ...[0, 86399999].map((value) => logical('int32', 'Time', value)),
  typed(
    {
      type: 'struct',
      fields: [
        { field: 'bytes', type: 'bytes' },
        { field: 'when', type: 'int64', name: 'org.apache.kafka.connect.data.Timestamp', optional: true },
        { field: 'none', type: 'string', optional: true },
        { field: 'map', type: 'map', keys: { type: 'string' }, values: { type: 'boolean' } },
      ],
    },
    { bytes: 'AAEC', when: 0, none: null, map: { no: false, yes: true } },
  ),
];
const withoutSchemas = Object.keys(captured['sink json without schemas']);

export interface SinkInput {
  readonly name: string;
  readonly config: Properties;
  readonly values: ReadonlyArray<string | Buffer | null>;
  /** Line feeds within the values. */
  readonly breaks?: number;
}

export const sinkInputs: readonly SinkInput[] = [
  { name: 'values with schemas', config: {}, values: withSchemas, breaks: 1 },
  { name: 'values without schemas', config: PLAIN_JSON, values: withoutSchemas },
  {
    name: 'text',
    config: STRING,
    breaks: 1,
    values: ['a', '', null, '한글 😀', 'CR \r and LF \n', '\ufeff\0', Buffer.from('bad\xff\xed\xa0\x80', 'latin1')],
  },
  { name: 'bytes', config: BYTES, values: ['a', '', null] },
];
