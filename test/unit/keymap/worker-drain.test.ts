/** `:drain` on the workers pane: who gets what, and why not. */
import { expect, test } from 'vitest';
import { RestError } from '../../../src/base/errors.ts';
import { encodeWorkerMetadata } from '../../../src/kafka/connect-protocol.ts';
import { NO_ADDRESSES } from '../../../src/store/addresses.ts';
import { THREE_WORKERS, workerGroupWorld } from '../../helpers/connect-worlds.ts';
import { startSession } from '../../helpers/session-rig.ts';

const AT_THREE = { addresses: { ...NO_ADDRESSES, connect: THREE_WORKERS } };
const OURS = '10.0.0.11:8083';
const MESSAGE = `Worker ${OURS} drains: its leader hands out its 3 connectors and 3 tasks at once; then it ends.`;

async function atWorkers(facts: Parameters<typeof startSession>[1] = {}) {
  const world = workerGroupWorld();
  const asked: (string | undefined)[] = [];
  const { drain } = world.herder;
  world.herder.drain = async (worker) => {
    asked.push(worker);
    return { ...(await drain(worker)), message: MESSAGE };
  };
  const rig = await startSession(world, { ...AT_THREE, ...facts });
  await rig.command('workers');
  await rig.clock.advance(3_000);
  return { rig, world, asked, [Symbol.dispose]: () => rig[Symbol.dispose]() };
}

test('the question tells who gets what and when; y asks it of the worker, and its answer is told', async () => {
  using at = await atWorkers();
  const { rig, asked } = at;
  await rig.command(`drain ${OURS}`);
  expect(rig.dialog()).toEqual([
    `drain ${OURS}?`,
    'It gives up 3 connectors and 3 tasks:',
    '  3 connectors and 3 tasks to 10.0.0.12:8083',
    '    accesslog-source, audit-sink-0, audit-sink-1 … and 3 more',
    '3 more would move between the others',
    'At once: the leader takes it and hands it out. Sinks and sources commit first.',
    'Then its process ends: start it again to have it back.',
  ]);
  await rig.keys('N');
  expect(asked).toEqual([]);
  await rig.command('drain 10.0.0.11');
  await rig.keys('y');
  expect([asked, rig.flash()]).toEqual([[OURS], expect.stringContaining(MESSAGE)]);
  expect(rig.session.current().data.actions[0]).toMatchObject({
    action: 'worker.drain',
    target: OURS,
    request: `PUT /admin/drain?worker=${encodeURIComponent(OURS)}`,
    result: 'ok',
    after: MESSAGE,
  });
});

test('where nobody knows whose worker leads, both are said; a JVM leader lets the work wait', async () => {
  using at = await atWorkers();
  const { rig, world } = at;
  const probes = await world.herder.workers();
  const led = (make: 'jvm' | null) => {
    // The one in the middle answers as ours does.
    world.herder.workers = async () => probes.map((one, i) => ({ ...one, make: i === 0 ? make : i === 1 ? 'kconsole' : null }));
  };
  led(null);
  await rig.clock.advance(5_000);
  await rig.command('drain 10.0.0.12');
  expect(rig.dialog()).toContain(
    `At once where its leader ${OURS} is kconsole's; under a JVM worker the cluster waits for its return for scheduled.rebalance.max.delay.ms (5 min by default) before the work runs elsewhere.`,
  );
  await rig.keys('N');
  led('jvm');
  await rig.clock.advance(5_000);
  await rig.command('drain 10.0.0.12');
  expect(rig.dialog()).toContain(
    `Its leader ${OURS} is a JVM worker, which knows of no draining: the cluster waits for its return for scheduled.rebalance.max.delay.ms (5 min by default) before the work runs elsewhere.`,
  );
});

test.each([
  ['10.0.0.12', '10.0.0.12:8083 is a JVM worker, which cannot drain: end its process instead'],
  ['10.0.0.13', '10.0.0.13:8083 does not answer'],
  ['10.0.0.14', '10.0.0.14:8083 drains already'],
  ['10.0.0.99', 'there is no worker "10.0.0.99"'],
])('%s: refused with the reason', async (name, reason) => {
  using at = await atWorkers();
  await at.rig.command(`drain ${name}`);
  expect([at.rig.dialog(), at.rig.flash()]).toEqual([[], reason]);
});

test('one that cannot be asked itself is not asked of JVM workers', async () => {
  using at = await atWorkers();
  const probes = await at.world.herder.workers();
  at.world.herder.workers = async () => probes.map((one) => ({ ...one, make: 'jvm' }));
  const group = at.world.groups.get('connect-cluster')!;
  const undrained = encodeWorkerMetadata({ url: 'http://10.0.0.14:8083/', configOffset: 41n, allocation: null }, 2);
  group.told = group.told!.map((one, i) => (i === 2 ? { ...one, rawMetadata: undrained } : one));
  await at.rig.clock.advance(10_000);
  await at.rig.command('drain 10.0.0.14');
  expect(at.rig.flash()).toBe('give 10.0.0.14:8083 to --attach: JVM workers do not pass it on');
});

test('not from elsewhere, not in a read-only context, and the last one not at all', async () => {
  using at = await atWorkers();
  await at.rig.command('topics');
  await at.rig.command(`drain ${OURS}`);
  expect(at.rig.flash()).toBe('go to :workers first: it knows who would take the work');
  using readOnly = await atWorkers({ isReadOnly: true });
  await readOnly.rig.command(`drain ${OURS}`);
  expect(readOnly.rig.flash()).toContain('there is no command "drain"');
  using last = await atWorkers();
  const group = last.world.groups.get('connect-cluster')!;
  group.told = group.told!.slice(0, 1);
  await last.rig.clock.advance(10_000);
  await last.rig.command(`drain ${OURS}`);
  expect(last.rig.flash()).toBe(`no other worker could take the work of ${OURS}`);
});

test('in a protected context its name is typed; what the worker refuses is told', async () => {
  using at = await atWorkers({ isProtected: true });
  at.world.herder.drain = async () => Promise.reject(new RestError(409, 'nobody can take its work'));
  await at.rig.command(`drain ${OURS}`);
  await at.rig.keys(...OURS, 'enter');
  expect(at.rig.flash()).toBe(`drain ${OURS}: nobody can take its work`);
});
