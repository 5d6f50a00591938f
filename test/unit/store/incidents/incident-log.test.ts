/** Holding, lingering, folding and ending: with rules of the test's own. */
import { expect, test } from 'vitest';
import { IncidentLog, RESOLVED_SHOWN_MS } from '../../../../src/store/incidents/incident-log.ts';
import { type Facts, type Finding, type Rule, rule } from '../../../../src/store/incidents/rule.ts';
import { Trends } from '../../../../src/store/incidents/trends.ts';

const reach = { lastOkMs: 1, failingSinceMs: null, error: null, latencyMs: 1, intervalMs: 2_000 };
/** Answers have come: what appears from now on has a known time. */
const facts = (nowMs: number): Facts => ({
  connect: { reach } as Facts['connect'],
  cluster: { reach } as Facts['cluster'],
  trends: new Trends(),
  nowMs,
});

class Scene {
  found: Record<string, Finding[]> = {};
  readonly log: IncidentLog;
  nowMs = 0;

  constructor(...rules: ReadonlyArray<Partial<Rule> & { id: string }>) {
    this.log = new IncidentLog(
      rules.map((draft) => rule({ state: 'BAD', severity: 3, key: 'r', about: '', find: () => this.found[draft.id] ?? [], ...draft })),
    );
    this.log.update(facts(0));
  }

  at(nowMs: number, found: Record<string, string[] | Finding[]>) {
    this.found = Object.fromEntries(
      Object.entries(found).map(([id, some]) => [id, some.map((one) => (typeof one === 'string' ? finding(one) : one))]),
    );
    return this.log.update(facts(nowMs));
  }
}

const finding = (subject: string, explainedBy: string[] = []): Finding => ({ subject, what: subject, cause: '', target: {}, explainedBy });

test('what is held back is told when it has lasted, with the time at which it began', () => {
  const scene = new Scene({ id: 'a', holdMs: 5_000 });
  expect(scene.at(1_000, { a: ['x'] }).open).toEqual([]);
  expect(scene.at(5_000, { a: ['x'] }).open).toEqual([]);
  expect(scene.at(6_000, { a: ['x'] }).open).toMatchObject([{ id: 'a:x', since: { atMs: 1_000, isExact: true } }]);
});

test('what went away in between has to last again', () => {
  const scene = new Scene({ id: 'a', holdMs: 5_000 });
  scene.at(1_000, { a: ['x'] });
  scene.at(3_000, {});
  expect(scene.at(7_000, { a: ['x'] }).open).toEqual([]);
  expect(scene.at(7_000, { a: ['x'] }).resolved).toEqual([]);
});

test('what was so before anybody looked is told at once, without a time', () => {
  const log = new IncidentLog([
    rule({ id: 'a', state: 'BAD', severity: 3, key: '', about: '', holdMs: 60_000, find: () => [finding('x')] }),
  ]);
  expect(log.update(facts(1_000)).open).toMatchObject([{ since: { atMs: 1_000, isExact: false } }]);
});

test('what comes and goes is one incident as long as it lingers', () => {
  const scene = new Scene({ id: 'a', lingerMs: 10_000 });
  scene.at(1_000, { a: ['x'] });
  expect(scene.at(9_000, {}).open).toHaveLength(1);
  expect(scene.at(10_000, { a: ['x'] }).open).toMatchObject([{ since: { atMs: 1_000 } }]);
  expect(scene.at(21_000, {}).open).toEqual([]);
});

test('what is over stays for ten minutes with how long it lasted, unless it is back or has only changed its name', () => {
  const scene = new Scene({ id: 'topic-under' }, { id: 'topic-offline', severity: 1 });
  scene.at(1_000, { 'topic-under': ['orders', 'audit'] });
  const worse = scene.at(5_000, { 'topic-offline': ['orders'] });
  expect(worse.resolved).toMatchObject([{ id: 'topic-under:audit', since: { atMs: 1_000 }, endedAtMs: 5_000 }]);
  expect(scene.at(6_000, { 'topic-under': ['audit'] }).resolved).toMatchObject([{ id: 'topic-offline:orders' }]);
  expect(scene.at(6_000 + RESOLVED_SHOWN_MS, {}).resolved).toMatchObject([{ id: 'topic-under:audit' }]);
});

test('consequences follow their cause, and a tree weighs what its worst part weighs', () => {
  const scene = new Scene(
    { id: 'broker', severity: 3 },
    { id: 'topic', severity: 1 },
    { id: 'sink', severity: 2 },
    { id: 'disk', severity: 2 },
  );
  const { open } = scene.at(1_000, {
    broker: ['3'],
    topic: [finding('orders', ['broker:9', 'broker:3'])],
    sink: [finding('s', ['topic:orders']), finding('alone', ['topic:audit'])],
    disk: ['1'],
  });
  expect(open.map(({ id, partOf }) => [id, partOf])).toEqual([
    ['broker:3', null],
    ['topic:orders', 'broker:3'],
    ['sink:s', 'broker:3'],
    ['disk:1', null],
    ['sink:alone', null],
  ]);
});

test('of the same weight the newest stands first', () => {
  const scene = new Scene({ id: 'a' }, { id: 'b' }, { id: 'full', severity: 4 });
  scene.at(1_000, { a: ['old'], full: ['disk'] });
  expect(scene.at(9_000, { a: ['old'], b: ['new'], full: ['disk'] }).open.map((one) => one.what)).toEqual(['new', 'old', 'disk']);
});

test('the last hour, minute by minute: the most and the worst of each', () => {
  const scene = new Scene({ id: 'a', severity: 4 }, { id: 'b', severity: 1 });
  scene.at(60_000, { a: ['x'] });
  scene.at(90_000, { a: ['x', 'y'], b: ['z'] });
  const { minutes } = scene.at(119_000, {});
  expect(minutes).toEqual([
    { atMs: 0, open: 0, worst: null },
    { atMs: 60_000, open: 3, worst: 1 },
  ]);
  for (let minute = 2; minute < 100; minute++) scene.at(minute * 60_000, {});
  expect(scene.at(100 * 60_000, {}).minutes).toHaveLength(60);
});
