/** The `:` line: words, names, completion. */
import { expect, test } from 'vitest';
import { complete, type NameSource, parseCommandLine } from '../../../src/keymap/command-line.ts';
import { COMMANDS } from '../../../src/keymap/commands.ts';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  connector: ['orders-sink', 'orders-source', '주문-싱크'],
  topic: ['nginx-accesslog', 'orders', '주문'],
  group: ['connect-orders-sink'],
  plugin: [],
};
const names: NameSource = (kind) => NAMES[kind] ?? [];
const parse = (text: string) => {
  const result = parseCommandLine(text, COMMANDS, names);
  return result.ok
    ? { id: result.line.command.id, target: result.line.target, args: result.line.args, filter: result.line.filter }
    : result.problem;
};

test('a word, an alias, the beginning of a word', () => {
  expect(parse('connectors')).toMatchObject({ id: 'go.connectors' });
  expect(parse('co')).toMatchObject({ id: 'go.connectors' });
  expect(parse('conn')).toMatchObject({ id: 'go.connectors' });
  expect(parse('  topics  ')).toMatchObject({ id: 'go.topics' });
  expect(parse('q!')).toMatchObject({ id: 'app.quit-now' });
});

test('a name, or the beginning that only one has', () => {
  expect(parse('pause 주문-싱크')).toMatchObject({ id: 'connector.pause', target: { connector: '주문-싱크' } });
  expect(parse('tail nginx from=-100 p=3')).toMatchObject({
    id: 'topic.tail',
    target: { topic: 'nginx-accesslog' },
    args: ['from=-100', 'p=3'],
  });
  expect(parse('pause orders')).toBe('there is no connector "orders"');
  expect(parse('tail orders')).toMatchObject({ target: { topic: 'orders' } });
});

test('a plugin by its short name, as in a configuration', () => {
  const classes = ['io.confluent.connect.jdbc.JdbcSourceConnector', 'org.apache.kafka.connect.file.FileStreamSourceConnector'];
  const found = (text: string) => parseCommandLine(text, COMMANDS, (kind) => (kind === 'plugin' ? classes : []));
  for (const name of ['JdbcSourceConnector', 'JdbcSource', 'io.confluent.connect.jdbc.JdbcSourceConnector'])
    expect(found(`create ${name}`)).toMatchObject({ ok: true, line: { target: { plugin: classes[0] } } });
  expect(found('create Nope')).toEqual({ ok: false, problem: 'there is no plugin "Nope"' });
});

test('names that nobody has asked for yet: a look is taken, nothing is changed, and nothing is said to be missing', () => {
  const found = (text: string) => parseCommandLine(text, COMMANDS, () => null);
  expect(found('group orders')).toMatchObject({ ok: true, line: { target: { group: 'orders' } } });
  expect(found('delete-group orders')).toEqual({ ok: false, problem: 'the groups are not known yet: :groups asks for them' });
  expect(found('create JdbcSource')).toEqual({ ok: false, problem: 'the plugins are not known yet: :plugins asks for them' });
});

test('a filter at the end', () => {
  expect(parse('connectors /re:^ord')).toMatchObject({ id: 'go.connectors', filter: 're:^ord' });
  expect(parse('connectors')).toMatchObject({ filter: null });
});

test('what is no command is said, and nothing is guessed from a single letter', () => {
  expect(parse('delte x')).toBe('there is no command "delte"; ? lists them');
  expect(parse('d')).toBe('there is no command "d"; ? lists them');
  expect(parse('delete unknown')).toBe('there is no connector "unknown"');
});

test('a name that is half of another is never taken for it when something may be lost', () => {
  expect(parse('delete orders-s')).toBe('there is no connector "orders-s"');
  expect(parse('delete orders-si')).toMatchObject({ id: 'connector.delete', target: { connector: 'orders-sink' } });
});

test('completion: words first, then names, a few, the nearest first', () => {
  expect(complete('', COMMANDS, names)).toHaveLength(6);
  expect(complete('conn', COMMANDS, names)[0]).toBe('connectors');
  expect(complete('co', COMMANDS, names)[0]).toBe('connectors');
  expect(complete('tail ', COMMANDS, names)).toEqual(['tail nginx-accesslog', 'tail orders', 'tail 주문']);
  expect(complete('tail 주', COMMANDS, names)).toEqual(['tail 주문']);
  expect(complete('pause sink', COMMANDS, names)).toContain('pause orders-sink');
  expect(complete('tail orders x', COMMANDS, names)).toEqual([]);
  expect(complete('nonsense x', COMMANDS, names)).toEqual([]);
});
