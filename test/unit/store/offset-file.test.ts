/** Offsets from files, as kafka-consumer-groups and Connect write them. What is wrong is told with its line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseOffsetText, readOffsetFile } from '../../../src/store/offset-file.ts';

const sink = { kind: 'sink', name: 'connect-snk' } as const;
const source = { kind: 'source', name: 'src' } as const;
const parse = (text: string, owner: typeof sink | typeof source = sink) => parseOffsetText(text, 'o.csv', owner);
const place = (topic: string, partition: bigint, offset: bigint, line: number) => ({
  partition: { kafka_topic: topic, kafka_partition: partition },
  offset: { kafka_offset: offset },
  where: `o.csv, line ${line}`,
});

test('lines of topic, partition, offset; comments, a header, quotes and either line end', () => {
  expect(parse('TOPIC,PARTITION,NEW-OFFSET\r\n# before the fix\r\norders,0,9007199254740993\r\n\r\n"a ""b"", c" , 1 , 7\r\n')).toEqual([
    place('orders', 0n, 9007199254740993n, 3),
    place('a "b", c', 1n, 7n, 5),
  ]);
});

test('of several groups only its own', () => {
  expect(parse('"connect-snk","주문",0,5\n"other","주문",0,9\n')).toEqual([place('주문', 0n, 5n, 1)]);
  expect(() => parse('other,orders,0,9')).toThrow('o.csv holds no offset of connect-snk');
});

test.each([
  ['orders,0,5\norders,0', 'o.csv, line 2: 2 fields; topic,partition,offset are wanted'],
  ['orders,0,5\norders,1,abc', 'o.csv, line 2: "abc" is not an offset, a whole number from 0'],
  ['orders,-1,5', 'o.csv, line 1: "-1" is not a partition, a whole number from 0'],
  ['orders,0,5\n\norders,0,6', 'o.csv, line 3: orders p0 was named in line 1 already'],
  [',0,5', 'o.csv, line 1: the topic is empty'],
  ['"orders,0,5', 'o.csv, line 1: a quote is not closed'],
  ['', 'o.csv holds no offset of connect-snk'],
  ['{"offsets":[]}', 'o.csv holds no offset'],
  ['{"offsets":\n[{"partition" {}}]}', 'in line 2'],
  ['{"offsets":[{"partition":{"a":{}},"offset":null}]}', 'o.csv, entry 1: partition must be an object of plain values'],
  ['[{"partition":{"a":1},"offset":7}]', 'o.csv, entry 1: offset must be an object of plain values, or null'],
  ['{"positions":[]}', 'has no list "offsets"'],
])('%j is refused', (text, problem) => {
  expect(() => parse(text)).toThrow(problem);
});

test('JSON as the REST API answers it, for sources too', () => {
  const text =
    '{"offsets":[{"partition":{"filename":"/로그"},"offset":{"position":9007199254740993}},{"partition":{"filename":"b"},"offset":null}]}';
  expect(parse(text, source)).toMatchObject([
    { partition: { filename: '/로그' }, offset: { position: 9007199254740993n } },
    { partition: { filename: 'b' }, offset: null },
  ]);
  expect(() => parse('a,0,1', source)).toThrow('offsets of a source are JSON, as GET /connectors/src/offsets answers');
});

test('a file that is none says so', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-offsets-'));
  try {
    await expect(readOffsetFile(' ', sink)).rejects.toThrow('which file?');
    await expect(readOffsetFile(path.join(folder, 'none'), sink)).rejects.toThrow(/none cannot be read: ENOENT/);
    await expect(readOffsetFile(folder, sink)).rejects.toThrow('cannot be read');
    writeFileSync(path.join(folder, 'binary'), Buffer.from([1, 0, 2]));
    await expect(readOffsetFile(path.join(folder, 'binary'), sink)).rejects.toThrow('it is no text');
    writeFileSync(path.join(folder, 'bom.csv'), '\ufefforders,0,5');
    await expect(readOffsetFile(path.join(folder, 'bom.csv'), sink)).resolves.toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
