import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { readText } from '../../../src/mysql/column-readers.ts';
import type { QueryCommand, RowPacket, WireConnection } from '../../../src/mysql/mysql2-internals.d.ts';
import { WireQuery } from '../../../src/mysql/wire-query.ts';

const END_OF_ROWS = Buffer.from([0xfe, 0, 0, 0, 0]);

/** The driver's side of one statement: a test hands over packets as the driver does. */
function scripted(readerOf: () => (bytes: Buffer, start: number, end: number) => unknown = () => readText) {
  const stream = Object.assign(new EventEmitter(), {
    paused: false,
    pause: () => {
      stream.paused = true;
    },
    resume: () => {
      stream.paused = false;
    },
  });
  const sent: unknown[] = [];
  const connection = Object.assign(new EventEmitter(), { stream, addCommand: (command: unknown) => sent.push(command) });
  const ends: RowPacket[] = [];
  const command = Object.assign(new EventEmitter(), {
    row: (packet: RowPacket) => {
      ends.push(packet);
      return null;
    },
  });
  const query = new WireQuery(connection as unknown as WireConnection, command as unknown as QueryCommand, readerOf);
  const give = (payload: Buffer, isEnd = false) => {
    const buffer = Buffer.concat([Buffer.alloc(7), payload]);
    const packet: RowPacket = { buffer, offset: 7, end: buffer.length, isEOF: () => isEnd };
    (command.row as (packet: RowPacket, connection: unknown) => unknown)(packet, connection);
  };
  return {
    query,
    stream,
    sent,
    command,
    ends,
    fields: (...names: string[]) =>
      command.emit(
        'fields',
        names.map((name) => ({ name, columnType: 253, flags: 0, characterSet: 224, columnLength: 1, decimals: 0 })),
      ),
    row: (...values: (string | null)[]) => give(Buffer.concat(values.map(lengthCoded))),
    raw: (payload: Buffer) => give(payload),
    endOfRows: () => give(END_OF_ROWS, true),
    end: () => {
      give(END_OF_ROWS, true);
      command.emit('end');
    },
  };
}

function lengthCoded(value: string | null): Buffer {
  if (value === null) return Buffer.from([0xfb]);
  const bytes = Buffer.from(value);
  const prefix =
    bytes.length < 251
      ? Buffer.from([bytes.length])
      : bytes.length < 65_536
        ? Buffer.from([0xfc, bytes.length & 0xff, bytes.length >> 8])
        : Buffer.from([0xfd, bytes.length & 0xff, (bytes.length >> 8) & 0xff, bytes.length >> 16]);
  return Buffer.concat([prefix, bytes]);
}

describe('rows', () => {
  test('of every length, NULL among them', async () => {
    const { query, fields, row, raw, end, sent, command } = scripted();
    expect(sent).toEqual([command]);
    fields('a', 'b');
    await query.begun();
    expect(query.columns?.map(({ name }) => name)).toEqual(['a', 'b']);
    const texts = ['', 'x'.repeat(250), 'x'.repeat(251), 'x'.repeat(65_535), '한'.repeat(22_000)];
    for (const text of texts) row(text, null);
    raw(Buffer.concat([Buffer.from([0xfe, 3, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('abc'), Buffer.from([0xfb])]));
    end();
    expect(await query.next(100)).toEqual([...texts.map((text) => [text, null]), ['abc', null]]);
    expect([await query.next(100), query.isEnded]).toEqual([null, true]);
  });

  test('come as they are there, never more than asked for, none lost', async () => {
    const { query, fields, row, end } = scripted();
    fields('a');
    const waiting = query.next(2);
    for (const text of ['1', '2', '3', '4', '5']) row(text);
    expect(await waiting).toEqual([['1'], ['2']]);
    row('6');
    expect([await query.next(1), await query.next(10)]).toEqual([[['3']], [['4'], ['5'], ['6']]]);
    end();
    expect(await query.next(1)).toBeNull();
  });

  test('a full queue stops the socket, an empty one lets it go on', async () => {
    const { query, stream, fields, row, end } = scripted();
    fields('a');
    const text = 'x'.repeat(6_000);
    for (let i = 0; i < 10; i++) row(text);
    expect(stream.paused).toBe(false);
    row(text);
    expect([stream.paused, query.isPaused]).toEqual([true, true]);
    expect(await query.next(3)).toHaveLength(3);
    expect(stream.paused).toBe(true);
    expect(await query.next(3)).toHaveLength(3);
    expect([stream.paused, query.isPaused]).toEqual([false, false]);
    end();
    expect(await query.next(100)).toHaveLength(5);
  });

  test('an error between rows comes after the rows before it', async () => {
    const { query, fields, row, command } = scripted();
    fields('a');
    row('1');
    command.emit('error', new Error('killed'));
    command.emit('end');
    expect(await query.next(10)).toEqual([['1']]);
    await expect(query.next(10)).rejects.toThrow('killed');
  });

  test('an error of a reader too, and no row after it is read', async () => {
    const { query, fields, row, end } = scripted(() => (bytes, start, end) => {
      const text = readText(bytes, start, end);
      if (text === 'bad') throw new Error('refused by its reader');
      return text;
    });
    fields('a');
    for (const text of ['1', 'bad', '2']) row(text);
    expect(await query.next(10)).toEqual([['1']]);
    await expect(query.next(10)).rejects.toThrow('refused by its reader');
    end();
    await expect(query.next(10)).rejects.toThrow('refused by its reader');
  });

  test('a lost connection ends a wait', async () => {
    const { query, fields } = scripted();
    fields('a');
    const waiting = query.next(1);
    query.fail(new Error('lost'));
    await expect(waiting).rejects.toThrow('lost');
  });

  test('a refused statement never begins', async () => {
    const { query, command } = scripted();
    const begun = query.begun();
    command.emit('error', new Error('no such table'));
    await expect(begun).rejects.toThrow('no such table');
  });

  test('of a procedure only the first result counts', async () => {
    const { query, fields, row, ends, end, endOfRows, command } = scripted();
    fields('a');
    row('1');
    endOfRows();
    fields('b');
    row('2');
    command.emit('result', { affectedRows: 0, insertId: 0, warningStatus: 0 });
    end();
    expect(await query.next(10)).toEqual([['1']]);
    expect([await query.next(10), query.columns?.[0]?.name, ends.length]).toEqual([null, 'a', 2]);
  });
});

test('a statement without rows has an answer', async () => {
  const { query, command } = scripted();
  command.emit('fields', undefined);
  command.emit('result', { affectedRows: 3, insertId: '7', warningStatus: 1 });
  command.emit('end');
  await query.begun();
  expect([query.columns, query.answer, await query.next(1)]).toEqual([null, { affectedRows: 3, insertId: '7', warningStatus: 1 }, null]);
});
