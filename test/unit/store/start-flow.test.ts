/** From nothing to a console on something: questions, the trial, the name, and back at each step. */
import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { type CheckStep, failed, ok } from '../../../src/base/reach.ts';
import { NO_HOST } from '../../../src/store/host-port.ts';
import type { NewPlace, PlaceChoice } from '../../../src/store/place.ts';
import { openStart, suggestedName } from '../../../src/store/start-flow.ts';
import { type SessionRig, startSession } from '../../helpers/session-rig.ts';

interface Host {
  readonly checked: NewPlace[];
  readonly saved: Array<readonly [string, NewPlace]>;
}

async function start(steps: readonly CheckStep[], places: readonly PlaceChoice[] = []): Promise<SessionRig & { host: Host }> {
  const rig = await startSession(null);
  const host: Host = { checked: [], saved: [] };
  rig.session.host = {
    ...NO_HOST,
    isStart: true,
    places,
    check: async function* (addresses) {
      host.checked.push(addresses);
      yield* steps;
    },
    save: (name, addresses) => {
      if (name === 'taken') throw new ConfigError('there is a context "taken" already');
      host.saved.push([name, addresses]);
    },
  };
  openStart(rig.session);
  await rig.clock.advance(250);
  return Object.assign(rig, { host });
}

const type = (rig: SessionRig, text: string) => rig.keys(...text, 'enter');
const text = (rig: SessionRig) => rig.dialog().join('\n');

test('brokers that can be used are kept under a name, and the console goes there', async () => {
  using rig = await start([ok('port k1:9092', 'accepts connections'), ok('cluster', 'c1, 3 brokers')]);
  await rig.keys('b');
  await type(rig, 'k1.prod.example.com:9092');
  await type(rig, '/etc/client.properties');
  await type(rig, '');
  expect(rig.host.checked).toEqual([{ brokers: 'k1.prod.example.com:9092', commandConfig: '/etc/client.properties', connect: null }]);
  expect(text(rig)).toContain('✓ cluster: c1, 3 brokers\n\nIt can be used.');
  await rig.keys('s');
  expect(text(rig)).toContain('name: k1');
  await rig.keys('backspace', 'backspace');
  await type(rig, 'taken');
  expect(text(rig)).toContain('there is a context "taken" already');
  await type(rig, 'prod');
  expect(rig.host.saved).toEqual([['prod', rig.host.checked[0]]]);
  expect(await rig.session.exited).toMatchObject({ code: 0, next: { kind: 'context', name: 'prod' } });
});

test('what fails says what to do, and can be changed and tried again', async () => {
  using rig = await start([failed('port k1:9092', 'refused: nothing listens there', 'check the port')]);
  await rig.keys('b');
  await type(rig, 'k1:9092');
  await type(rig, '');
  await type(rig, '');
  expect(text(rig)).toContain('✖ port k1:9092: refused: nothing listens there\n    → check the port\n\nIt cannot be reached as it is.');
  await rig.keys('r');
  expect(rig.host.checked).toHaveLength(2);
  await rig.keys('e');
  expect(text(rig)).toContain('HOST:PORT,…: k1:9092');
});

test('a Connect URL alone is enough, and nothing at all is not', async () => {
  using rig = await start([ok('Connect http://c1:8083', 'Connect 4.3.1, 2 connectors')]);
  await rig.keys('u', 'enter');
  expect(rig.dialog()[0]).toBe('Connect');
  await type(rig, 'http://c1:8083');
  await type(rig, '');
  expect(rig.host.checked).toEqual([{ brokers: null, commandConfig: null, connect: 'http://c1:8083' }]);
  expect(text(rig)).toContain('It can be used.');
});

test('one that is away beside one that answers is no reason to refuse', async () => {
  using rig = await start([failed('port k1:9092', 'refused', 'check'), ok('cluster', 'c1, 3 brokers')]);
  await rig.keys('b');
  await type(rig, 'k1:9092,k2:9092');
  await type(rig, '');
  await type(rig, '');
  expect(text(rig)).toContain('It can be used, but not all of it is reached.');
});

test('places are chosen by a digit, the demo by its letter; Esc goes back step by step and then leaves', async () => {
  const places: PlaceChoice[] = [
    { place: { kind: 'worker', pid: 4711 }, label: 'standalone', detail: 'worker on this host, pid 4711' },
    { place: { kind: 'context', name: 'prod' }, label: 'prod', detail: 'k1:9092' },
  ];
  using rig = await start([], places);
  expect(text(rig)).toMatch(/1 {2}standalone .*pid 4711\n.*2 {2}prod .*k1:9092/);
  await rig.keys('b', 'x');
  await rig.keys('esc');
  expect(text(rig)).toContain('What do you want to look at?');
  await rig.keys('1');
  expect(await rig.session.exited).toMatchObject({ next: { kind: 'worker', pid: 4711 } });
  using demo = await start([]);
  await demo.keys('d');
  expect(await demo.session.exited).toMatchObject({ next: { kind: 'demo' } });
  using left = await start([]);
  await left.keys('esc');
  expect(await left.session.exited).toMatchObject({ code: 0, next: null });
});

test('a name is suggested', () => {
  const named = (brokers: string | null, connect: string | null) => suggestedName({ brokers, commandConfig: null, connect });
  expect(named('kafka-1.prod.example.com:9092,k2:1', null)).toBe('kafka-1');
  expect(named('127.0.0.1:9092', null)).toBe('local');
  expect(named(null, 'http://kim:pw@connect.prod:8083/x')).toBe('connect');
});
