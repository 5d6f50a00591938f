/** Mode timestamp: which offset each row gets, and that rows of one time are neither lost nor doubled by a restart between two polls. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COLUMN_TYPE, type Column } from '../../../../../src/mysql/column.ts';
import type { SourceOffset, SourceRecord } from '../../../../../src/plugin-api/records.ts';
import type { CellValue } from '../../../../../src/plugins/connectors/jdbc/source/column-fields.ts';
import { momentOfMs } from '../../../../../src/plugins/connectors/jdbc/source/moment.ts';
import { type Position, positionOf, START } from '../../../../../src/plugins/connectors/jdbc/source/offsets.ts';
import { ResultShape } from '../../../../../src/plugins/connectors/jdbc/source/result-shape.ts';
import { SameTimeChangedError, TimeGroups } from '../../../../../src/plugins/connectors/jdbc/source/time-groups.ts';
import { WallClock } from '../../../../../src/plugins/connectors/jdbc/source/wall-clock.ts';
import type { Struct } from '../../../../../src/record/struct.ts';

const column = (name: string, type: number): Column => ({
  ...{ name, ownName: name, database: 'db', table: 't', ownTable: 't', type },
  ...{ flags: 1, charset: 63, length: 11, decimals: 0, extendedType: null, isJson: false },
});

const driver = { zeroDates: 'EXCEPTION', yearIsDate: true, tinyInt1IsBit: true, bitIsBoolean: false } as const;
const shape = new ResultShape([column('id', COLUMN_TYPE.long), column('ts', COLUMN_TYPE.datetime)], {
  name: 't',
  tracked: { incrementing: null, timestamps: ['ts'] },
  settings: { clock: new WallClock('UTC', false), granularity: 'connect_logical', decimals: 'none', driver },
});

interface Row {
  readonly id: number;
  /** Seconds. */
  readonly time: number;
}

const cells = ({ id, time }: Row): CellValue[] => [id, momentOfMs(time * 1000)];
const target = { topic: 't', partition: { protocol: '1', table: 'db.t' } };
const idsOf = (records: readonly SourceRecord[]) => records.map(({ value }) => (value as Struct).get('id') as number);
const secondsOf = (offset: SourceOffset | null) => (offset?.timestamp === undefined ? null : Number(offset.timestamp) / 1000);

/** A statement over `rows` from the position on, to its end. */
function readAll(rows: readonly Row[], position: Position = START, maxRows?: number): SourceRecord[] {
  const groups = new TimeGroups(target, position, maxRows);
  const records: SourceRecord[] = [];
  groups.begin(shape);
  for (const row of rows.filter(({ time }) => time * 1000 > (position.timestamp?.ms ?? 0))) groups.add(cells(row), records);
  groups.end(records);
  return records;
}

const rows = (...times: number[]): Row[] => times.map((time, i) => ({ id: i + 1, time }));
const stored = (offset: SourceOffset | null): Position => (offset === null ? START : positionOf(offset));

test('an offset says a time once all its rows are handed over', () => {
  const records = readAll(rows(11, 11, 12, 12, 13), positionOf({ timestamp: 10_000 }));
  expect(records.map(({ sourceOffset }) => secondsOf(sourceOffset))).toEqual([10, 11, 11, 12, 13]);
  expect(idsOf(records)).toEqual([1, 2, 3, 4, 5]);
  expect(records.at(-1)?.sourceOffset).toEqual({ timestamp_nanos: 0, timestamp: 13_000 });
});

test('with nothing before it there is no time to say', () => {
  expect(readAll(rows(1, 1, 2)).map(({ sourceOffset }) => sourceOffset)).toEqual([
    {},
    { timestamp_nanos: 0, timestamp: 1000 },
    { timestamp_nanos: 0, timestamp: 2000 },
  ]);
});

test('rows of one time are held back until they are whole, and come together', () => {
  const groups = new TimeGroups(target, START);
  const records: SourceRecord[] = [];
  groups.begin(shape);
  for (const row of rows(1, 1, 1)) groups.add(cells(row), records);
  expect(records).toEqual([]);
  groups.add(cells({ id: 4, time: 2 }), records);
  expect(idsOf(records)).toEqual([1, 2, 3]);
  expect(groups.position.timestamp).toEqual(momentOfMs(1000));
  groups.end(records);
  expect(idsOf(records)).toEqual([1, 2, 3, 4]);
});

test('a statement that broke off: what was held back comes again, what was given does not', () => {
  const groups = new TimeGroups(target, START);
  const records: SourceRecord[] = [];
  groups.begin(shape);
  for (const row of rows(1, 2, 2)) groups.add(cells(row), records);
  groups.begin(shape);
  for (const row of rows(1, 2, 2).slice(1)) groups.add(cells(row), records);
  groups.end(records);
  expect(idsOf(records)).toEqual([1, 2, 3]);
});

describe('times of more rows than are held back', () => {
  const many = rows(1, 2, 2, 2, 2, 2, 3, 3);

  test('come as they are read, under the time before and their number', () => {
    const records = readAll(many, START, 2);
    expect(idsOf(records)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(records.map(({ sourceOffset: o }) => [secondsOf(o), o?.same_time_rows ?? 0])).toEqual([
      [1, 0],
      [1, 1],
      [1, 2],
      [1, 3],
      [1, 4],
      [2, 0],
      [2, 0],
      [3, 0],
    ]);
  });

  test('a restart after any of them goes on behind it', () => {
    const records = readAll(many, START, 2);
    records.forEach((record, i) => {
      const rest = readAll(many, stored(record.sourceOffset), 2);
      // The pair at the end fits the memory: it comes together, whatever was stored in its midst.
      const expected = i === 6 ? [7, 8] : idsOf(records).slice(i + 1);
      expect(idsOf(rest)).toEqual(expected);
    });
  });

  test('rows that are not the same any more: said, and all read again', () => {
    const offset = readAll(many, START, 2)[3]!.sourceOffset;
    const changes: Row[][] = [
      many.map((row) => (row.id === 3 ? { ...row, id: 33 } : row)),
      [many[0]!, many[2]!, many[1]!, ...many.slice(3)],
      many.filter(({ time }) => time !== 2),
      many.slice(0, 3),
    ];
    for (const changed of changes) expect(() => readAll(changed, stored(offset), 2)).toThrow(SameTimeChangedError);
    const groups = new TimeGroups(target, stored(offset), 2);
    groups.forgetSameTime();
    expect(groups.position).toEqual({ ...START, timestamp: momentOfMs(1000) });
  });
});

test('killed between any two polls, nothing is lost and nothing doubled', () => {
  const history = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 40 }).map((times) => rows(...times.sort((a, b) => a - b)));
  fc.assert(
    fc.property(
      history,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 8 }),
      fc.infiniteStream(fc.boolean()),
      (all, most, maxRows, kills) => {
        const seen: number[] = [];
        let position = START;
        for (let starts = 0; starts < 200; starts++) {
          const groups = new TimeGroups(target, position, maxRows);
          groups.begin(shape);
          const left = all.filter(({ time }) => time * 1000 > (position.timestamp?.ms ?? 0));
          let poll: SourceRecord[] = [];
          const handOut = () => {
            seen.push(...idsOf(poll));
            position = stored(poll.at(-1)?.sourceOffset ?? null) ?? position;
            poll = [];
          };
          let isKilled = false;
          for (const row of left) {
            groups.add(cells(row), poll);
            if (poll.length < most) continue;
            handOut();
            isKilled = kills.next().value;
            if (isKilled) break;
          }
          if (isKilled) continue;
          groups.end(poll);
          if (poll.length > 0) handOut();
          break;
        }
        expect(seen).toEqual(all.map(({ id }) => id));
      },
    ),
  );
});
