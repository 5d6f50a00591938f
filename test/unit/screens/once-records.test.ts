/** Records and contexts, printed once: whole, in the order of time, and never more than was there when the reading began. */
import { expect, test } from 'vitest';
import { type OnceAnswer, type OnceOptions, printOnce } from '../../../screens/once.ts';
import { UnreachableError } from '../../../src/base/errors.ts';
import type { FetchedRecord } from '../../../src/kafka/contract.ts';
import { aRecord } from '../../helpers/kept-batches.ts';
import { ScriptedWorld, topic } from '../../helpers/scripted-world.ts';
import { createTestClock } from '../../helpers/test-clock.ts';
import { deadLetterWorld, START_MS } from '../../helpers/worlds.ts';

async function once(line: string, more: Partial<OnceOptions> = {}, world: ScriptedWorld = linesWorld()): Promise<OnceAnswer> {
  const clock = createTestClock(START_MS);
  let answer: OnceAnswer | null = null;
  const { herder, kafka } = world;
  const options = { line, format: 'text', herder, kafka, contextName: 'test', width: 40, environment: { LANG: 'C.UTF-8' }, clock } as const;
  const printing = printOnce({ ...options, ...more }).then((one) => {
    answer = one;
  });
  for (let i = 0; i < 1_000 && answer === null; i++) await clock.advance(100);
  await printing;
  return answer!;
}

function line(partition: number, offset: number, seconds: number, value: string | null, more: Partial<FetchedRecord> = {}): FetchedRecord {
  const timestampMs = START_MS - 60_000 + seconds * 1_000;
  return aRecord({
    topic: 'lines',
    partition,
    offset: BigInt(offset),
    timestampMs,
    value: value === null ? null : Buffer.from(value),
    ...more,
  });
}

/** Two partitions that were written in turn, and one record that comes after the ends were asked for. */
function linesWorld(): ScriptedWorld {
  const world = new ScriptedWorld();
  world.topics = [topic('lines', 2, 3n)];
  world.records = [
    line(0, 0, 1, 'first'),
    line(0, 1, 3, '{"id":17,"name":"한글 이름"}', { key: Buffer.from('user-17') }),
    line(0, 2, 5, `long ${'x'.repeat(5_000)} end`),
    line(0, 3, 9, 'came later'),
    line(1, 0, 2, null),
    line(1, 1, 4, null, { value: Buffer.from([0xff, 0xfe, 0]) }),
    line(1, 2, 6, '=SUM(A1) \x1b[31mred \u202e'),
  ];
  return world;
}

const offsetsIn = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((row) => JSON.parse(row) as { partition: number; offset: string })
    .map(({ partition, offset }) => `${partition}@${offset}`);

test('a tail: what lay there when it began, the partitions in one order of time, no line cut', async () => {
  const { text, problem, exit } = await once('tail lines');
  expect({ problem, exit }).toEqual({ problem: '', exit: 0 });
  const rows = text.trimEnd().split('\n');
  expect(rows.map((row) => /p\d @ \d/.exec(row)?.[0])).toEqual(['p0 @ 0', 'p1 @ 0', 'p0 @ 1', 'p1 @ 1', 'p0 @ 2', 'p1 @ 2']);
  expect(rows[1]).toMatch(/–.* tombstone$/);
  expect(rows[2]).toMatch(/user-17 +\{"id":17,"name":"한글 이름"\}$/);
  expect(rows[4]).toMatch(/long x{5000} end$/);
  expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e|came later/u);
});

test('as the words of the : line say: so many of the last, a filter, a place that is none', async () => {
  expect(offsetsIn((await once('tail lines o=-3', { format: 'ndjson' })).text)).toEqual(['1@1', '0@2', '1@2']);
  expect(offsetsIn((await once('tail lines /value ~ /first|long/', { format: 'ndjson' })).text)).toEqual(['0@0', '0@2']);
  expect(await once('tail lines /key = nobody')).toMatchObject({ exit: 0, text: '' });
  expect(await once('tail lines o=nowhere')).toMatchObject({ exit: 2, text: '', problem: expect.stringContaining('o=nowhere is none of') });
  expect(await once('tail lines /value = (')).toMatchObject({ exit: 2, text: '', problem: expect.stringContaining('column') });
  expect(await once('tail zzz')).toMatchObject({ exit: 2, problem: 'there is no topic "zzz"' });
  expect(await once('tail')).toMatchObject({ exit: 2, problem: expect.stringContaining('which topic?') });
});

test('as JSON, NDJSON and CSV: the same records, and nothing in them acts', async () => {
  const json = JSON.parse((await once('tail lines', { format: 'json' })).text) as Record<string, unknown>[];
  expect(json.length).toBe(6);
  expect(json[2]).toMatchObject({
    topic: 'lines',
    partition: 0,
    offset: '1',
    key: 'user-17',
    value: '{"id":17,"name":"한글 이름"}',
    headers: [],
  });
  expect(json[1]).toMatchObject({ value: null });
  expect(json[3]).toMatchObject({ valueBase64: '//4A' });
  const ndjson = (await once('tail lines', { format: 'ndjson' })).text;
  expect(
    ndjson
      .trimEnd()
      .split('\n')
      .map((row) => JSON.parse(row) as unknown),
  ).toEqual(json);
  const csv = (await once('tail lines', { format: 'csv' })).text;
  expect(csv).toMatch(/^topic,partition,offset,timestamp,key,value\nlines,0,0,\d{4}-\d\d-\d\dT[\d:.]+Z,,first\n/);
  expect(csv).toContain(',base64://4A\n');
  expect(csv).toMatch(/,'=SUM\(A1\)/);
  for (const text of [ndjson, csv]) expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  expect((await once('tail lines /zzz', { format: 'json' })).text).toBe('[]\n');
});

test('a tail that nobody answers ends with 3 and why, also when the answers stop half-way', async () => {
  const dead = linesWorld();
  dead.kafkaError = new UnreachableError('10.0.0.1:9092: connection refused');
  expect(await once('tail lines', {}, dead)).toMatchObject({ exit: 3, text: '', problem: expect.stringContaining('connection refused') });
  const stuck = linesWorld();
  const { kafka } = stuck;
  const fetcher: typeof kafka.fetcher = (options) => Object.assign(kafka.fetcher(options), { position: () => 1n });
  expect(await once('tail lines', { kafka: { ...kafka, fetcher } }, stuck)).toMatchObject({
    exit: 3,
    text: expect.stringContaining('first'),
    problem: expect.stringContaining('Kafka has not answered in time'),
  });
});

test('more than there is room for: the newest are printed, and how many are missing is said', async () => {
  const world = new ScriptedWorld();
  world.topics = [topic('lines', 1, 20n)];
  const value = Buffer.alloc(4_000_000, 'x');
  world.records = Array.from({ length: 20 }, (_, offset) => line(0, offset, offset, null, { value }));
  const { text, problem, exit } = await once('tail lines o=begin', { format: 'csv' }, world);
  const offsets = text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => Number(row.split(',', 3)[2]));
  expect(offsets).toEqual(Array.from({ length: offsets.length }, (_, i) => 20 - offsets.length + i));
  expect(offsets.length).toBeGreaterThan(10);
  expect(offsets.length).toBeLessThan(17);
  expect(problem).toBe(`${20 - offsets.length} older records did not fit: begin later, with o=-1000 or t=-15m`);
  expect(exit).toBe(0);
});

test('dead letters: with their reasons, and 1 when there are any, whatever the filter shows', async () => {
  const { text, exit, problem } = await once('dlq orders-sink', {}, deadLetterWorld());
  expect({ exit, problem }).toEqual({ exit: 1, problem: '' });
  expect(text).toMatch(/^TIME +STAGE +REASON +ORIGIN +KEY\n/);
  expect(text).toMatch(/ value +JsonParseException: .* orders-\d@1204 +user-17\n/);
  expect(text).toMatch(/no reason: it has no context headers/);
  expect(text.trimEnd().split('\n').length).toBe(7);
  expect(
    await once('dlq orders-sink /stage = TASK_PUT', { format: 'ndjson' }, deadLetterWorld()).then((one) => offsetsIn(one.text)),
  ).toEqual(['0@3', '0@4']);
  expect(await once('dlq orders-sink /zzz', {}, deadLetterWorld())).toMatchObject({ exit: 1, text: '' });
});

test('dead letters for programs: the reason beside the record, and its own headers alone', async () => {
  const json = JSON.parse((await once('dlq orders-sink', { format: 'json' }, deadLetterWorld())).text) as Record<string, unknown>[];
  expect(json[2]).toMatchObject({
    value: '{"a":1}',
    stage: 'TRANSFORMATION',
    reason: 'DataException: Field does not exist: id',
    exception: 'org.apache.kafka.connect.errors.DataException',
    connector: 'orders-sink',
    headers: [{ key: 'trace', value: 'a1' }],
  });
  expect(json[5]).toMatchObject({ value: 'nobody tells why', reason: null });
  expect((await once('dlq orders-sink', { format: 'csv' }, deadLetterWorld())).text).toMatch(
    /^topic,partition,offset,timestamp,stage,reason,exception,connector,origin,key,value\n/,
  );
});

test('no dead letters are well: 0, and what is so', async () => {
  const emptied = deadLetterWorld();
  emptied.records = [];
  expect(await once('dlq plain-sink', {}, emptied)).toEqual({ exit: 0, text: '', problem: '' });
  expect(await once('dlq new-sink', {}, deadLetterWorld())).toMatchObject({
    exit: 0,
    text: expect.stringContaining('The topic missing-dlq of the dead-letter queue does not exist.'),
  });
  expect(await once('dlq bare-sink', {}, deadLetterWorld())).toMatchObject({
    exit: 0,
    text: expect.stringContaining('has no dead-letter queue'),
  });
  expect(await once('dlq bare-sink', { format: 'json' }, deadLetterWorld())).toMatchObject({ exit: 0, text: '[]\n' });
  expect(await once('dlq plain-sink', { kafka: null }, deadLetterWorld())).toMatchObject({
    exit: 2,
    text: '',
    problem: expect.stringContaining('No Kafka'),
  });
});

test('contexts and left workers, without asking anybody', async () => {
  const host: OnceOptions['host'] = {
    places: [
      { place: { kind: 'worker', pid: 71 }, label: 'kc-1', detail: 'worker on this host, pid 71' },
      { place: { kind: 'context', name: 'prod' }, label: 'prod', detail: 'kafka1:9092  read-only' },
    ],
    problems: [],
  };
  const nobody = { host, herder: null, kafka: null };
  expect(await once('ctx', nobody)).toEqual({
    exit: 0,
    problem: '',
    text: 'NAME  KIND     DETAIL\nkc-1  worker   worker on this host, pid 71\nprod  context  kafka1:9092  read-only\n',
  });
  expect(JSON.parse((await once('context', { ...nobody, format: 'json' })).text)).toEqual([
    { name: 'kc-1', kind: 'worker', detail: 'worker on this host, pid 71' },
    { name: 'prod', kind: 'context', detail: 'kafka1:9092  read-only' },
  ]);
  expect((await once('ctx', { ...nobody, format: 'csv' })).text).toMatch(/^name,kind,detail\n/);
  expect(await once('ctx prod', nobody)).toMatchObject({ exit: 2, text: '', problem: expect.stringContaining('--context NAME') });
  expect(await once('ctx', { host: { places: [], problems: ['prod.json is no JSON'] } })).toMatchObject({
    exit: 1,
    problem: 'prod.json is no JSON',
  });
});
