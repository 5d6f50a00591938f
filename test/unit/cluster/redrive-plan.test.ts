/** What a dry run says: which records go where, and why the others do not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeDeadLetter, originalHeaders, redrivesOf } from '../../../src/cluster/dead-letter.ts';
import { fetchTargets, placeOf, planRedrive, type QueuedRecord, type RedriveRequest } from '../../../src/cluster/redrive-plan.ts';
import { ScriptedWorld, topic } from '../../helpers/scripted-world.ts';

type Headers = Readonly<Record<string, string>>;

const toHeaders = (headers: Headers) => Object.entries(headers).map(([key, text]) => ({ key, value: Buffer.from(text) }));

function letter(offset: number, headers: Headers, more: Partial<QueuedRecord> = {}): QueuedRecord {
  return {
    topic: 'dlq',
    partition: 0,
    offset: BigInt(offset),
    timestampMs: 5,
    key: Buffer.from('k'),
    value: Buffer.from('value'),
    headers: toHeaders(headers),
    ...more,
  };
}

const from = (name: string, partition = 0, more: Headers = {}): Headers => ({
  '__connect.errors.topic': name,
  '__connect.errors.partition': String(partition),
  '__connect.errors.offset': '7',
  ...more,
});

const plan = (records: readonly QueuedRecord[], more: Partial<RedriveRequest> = {}) =>
  planRedrive({
    connector: 'snk',
    queue: 'dlq',
    records,
    fallbackTopic: null,
    limit: 1,
    targets: new Map([
      ['orders', 4],
      ['audit', 1],
    ]),
    redriven: new Map(),
    reads: (name) => ['orders', 'dlq', 'lost'].includes(name),
    ...more,
  });

test('key, value, time and own headers stay; the context goes, and the count comes', () => {
  const { sends, targets, leftOut } = plan([letter(3, { trace: 'a1', ...from('orders', 2), 'kconsole.redrive': '1', more: 'x' })], {
    limit: 2,
  });
  const [one] = sends;
  expect(one).toMatchObject({ topic: 'orders', partition: 2, timestampMs: 5, place: { topic: 'dlq', partition: 0, offset: 3n } });
  expect([String(one?.key), String(one?.value)]).toEqual(['k', 'value']);
  expect(one?.headers.map(({ key, value }) => `${key}=${value}`)).toEqual(['trace=a1', 'more=x', 'kconsole.redrive=2']);
  expect([targets, leftOut]).toEqual([[{ topic: 'orders', records: 1, sizeBytes: 1 + 5 + 'tracea1morexkconsole.redrive2'.length }], []]);
});

test('each reason to be left out is said and counted', () => {
  const { sends, leftOut, withoutOrigin } = plan([
    letter(0, from('orders')),
    letter(1, {}),
    letter(2, from('dlq')),
    letter(3, from('payments')),
    letter(4, from('lost')),
    letter(5, { ...from('orders'), 'kconsole.redrive': '1' }),
    letter(6, { ...from('orders'), 'kconsole.redrive': 'often' }),
    letter(7, { ...from('orders'), 'kconsole.redrive': '12' }),
  ]);
  expect(sends.map(({ place }) => placeOf(place))).toEqual(['dlq-0@0']);
  expect(leftOut).toEqual([
    { why: 'no header tells the topic it came from', records: 1 },
    { why: 'would go into the dead-letter queue dlq itself', records: 1 },
    { why: 'from topic payments, which snk does not read', records: 1 },
    { why: 'there is no topic lost that can be written to', records: 1 },
    { why: 'redriven 1 time before (limit 1)', records: 2 },
    { why: 'redriven 12 times before (limit 1)', records: 1 },
  ]);
  expect(withoutOrigin).toBe(1);
});

test('a typed topic is for those without an origin only, and never the queue', () => {
  const records = [letter(0, {}), letter(1, from('orders', 1))];
  expect(plan(records, { fallbackTopic: 'audit' }).sends.map((one) => [one.topic, one.partition])).toEqual([
    ['audit', null],
    ['orders', 1],
  ]);
  expect(plan(records, { fallbackTopic: 'dlq' }).leftOut).toEqual([{ why: 'would go into the dead-letter queue dlq itself', records: 1 }]);
});

test('a partition that the topic has no more is chosen by key', () => {
  expect(plan([letter(0, from('orders', 9)), letter(1, { '__connect.errors.topic': 'orders' })]).sends.map((one) => one.partition)).toEqual(
    [null, null],
  );
});

test('what is known of earlier redrives counts with the count of the record', () => {
  const redriven = new Map([['dlq-0@0', 1]]);
  expect(plan([letter(0, from('orders'))], { redriven }).sends).toEqual([]);
  const [one] = plan([letter(0, { ...from('orders'), 'kconsole.redrive': '1' })], { redriven, limit: 3 }).sends;
  expect(String(one?.headers.at(-1)?.value)).toBe('3');
});

test('no record is lost or doubled between what goes and what stays', () => {
  const origin = fc.constantFrom('orders', 'dlq', 'lost', 'payments', '');
  fc.assert(
    fc.property(fc.array(fc.record({ origin, count: fc.nat(4) })), fc.integer({ min: 1, max: 4 }), (drafts, limit) => {
      const records = drafts.map(({ origin: name, count }, i) =>
        letter(i, { ...(name === '' ? {} : from(name)), ...(count === 0 ? {} : { 'kconsole.redrive': String(count) }) }),
      );
      const { sends, leftOut, targets } = plan(records, { limit });
      expect(sends.length + leftOut.reduce((all, one) => all + one.records, 0)).toBe(records.length);
      expect(targets.reduce((all, one) => all + one.records, 0)).toBe(sends.length);
      for (const { topic: name, headers } of sends) {
        expect(name).toBe('orders');
        expect(redrivesOf({ headers })).toBeLessThanOrEqual(limit);
        expect(decodeDeadLetter({ headers })).toBeNull();
        expect(originalHeaders({ headers })).toEqual([]);
      }
    }),
  );
});

test('internal topics, and names that are none, are no targets', async () => {
  const world = new ScriptedWorld();
  world.topics = [topic('orders', 4, 0n), topic('__consumer_offsets', 10, 0n, true)];
  expect(await fetchTargets(world.kafka.admin(), ['orders', '__consumer_offsets', 'no such\x1b[2J', 'missing'])).toEqual(
    new Map([['orders', 4]]),
  );
});

test('context headers decoded: the last one counts, passwords are hidden, what is no number is not told', () => {
  const { headers } = letter(0, {});
  expect(decodeDeadLetter({ headers })).toBeNull();
  const twice = [
    ...toHeaders(from('old', 1)),
    ...toHeaders({ ...from('new', 2), '__connect.errors.offset': 'x', '__connect.errors.exception.message': 'password=geheim at 한글' }),
  ];
  expect(decodeDeadLetter({ headers: twice })).toMatchObject({
    origin: { topic: 'new', partition: 2, offset: null },
    message: 'password=[hidden] at 한글',
    stage: null,
  });
  expect(decodeDeadLetter({ headers: [{ key: '__connect.errors.exception.message', value: null }] })).toMatchObject({
    message: null,
    origin: null,
  });
});
