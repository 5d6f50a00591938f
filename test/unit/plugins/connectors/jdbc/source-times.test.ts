/** Days and times of the database: against values captured from the original, and where zones and calendars are odd. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ColumnReader } from '../../../../../src/mysql/column-readers.ts';
import { momentWriter } from '../../../../../src/plugins/connectors/jdbc/source/granularity.ts';
import { compareMoments, momentAt, momentOfMs } from '../../../../../src/plugins/connectors/jdbc/source/moment.ts';
import type { Granularity } from '../../../../../src/plugins/connectors/jdbc/source/spec-connector.ts';
import {
  dateReader,
  momentReader,
  readClock,
  timeReader,
  timestampReader,
  yearReader,
} from '../../../../../src/plugins/connectors/jdbc/source/time-readers.ts';
import { WallClock } from '../../../../../src/plugins/connectors/jdbc/source/wall-clock.ts';

interface Golden {
  readonly cases: readonly {
    readonly zone: string;
    readonly granularity: Granularity;
    readonly columns: Readonly<Record<string, { readonly values: readonly string[] }>>;
  }[];
}

interface Types {
  readonly columns: readonly { readonly name: string; readonly input: readonly string[] }[];
}

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../../../../golden/jdbc/${name}`, import.meta.url), 'utf8')) as T;
const { cases } = read<Golden>('source-times.json');
const { columns } = read<Types>('source-types.json');

const UTC = new WallClock('UTC', false);
const utc = { clock: UTC, zeroDates: 'EXCEPTION' } as const;
const from = <T>(reader: ColumnReader<T>, text: string): T => reader(Buffer.from(text, 'latin1'), 0, text.length);
const msOf = (zone: string, text: string) => from(timestampReader({ ...utc, clock: new WallClock(zone, false) }), text)?.getTime();

describe('as captured from the original', () => {
  const written = (value: unknown) =>
    value instanceof Date ? String(value.getTime()) : typeof value === 'bigint' ? String(value) : JSON.stringify(value);

  test.each(cases)('$zone $granularity', ({ zone, granularity, columns: expected }) => {
    const settings = { ...utc, clock: new WallClock(zone, false) };
    const write = momentWriter(granularity, settings.clock);
    for (const [name, { values }] of Object.entries(expected)) {
      const { input } = columns.find((column) => column.name === name)!;
      if (!/^(?:dt|ts)/.test(name)) continue;
      const ours = input.slice(0, 3).map((literal) => written(write(from(momentReader(settings), literal.replaceAll("'", ''))!)));
      expect([name, ...ours]).toEqual([name, ...values.slice(0, 3)]);
    }
  });

  test('milliseconds are those of the moment', () => {
    for (const text of ['2022-01-21 00:44:13', '2022-01-21 00:44:13.123456', '1969-12-31 23:59:59.999999', '1582-10-15 00:00:00.5'])
      expect(from(timestampReader(utc), text)?.getTime()).toBe(from(momentReader(utc), text)?.ms);
    expect(from(momentReader(utc), '1969-12-31 23:59:59.999999')).toEqual({ ms: -1, nanos: 999_999_000 });
    expect(from(momentReader(utc), '2022-01-21 00:44:13.25')).toEqual({ ms: 1_642_725_853_250, nanos: 250_000_000 });
  });

  test.each([
    ['2022-01-21', 19_013],
    ['1582-10-15', -141_427],
    ['9999-12-31', 2_932_896],
    ['1000-01-01', -354_280],
    ['2022-00-00', 18_961],
  ])('DATE %s', (text, days) => {
    expect(from(dateReader(utc), text)?.getTime()).toBe(days * 86_400_000);
  });

  test('a calendar that is Gregorian from the start', () => {
    const clock = new WallClock('UTC', true);
    expect(from(dateReader({ ...utc, clock }), '1000-01-01')?.toISOString()).toBe('1000-01-01T00:00:00.000Z');
    expect(from(timestampReader({ ...utc, clock }), '0099-03-01 01:02:03')?.toISOString()).toBe('0099-03-01T01:02:03.000Z');
    expect(from(dateReader({ ...utc, clock }), '2022-00-00')?.toISOString()).toBe('2021-11-30T00:00:00.000Z');
  });

  test.each([
    ['2022', 18_993],
    ['1901', -25_202],
    ['2155', 67_570],
    ['0000', 10_957],
  ])('YEAR %s', (text, days) => {
    expect(from(yearReader(UTC), text)?.getTime()).toBe(days * 86_400_000);
  });

  test('TIME, and what is no time of a day', () => {
    const ms = (text: string, clock = UTC) => from(timeReader(clock), text)?.getTime();
    expect([ms('12:34:56'), ms('00:00:00'), ms('23:59:59.999999'), ms('12:34:56.123456')]).toEqual([45_296_000, 0, 86_399_999, 45_296_123]);
    const seoul = new WallClock('Asia/Seoul', false);
    expect(ms('12:34:56', seoul)).toBe(12_896_000);
    // The converter refuses it, as the original's does.
    expect(ms('08:59:59', seoul)).toBe(-1000);
    for (const text of ['-00:00:01', '24:00:00', '838:59:59', '-838:59:59'])
      expect(() => ms(text)).toThrow(`The TIME '${text}' is no time of a day`);
  });

  test('zero dates', () => {
    for (const text of ['0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00.000000']) {
      const reader = text.length > 10 ? timestampReader : dateReader;
      expect(() => from(reader(utc), text)).toThrow('zeroDateTimeBehavior=convertToNull');
      expect(from(reader({ ...utc, zeroDates: 'CONVERT_TO_NULL' }), text)).toBe(null);
      expect(from(reader({ ...utc, zeroDates: 'ROUND' }), text)?.getTime()).toBe(-62_135_769_600_000);
    }
    expect(from(momentReader({ ...utc, zeroDates: 'CONVERT_TO_NULL' }), '0000-00-00 00:00:00')).toBe(null);
  });
});

describe('zones', () => {
  test('clocks that go forward: the hour that is left out is moved on', () => {
    expect(msOf('Europe/Berlin', '2022-03-27 01:59:59')).toBe(Date.UTC(2022, 2, 27, 0, 59, 59));
    expect(msOf('Europe/Berlin', '2022-03-27 02:30:00')).toBe(Date.UTC(2022, 2, 27, 1, 30));
    expect(msOf('Europe/Berlin', '2022-03-27 03:00:00')).toBe(Date.UTC(2022, 2, 27, 1));
  });

  test('clocks that go back: of the hour that comes twice the later one is meant', () => {
    expect(msOf('Europe/Berlin', '2022-10-30 01:59:59')).toBe(Date.UTC(2022, 9, 29, 23, 59, 59));
    expect(msOf('Europe/Berlin', '2022-10-30 02:30:00')).toBe(Date.UTC(2022, 9, 30, 1, 30));
    expect(msOf('Europe/Berlin', '2022-10-30 03:00:00')).toBe(Date.UTC(2022, 9, 30, 2));
    expect(msOf('America/New_York', '2022-11-06 01:30:00')).toBe(Date.UTC(2022, 10, 6, 6, 30));
  });

  test('a moment as the database writes it, there and back', () => {
    const seoul = new WallClock('Asia/Seoul', false);
    expect(seoul.textOf(momentOfMs(0))).toBe('1970-01-01 09:00:00');
    for (const zone of ['UTC', 'Asia/Seoul', 'America/St_Johns', '+05:30', 'Europe/Berlin'])
      for (const text of ['2022-01-21 00:44:13.123999', '2022-07-01 23:59:59.000001', '1999-12-31 23:59:59.5', '1583-01-01 00:00:00']) {
        const clock = new WallClock(zone, false);
        expect(clock.textOf(from(momentReader({ ...utc, clock }), text)!)).toBe(text);
      }
  });

  test('days before 1582-10-15 are written as they were read', () => {
    for (const isProleptic of [true, false]) {
      const clock = new WallClock('UTC', isProleptic);
      expect(clock.textOf(readClock('1000-01-01 12:00:00', clock))).toBe('1000-01-01 12:00:00');
    }
  });

  test('years that no DATETIME has', () => {
    expect(UTC.textOf(momentOfMs(Date.UTC(10_000, 0, 1)))).toBe(null);
    expect(UTC.textOf(momentOfMs(-8.64e15))).toBe(null);
  });
});

test('moments', () => {
  expect(momentOfMs(-1)).toEqual({ ms: -1, nanos: 999_000_000 });
  expect(momentAt(1_642_725_853_123, 123_456_000)).toEqual({ ms: 1_642_725_853_123, nanos: 123_456_000 });
  // The fraction of the milliseconds gives way to that of the nanoseconds.
  expect(momentAt(1_642_725_853_999, 1_000)).toEqual({ ms: 1_642_725_853_000, nanos: 1_000 });
  const inOrder = [
    momentOfMs(-1500),
    momentOfMs(-1),
    momentAt(0, 0),
    momentAt(0, 1_000),
    momentAt(0, 1_000_000),
    momentOfMs(2),
    momentOfMs(1000),
  ];
  for (let i = 1; i < inOrder.length; i++) {
    expect(compareMoments(inOrder[i - 1]!, inOrder[i]!)).toBeLessThan(0);
    expect(compareMoments(inOrder[i]!, inOrder[i]!)).toBe(0);
  }
});
