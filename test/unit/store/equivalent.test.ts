/** The same as a line for a shell: names quoted for it, no password, and only what a shell can really do. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ActionRecord } from '../../../src/store/action-log.ts';
import { connectAddresses, NO_ADDRESSES } from '../../../src/store/addresses.ts';
import { equivalents, shellWord } from '../../../src/store/equivalent.ts';
import type { PaneId, Target } from '../../../src/store/view.ts';

const addresses = {
  ...NO_ADDRESSES,
  connect: ['http://127.0.0.1:8083', 'http://w2:8083'],
  bootstrap: 'b:9092',
  commandConfig: '/c.properties',
};
const of = (pane: PaneId, focus: Target, action: Partial<ActionRecord> | null = null) =>
  equivalents({ pane, focus, addresses, action: action as ActionRecord | null });

test.each<[PaneId, Target, string | null, string | null]>([
  ['connectors', { connector: 'orders' }, 'http://127.0.0.1:8083/connectors/orders/status', 'connectors show'],
  ['tasks', { connector: 'orders', task: 2 }, 'http://127.0.0.1:8083/connectors/orders/tasks/2/status', 'tasks show'],
  ['config', { connector: 'orders' }, 'http://127.0.0.1:8083/connectors/orders/config', 'connectors config'],
  ['offsets', { connector: 'orders' }, 'http://127.0.0.1:8083/connectors/orders/offsets', 'offsets get'],
  ['plugins', { plugin: 'a.B' }, 'http://127.0.0.1:8083/connector-plugins/a.B/config', 'plugins show'],
  ['connectors', {}, "'http://127.0.0.1:8083/connectors?expand=status'", 'connectors list'],
])('%s of %o', (pane, focus, url, words) => {
  const found = of(pane, focus);
  expect(found.curl).toBe(`curl -sS ${url}`);
  const names = [focus.connector ?? focus.plugin, focus.task].filter((one) => one !== undefined).map((one) => ` ${one}`);
  expect(found.kconsole).toBe(`kconsole ${words} --attach http://127.0.0.1:8083,http://w2:8083${names.join('')}`);
});

test('what Kafka itself tells has no curl', () => {
  const end = '-b b:9092 --command-config /c.properties';
  expect(of('topics', { topic: 'orders' })).toEqual({ curl: null, kconsole: `kconsole topics describe ${end} orders` });
  expect(of('groups', { group: 'g 1' })).toEqual({ curl: null, kconsole: `kconsole groups describe ${end} 'g 1'` });
  expect(of('brokers', { broker: 2 })).toEqual({ curl: null, kconsole: `kconsole brokers describe ${end} 2` });
  expect(of('home', {})).toEqual({ curl: null, kconsole: null });
});

test('an action is done again by the same request', () => {
  const action = { request: 'PUT http://w2:8083/connectors/orders/pause', target: 'orders' };
  expect(of('actions', {}, action)).toEqual({
    curl: 'curl -sS -X PUT http://127.0.0.1:8083/connectors/orders/pause',
    kconsole: 'kconsole connectors pause --attach http://127.0.0.1:8083,http://w2:8083 orders',
  });
  const restart = { request: 'POST /connectors/orders/restart?includeTasks=true&onlyFailed=true', target: 'orders' };
  expect(of('actions', {}, restart).kconsole).toContain('connectors restart --tasks --only-failed --attach');
  expect(of('actions', {}, { request: 'POST /connectors/orders/tasks/3/restart', target: 'orders' }).kconsole).toMatch(
    /tasks restart .* orders 3$/,
  );
  expect(of('actions', {}, { request: 'DELETE /connectors/orders', target: 'orders' }).kconsole).toContain('connectors delete');
  // What a body held is not in the log: nothing that does something else is offered.
  for (const request of [
    'PUT /connectors/orders/config',
    'PATCH /connectors/orders/offsets {}',
    'DELETE /connectors/orders/offsets',
    'POST /connectors',
    'redrive',
  ])
    expect(of('actions', {}, { request, target: 'orders' }), request).toEqual({ curl: null, kconsole: null });
});

test('passwords of an address are left out, and asked for', () => {
  const { connect, user } = connectAddresses('https://kim:s3cret@w1:8083/, w2:8083');
  expect(connect).toEqual(['https://w1:8083', 'http://w2:8083']);
  const found = equivalents({ pane: 'config', focus: { connector: 'o' }, addresses: { ...NO_ADDRESSES, connect, user }, action: null });
  expect(found).toEqual({ curl: 'curl -sS -u kim https://w1:8083/connectors/o/config', kconsole: null });
});

test('a name that begins with a dash is no option', () => {
  expect(of('config', { connector: '-rf' }).kconsole).toMatch(/ -- -rf$/);
});

test('a shell reads each word as it was', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom(...'aZ0 \'"\\$`!*?~#&|;<>(){}[]\n\t\x1b한é-=') }), {
    minLength: 1,
    maxLength: 5,
  });
  // One shell for all: starting one takes longer than the rest.
  const lists = fc.sample(words, 60);
  const script = lists.map((list) => `printf '%s\\0' ${list.map(shellWord).join(' ')}`).join('\n');
  const out = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
  expect(out.split('\0').slice(0, -1)).toEqual(lists.flat());
});
