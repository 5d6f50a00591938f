import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../../../src/base/errors.ts';
import { ConfigState } from '../../../../src/storage/config/config-state.ts';
import { parseConfigRecord, toRecordText } from '../../../../src/storage/config/records.ts';
import { goldenTopic } from '../../../helpers/topic-golden.ts';

const notes: string[] = [];
const parse = (key: string, value: string | null) =>
  parseConfigRecord(key, value === null ? null : Buffer.from(value), (n) => notes.push(n));
const fault = (key: string, value: string | null): string => {
  try {
    parse(key, value);
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
  return 'none';
};

describe('records of the config topic', () => {
  const golden = goldenTopic('connect-configs');

  test.each(golden.map((record) => [`${record.offset} ${record.key}`, record] as const))(
    '%s has the bytes of the original',
    (_, record) => {
      expect(toRecordText(parse(record.key, record.value))).toEqual({ key: record.key, value: record.value });
    },
  );

  test('the file holds what it should', () => {
    expect(golden).toHaveLength(37);
    const kinds = new Set(golden.map(({ key, value }) => parse(key, value).kind));
    expect([...kinds].sort()).toEqual(['commit', 'connector', 'restart', 'session-key', 'target-state', 'task']);
  });

  test('the rest of the kinds', () => {
    expect(toRecordText({ kind: 'tasks-fencing', connector: 'c', taskCount: 3 })).toEqual({
      key: 'tasks-fencing-c',
      value: '{"task-count":3}',
    });
    expect(toRecordText({ kind: 'logger', logger: 'a.B', level: 'DEBUG' })).toEqual({
      key: 'logger-cluster-a.B',
      value: '{"level":"DEBUG"}',
    });
    expect(parse('tasks-fencing-c', '{"task-count":3}')).toEqual({ kind: 'tasks-fencing', connector: 'c', taskCount: 3 });
    expect(parse('logger-cluster-a.B', '{"level":"debug"}')).toEqual({ kind: 'logger', logger: 'a.B', level: 'DEBUG' });
    expect(parse('task-a-b-12', '{"properties":{"x":"1","n":null}}')).toEqual({
      ...{ kind: 'task', id: { connector: 'a-b', task: 12 }, config: { x: '1' } },
    });
  });

  test('older and half-broken ones are mended, and it is said', () => {
    notes.length = 0;
    expect(parse('target-state-c', '{"state":"PAUSED"}')).toMatchObject({ target: 'PAUSED' });
    expect(parse('target-state-c', '{"state":"PAUSED","state.v2":null}')).toMatchObject({ target: 'PAUSED' });
    expect(notes).toEqual([]);
    expect(parse('target-state-c', '{"state":"PAUSED","state.v2":7}')).toMatchObject({ target: 'PAUSED' });
    expect(parse('restart-connector-c', '{"only-failed":true}')).toMatchObject({ request: { includeTasks: false, onlyFailed: true } });
    expect(parse('restart-connector-c', '{"include-tasks":"yes","only-failed":true}')).toMatchObject({ request: { includeTasks: false } });
    expect(notes).toEqual([
      'its "state.v2" is no string; "state" is taken',
      'its "include-tasks" is missing; false is taken',
      'its "include-tasks" is a string; false is taken',
    ]);
  });

  test.each([
    ['connector-c', '{"properties":{"a":"hunter2"', 'its value is no JSON: The JSON text ends too early.'],
    ['connector-c', '', 'its value is empty, not a JSON object'],
    ['connector-c', '["hunter2"]', 'its value is an array, not a JSON object'],
    ['connector-c', '{}', '"properties" is missing'],
    ['connector-c', '{"properties":{"password":{"a":"hunter2"}}}', 'its setting "password" is an object, not a string'],
    ['connector-c', '{"properties":{"__proto__":"hunter2"}}', 'it has a setting "__proto__"'],
    ['connector-', '{"properties":{}}', 'its key names nothing after the prefix'],
    ['task-c', '{"properties":{}}', 'its key does not end in a task number'],
    ['task-c-x', '{"properties":{}}', 'its key does not end in a task number'],
    ['task-c-0', null, 'it has no value, and such records are never deleted'],
    ['commit-c', '{"tasks":"2"}', '"tasks" is a string, not a whole number'],
    ['commit-c', '{"tasks":-1}', '"tasks" is -1; it must be a whole number from 0'],
    ['commit-c', '{"tasks":3000000000}', '"tasks" is 3000000000, more than there can be'],
    ['commit-c', '{"tasks":1.5}', '"tasks" is a number, not a whole number'],
    ['target-state-c', '{"state":"RUNNING","state.v2":"RUNNING"}', 'it names a target state that is not one of STARTED, PAUSED, STOPPED'],
    ['session-key', '{"key":"hunter2!","algorithm":"HmacSHA256","creation-timestamp":1}', '"key" is no base64'],
    ['session-key', '{"key":"aHVudGVyMg==","creation-timestamp":1}', '"algorithm" is missing'],
    ['session-keys', '{}', 'Connect has no records with such a key in its config topic'],
    ['logger-cluster-a', '{"level":"LOUD"}', '"level" is not one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL, OFF'],
    ['', '{}', 'Connect has no records with such a key in its config topic'],
  ])('%s %s is refused', (key, value, message) => {
    expect(fault(key, value)).toBe(message);
    expect(fault(key, value)).not.toContain('hunter2');
  });

  test('no bytes under any key end the reader', () => {
    const prefixes = [
      '',
      'connector-c',
      'task-c-',
      'task-c-0',
      'commit-c',
      'target-state-c',
      'restart-connector-c',
      'tasks-fencing-c',
      'session-key',
    ];
    const value = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(`{"properties":{"a":${text}},"tasks":${text},"state":${text},"key":${text},"level":${text}}`)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...prefixes), fc.string({ maxLength: 4 }), value, (prefix, rest, bytes) => {
        try {
          const record = parseConfigRecord(prefix + rest, bytes, () => undefined);
          expect(toRecordText(record).key).toBe(record.kind === 'task' ? `task-${record.id.connector}-${record.id.task}` : prefix + rest);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('any order, loss and damage of records adds up to something sound', () => {
    const cut = fc.record({ at: fc.nat(golden.length - 1), keep: fc.option(fc.nat(200)), byte: fc.option(fc.nat(255)) });
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 80 }), (cuts) => {
        const state = new ConfigState();
        cuts.forEach(({ at, keep, byte }, i) => {
          const { key, value } = golden[at]!;
          let bytes = value === null ? null : Buffer.from(value);
          if (bytes !== null && keep !== null) bytes = bytes.subarray(0, keep);
          if (bytes !== null && bytes.length > 0 && byte !== null) bytes[byte % bytes.length] = byte;
          state.passed(BigInt(i));
          try {
            state.apply(
              parseConfigRecord(key, bytes, () => undefined),
              null,
            );
          } catch (error) {
            expect(error).toBeInstanceOf(DataError);
          }
        });
        const { offset, connectors } = state.snapshot();
        expect(offset).toBe(cuts.length === 0 ? -1n : BigInt(cuts.length));
        for (const one of connectors.values()) expect(one.taskConfigs).toHaveLength(one.isInconsistent ? 0 : one.taskCount);
      }),
      { numRuns: 300 },
    );
  });
});
