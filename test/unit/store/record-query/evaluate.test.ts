/** Which records a filter lets through. */
import { expect, test } from 'vitest';
import type { FetchedRecord } from '../../../../src/kafka/contract.ts';
import { RECORDS } from '../../../../src/store/record-look.ts';
import { recordFilter } from '../../../../src/store/record-query/record-filter.ts';
import { aRecord } from '../../../helpers/kept-batches.ts';

const passes = (filter: string, more: Partial<FetchedRecord> & { text?: string; sizeBytes?: number }) => {
  const { text, sizeBytes = 10, ...rest } = more;
  const made = recordFilter(filter, RECORDS, 0);
  expect(made.problem).toBeNull();
  return made.test({ ...aRecord({ ...(text === undefined ? {} : { value: Buffer.from(text) }), ...rest }), sizeBytes, problem: null });
};

test('words look into key, value and headers, in either case and composition', () => {
  const record = { key: Buffer.from('User-1'), text: '홍길동'.normalize('NFD'), headers: [{ key: 'trace', value: Buffer.from('abc') }] };
  for (const filter of ['user-1', '홍길동', 'trace=ABC', 'user 홍', '/^user-\\d/', '~usr1']) expect(passes(filter, record)).toBe(true);
  for (const filter of ['user-2', '!user', 'user and nobody', 'not (user or x)']) expect(passes(filter, record)).toBe(false);
});

test('places in JSON', () => {
  const text = '{"amount":100.5,"id":9007199254740993,"who":{"name":"홍길동","tags":["a","b"]},"none":null,"ok":true}';
  const yes = [
    '.amount > 100',
    '.id = 9007199254740993',
    '.who.name = 홍길동',
    '.who.tags[1] = b',
    '.none = null',
    '.ok = true',
    '.who',
    '.who.tags ~ "a"',
    'value.amount <= 100.5',
  ];
  const no = [
    '.amount > 101',
    '.id = 9007199254740992',
    '.who.name = 홍',
    '.who.tags[2] = b',
    '.none != null',
    '.missing = 1',
    '.missing != 1',
    '.missing',
    '.amount = "x"',
  ];
  for (const filter of yes) expect([filter, passes(filter, { text })]).toEqual([filter, true]);
  for (const filter of no) expect([filter, passes(filter, { text })]).toEqual([filter, false]);
  expect(passes('not .missing = 1', { text })).toBe(true);
  expect(passes('.a = 1', { text: 'no json' })).toBe(false);
  expect(passes('key.id = 7', { key: Buffer.from('{"id":7}') })).toBe(true);
});

test('in Connect’s envelope a place is one of the payload; behind a registry’s frame JSON is JSON', () => {
  const text = '{"schema":{"type":"struct"},"payload":{"status":500}}';
  for (const filter of ['.status >= 500', '.payload.status = 500', '.schema.type = struct']) expect(passes(filter, { text })).toBe(true);
  expect(passes('.a = 1', { value: Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), Buffer.from('{"a":1}')]) })).toBe(true);
});

test('facts', () => {
  const record = { partition: 3, offset: 2n ** 60n + 1n, timestampMs: 1_000_000_000_000, topic: 'orders', sizeBytes: 2_000, text: 'x' };
  for (const filter of [
    'partition = 3',
    `offset = ${2n ** 60n + 1n}`,
    'size > 1kB',
    'size <= 2kB',
    'time >= 1000000000000',
    'topic = orders',
    'topic ~ ord',
  ])
    expect([filter, passes(filter, record)]).toEqual([filter, true]);
  for (const filter of ['partition > 3', `offset = ${2n ** 60n}`, 'size > 2kB', 'topic = payments', 'tombstone'])
    expect([filter, passes(filter, record)]).toEqual([filter, false]);
});

test('tombstones, missing keys, headers that stand there twice or hold nothing', () => {
  expect(passes('tombstone', {})).toBe(true);
  expect(passes('key = null and value = null', {})).toBe(true);
  const headers = [
    { key: 'h', value: Buffer.from('1') },
    { key: 'h', value: Buffer.from('2') },
    { key: 'n', value: null },
  ];
  expect(passes('header.h = 2', { headers })).toBe(true);
  expect(passes('header.h > 1', { headers })).toBe(true);
  expect(passes('header.n = null', { headers })).toBe(true);
  expect(passes('header.n', { headers })).toBe(true);
  expect(passes('header.other', { headers })).toBe(false);
});

test('what was found can be marked; what must not be there cannot', () => {
  const { ranges } = recordFilter('ab or value ~ /b+c/ and not x', RECORDS, 0);
  expect(ranges('x abbbc ab')).toEqual([
    [2, 7],
    [8, 10],
  ]);
});
