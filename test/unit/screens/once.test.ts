/** One view, printed: the rows of its table whole, for people and for programs, and an exit code that tells whether it is well. */
import { expect, test } from 'vitest';
import { type OnceAnswer, type OnceOptions, printOnce } from '../../../screens/once.ts';
import { UnreachableError } from '../../../src/base/errors.ts';
import type { NumberedLogEvent } from '../../../src/herder/model.ts';
import { ScriptedWorld } from '../../helpers/scripted-world.ts';
import { createTestClock } from '../../helpers/test-clock.ts';
import { START_MS, troubledWorld } from '../../helpers/worlds.ts';

async function once(line: string, more: Partial<OnceOptions> = {}, world: ScriptedWorld = troubledWorld()): Promise<OnceAnswer> {
  const clock = createTestClock(START_MS);
  let answer: OnceAnswer | null = null;
  const printing = printOnce({
    line,
    format: 'text',
    herder: world.herder,
    kafka: world.kafka,
    contextName: 'test',
    width: null,
    environment: { LANG: 'C.UTF-8' },
    clock,
    ...more,
  }).then((one) => {
    answer = one;
  });
  for (let i = 0; i < 1_000 && answer === null; i++) await clock.advance(100);
  await printing;
  return answer!;
}

test('incidents, with 1 while something is wrong and 0 when nothing is', async () => {
  const wrong = await once('incidents');
  expect(wrong).toMatchObject({ exit: 1, problem: '' });
  expect(wrong.text).toMatch(/^ *SINCE +WHAT +STATE +CAUSE/);
  expect(wrong.text).toMatch(/orders-sink .*FAILED/);
  const well = troubledWorld();
  well.connectors = well.connectors.filter((one) => one.name === 'accesslog-source');
  for (const { partitions } of well.topics) for (const one of partitions) one.isr = [...one.replicas];
  expect(await once('incidents', {}, well)).toMatchObject({ exit: 0, text: expect.stringContaining('all is well') });
});

test('every column of every row, as long as its texts; cut only for a terminal', async () => {
  const { text, exit } = await once('connectors');
  expect(exit).toBe(1);
  const [head, ...rows] = text.trimEnd().split('\n');
  expect(head).toMatch(/^NAME +TYPE +CLASS +STATE +TASKS +REC\/S +LAG .*WORKER +LAST ERROR$/);
  expect(rows.length).toBe(troubledWorld().connectors.length);
  expect(text).toMatch(/Duplicate entry '.*' for key/);
  expect(text).not.toMatch(/[\x1b\u2026]/);
  const cut = await once('connectors', { width: 60 });
  for (const line of cut.text.trimEnd().split('\n')) expect(line.length).toBeLessThanOrEqual(60);
});

test('as JSON, NDJSON and CSV: the same rows, in the same order', async () => {
  const json = JSON.parse((await once('topics', { format: 'json' })).text) as { name: string; partitions: unknown[] }[];
  const ndjson = (await once('topics', { format: 'ndjson' })).text.trimEnd().split('\n');
  const csv = (await once('topics', { format: 'csv' })).text.trimEnd().split('\n');
  expect(ndjson.map((row) => JSON.parse(row) as unknown)).toEqual(json);
  expect(csv.shift()).toMatch(/^name,partitions,replication,isr,rate,end,size/);
  expect(csv.map((row) => row.split(',')[0])).toEqual(json.map((row) => row.name));
  expect(json[0]?.partitions.length).toBeGreaterThan(0);
});

test('names, filters and orders as on the : line', async () => {
  expect((await once('tasks orders-sink')).text).toMatch(/^ *ID +STATE/);
  expect(
    (await once('topics /orders')).text
      .trimEnd()
      .split('\n')
      .slice(1)
      .every((row) => row.includes('orders')),
  ).toBe(true);
  expect((await once('topics /zzz')).text).toMatch(/^nothing of \d+ passes the filter\n$/);
  expect((await once('offsets audit-sink')).text).toContain('audit p0');
  expect((await once('group connect-audit-sink')).text).toMatch(/audit .*/);
  expect((await once('config orders-sink')).text).toContain('[hidden]');
});

test('a group that is listed and not yet asked is waited for: nothing is said of its offsets before', async () => {
  const { kafka, herder } = troubledWorld();
  const slowly = async <T>(answer: Promise<T>): Promise<T> => {
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    return answer;
  };
  const admin = () => {
    const fast = kafka.admin();
    return { ...fast, describeGroups: (ids: readonly string[]) => slowly(fast.describeGroups(ids)) };
  };
  expect((await once('group connect-audit-sink', { herder, kafka: { ...kafka, admin } })).text).toMatch(/audit +0 /);
});

test('the worker log, of one connector, and the lines of a text that pass the filter', async () => {
  const world = troubledWorld();
  const about = (sequence: number, connector: string, message: string): NumberedLogEvent => ({
    sequence,
    connector,
    message,
    timeMs: START_MS,
    level: 'WARN',
    logger: 'x',
    task: 0,
    trace: null,
  });
  world.log = [about(1, 'orders-sink', 'slow put'), about(2, 'audit-sink', 'other work'), about(3, 'orders-sink', 'put again')];
  expect((await once('log', {}, world)).text).toMatch(/slow put[\s\S]*other work[\s\S]*put again/);
  const ofOne = await once('log orders-sink', {}, world);
  expect(ofOne).toMatchObject({ exit: 0, problem: '' });
  expect(ofOne.text).toMatch(/slow put[\s\S]*put again/);
  expect(ofOne.text).not.toContain('other work');
  expect((await once('log orders-sink /again', {}, world)).text.trimEnd().split('\n')).toEqual([expect.stringContaining('put again')]);
});

test('views of one row: the list that it stands in, and a filter that leaves it', async () => {
  const described = await once('describe connectors /orders-sink');
  expect(described).toMatchObject({ exit: 0, problem: '' });
  expect(described.text).toMatch(/^ *connector orders-sink +. FAILED/);
  expect((await once('raw connectors /orders-sink')).text).toContain('"name": "orders-sink"');
  expect((await once('users topics /audit')).text).toMatch(/audit-sink/);
  expect(await once('describe')).toMatchObject({
    exit: 2,
    problem: '"describe" is about one row: say which, like "describe connectors /NAME"',
  });
  expect(await once('describe connectors /sink')).toMatchObject({ exit: 2, problem: expect.stringContaining('leaves 3') });
  expect(await once('describe connectors /zzz')).toMatchObject({ exit: 2, problem: expect.stringContaining('leaves 0') });
});

test('what cannot be printed is said, with 2', async () => {
  expect(await once('nope')).toMatchObject({ exit: 2, text: '', problem: 'there is no command "nope"; ? lists them' });
  expect(await once('tasks zzz')).toMatchObject({ exit: 2, problem: 'there is no connector "zzz"' });
  expect(await once('delete orders-sink')).toMatchObject({ exit: 2, problem: expect.stringContaining('there is no command "delete"') });
  expect(await once('help')).toMatchObject({ exit: 2 });
  expect(await once('config orders-sink', { format: 'json' })).toMatchObject({ exit: 2, problem: expect.stringContaining('text only') });
  expect(await once('topics', { kafka: null })).toMatchObject({
    exit: 2,
    problem: 'no Kafka cluster is configured: start with -b HOST:PORT, or :ctx',
  });
});

test('nobody answers: 3, and why; the other source still has its say', async () => {
  const world = troubledWorld();
  world.herderError = new UnreachableError('http://10.0.0.11:8083: connection refused');
  expect(await once('dlq orders-sink', {}, world)).toMatchObject({ exit: 3, text: '', problem: expect.stringContaining('refused') });
  expect(await once('connectors', {}, world)).toEqual({
    exit: 3,
    text: '',
    problem: expect.stringContaining('Connect is not reachable: http://10'),
  });
  expect(await once('topics', {}, world)).toMatchObject({ exit: 1, problem: '' });
  expect(await once('incidents', {}, world)).toMatchObject({ exit: 3, text: expect.stringContaining('payments') });
});

test('names that would steer a terminal are shown, in every format', async () => {
  const hostile = '\x1b]0;x\x07=cmd|\u202e';
  const world = troubledWorld();
  world.connectors[0]!.name = hostile;
  for (const format of ['text', 'csv', 'json', 'ndjson'] as const)
    expect((await once('connectors', { format }, world)).text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  const named = troubledWorld();
  named.topics[0]!.name = '=HYPERLINK("http://x","y")';
  expect((await once('topics', { format: 'csv' }, named)).text).toContain('"\'=HYPERLINK(""http://x"",""y"")"');
});

test('without colours, in ASCII where the terminal has nothing else', async () => {
  const { text } = await once('connectors', { environment: { LANG: 'C' } });
  expect(text).toMatch(/x FAILED/);
  expect(text).not.toMatch(/[^\n\x20-\x7e]/);
});

test('no sources at all is a quiet page', async () => {
  expect(await once('incidents', { herder: null, kafka: null }, new ScriptedWorld())).toMatchObject({ exit: 0 });
});
