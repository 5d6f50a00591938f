/** One action in full: the answer, what it changed line by line, and what took it back. */
import { expect, test } from 'vitest';
import { actionLines } from '../../../screens/actions/detail.ts';
import type { ActionRecord } from '../../../src/store/action-log.ts';

const record = (more: Partial<ActionRecord> = {}): ActionRecord => ({
  id: 'a1',
  time: '2026-11-23T12:00:00.000Z',
  user: 'kim',
  from: '10.0.0.7',
  context: 'prod-eu',
  action: 'connector.edit',
  target: 'orders',
  request: 'PUT http://c:8083/connectors/orders/config',
  response: 200,
  before: '{"topic":"t","tasks.max":"1","x.password":"[hidden]"}',
  after: '{"topic":"u","tasks.max":"1","x.password":"[hidden]","new":"1"}',
  result: 'ok',
  detail: null,
  durationMs: 12,
  undoOf: null,
  bulk: null,
  ...more,
});

const texts = (one: ActionRecord, all: readonly ActionRecord[] = [one]) =>
  actionLines(one, all).map((line) => line.map((part) => part.text).join(''));

test('who, the answer, and what differs', () => {
  const lines = texts(record());
  expect(lines).toContain('user        kim, from 10.0.0.7');
  expect(lines).toContain('answer      HTTP 200');
  expect(lines.slice(lines.indexOf('') + 1)).toEqual(['- topic = t', '+ topic = u', '+ new = 1']);
});

test('states stand as they are; a deleted configuration is all there', () => {
  expect(texts(record({ before: 'RUNNING', after: 'PAUSED asked for' })).slice(-2)).toEqual([
    'before      RUNNING',
    'after       PAUSED asked for',
  ]);
  expect(texts(record({ after: null })).slice(-4)).toEqual(['before', '  topic = t', '  tasks.max = 1', '  x.password = [hidden]']);
  expect(texts(record({ after: record().before })).at(-1)).toBe('nothing that is shown differs: a secret may have been changed');
});

test('what took it back, what it takes back, what belongs to the same bulk', () => {
  const [done, undo] = [record({ bulk: 'b' }), record({ id: 'a2', undoOf: 'a1', action: 'connector.resume', bulk: 'b' })];
  expect(texts(done, [done, undo]).find((text) => text.startsWith('undone '))).toMatch(/^undone +at 2026-11-23/);
  expect(texts(undo, [done, undo]).find((text) => text.startsWith('undo of'))).toMatch(/^undo of +connector.edit at 2026/);
  expect(texts(done, [done, undo])).toContain('bulk        b, 2 actions');
});

test('an error, and an answer that never came', () => {
  expect(texts(record({ result: 'unknown', detail: 'no answer', response: null }))).toEqual(
    expect.arrayContaining(['answer      –', 'result      unknown', 'error       no answer']),
  );
});
