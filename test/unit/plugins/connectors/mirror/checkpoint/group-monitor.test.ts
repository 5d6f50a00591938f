import { expect, test } from 'vitest';
import { LogHub } from '../../../../../../src/base/log.ts';
import { KafkaError } from '../../../../../../src/kafka/kafka-error.ts';
import type { FoundGroups } from '../../../../../../src/plugins/connectors/mirror/checkpoint/find-groups.ts';
import { isPassing } from '../../../../../../src/plugins/connectors/mirror/checkpoint/follow-topic.ts';
import { GroupMonitor } from '../../../../../../src/plugins/connectors/mirror/checkpoint/group-monitor.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';

const found = (...groups: string[]): FoundGroups => ({ groups, gaps: [] });
const away = new KafkaError('DISCONNECTED', 'nobody answers');

function rig(first: FoundGroups | Error, intervalMs: number | null = 60_000) {
  const clock = createTestClock();
  const hub = new LogHub(() => 0);
  const told: string[] = [];
  hub.attach(({ level, message }) => told.push(`${level} ${message}`));
  const stopping = new AbortController();
  const state: { answer: FoundGroups | Error; looks: number } = { answer: first, looks: 0 };
  const monitor = new GroupMonitor({
    look: async () => {
      state.looks++;
      if (state.answer instanceof Error) throw state.answer;
      return state.answer;
    },
    ...{ isPassing, intervalMs, cluster: 'A', clock, log: hub.log('test'), signal: stopping.signal },
    onChange: () => told.push('changed'),
    onFailure: (error) => told.push(`failed ${String(error)}`),
  });
  const done = monitor.run();
  return { clock, told, stopping, state, monitor, done };
}

test('the first list is no change; new groups and those that go are', async () => {
  const { clock, state, monitor, told } = rig(found('a', 'b'));
  expect(await monitor.groups(1_000)).toEqual(['a', 'b']);
  await clock.advance(60_000);
  state.answer = found('b', 'c');
  await clock.advance(60_000);
  expect(told).toEqual([
    'INFO Groups of cluster "A" with offsets to translate: 2; new: "a", "b"',
    'INFO Groups of cluster "A" with offsets to translate: 2; new: "c"; gone: "a"',
    'changed',
  ]);
});

test('a list that was asked for in vain is told when it is there, soon after the cluster is', async () => {
  const { clock, state, monitor, told } = rig(away);
  const asked = monitor.groups(1_000);
  await clock.advance(1_000);
  expect([await asked, monitor.lastError]).toEqual([null, away]);
  expect(told[0]).toBe(
    'WARN The groups of cluster "A" could not be listed and are not known yet, so there are no tasks. It is tried again. nobody answers',
  );
  state.answer = found('a');
  await clock.advance(5_000);
  expect(told.at(-1)).toBe('changed');
  expect([await monitor.groups(0), monitor.lastError]).toEqual([['a'], null]);
});

test('a later look that fails changes nothing', async () => {
  const { clock, state, monitor, told } = rig(found('a'));
  await clock.advance(0);
  await monitor.groups(0);
  state.answer = away;
  await clock.advance(60_000);
  expect(told.at(-1)).toContain('could not be listed and stay as they were');
  expect(await monitor.groups(0)).toEqual(['a']);
  state.answer = found('a');
  await clock.advance(60_000);
  expect(told).not.toContain('changed');
});

test('a look with gaps takes no group away', async () => {
  const { clock, state, monitor, told } = rig(found('a', 'b'));
  await clock.advance(0);
  await monitor.groups(0);
  state.answer = { groups: ['b', 'c'], gaps: ['broker 2 does not list its groups: no answer'] };
  await clock.advance(60_000);
  expect(await monitor.groups(0)).toEqual(['a', 'b', 'c']);
  expect(told.filter((line) => line.startsWith('WARN'))).toEqual([
    'WARN Groups of cluster "A" may be missing until the next look: broker 2 does not list its groups: no answer. Those known before are kept.',
  ]);
  state.answer = found('b', 'c');
  await clock.advance(60_000);
  expect(await monitor.groups(0)).toEqual(['b', 'c']);
});

test('what no later look would mend is a failure, of the first list only', async () => {
  const refused = new KafkaError('SASL_AUTHENTICATION_FAILED', 'wrong password');
  const { clock, told, state, done } = rig(refused);
  await done;
  expect(told.at(-1)).toContain('wrong password');
  await clock.advance(600_000);
  expect(state.looks).toBe(1);
  const later = rig(found('a'));
  await later.clock.advance(0);
  later.state.answer = refused;
  await later.clock.advance(60_000);
  expect(later.told.filter((line) => line.startsWith('failed'))).toEqual([]);
});

test('who waits for the list is let go at the end', async () => {
  const { monitor, stopping } = rig(away);
  const asked = monitor.groups(60_000);
  stopping.abort();
  expect(await asked).toBeNull();
});

test('without an interval the first list is the last, and the signal ends it', async () => {
  const { state, done } = rig(found('a'), null);
  await done;
  expect(state.looks).toBe(1);
  const other = rig(found('a'));
  await other.clock.advance(0);
  other.stopping.abort();
  await other.done;
  expect(other.state.looks).toBe(1);
});
