import { expect, test } from 'vitest';
import type { FetchTrouble } from '../../../../../../src/kafka/contract.ts';
import { KafkaError } from '../../../../../../src/kafka/kafka-error.ts';
import { TroubleLog } from '../../../../../../src/plugins/connectors/mirror/source/trouble-log.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';
import { keptLog } from '../mirror-rig.ts';

const gone = new KafkaError('DISCONNECTED', 'no broker can be reached (tried a:1)');

function rig() {
  const clock = createTestClock();
  const { log, told } = keptLog();
  const state: { troubles: FetchTrouble[] } = { troubles: [] };
  const trouble = new TroubleLog('A', clock, log);
  const pass = async (ms: number) => {
    for (let at = 0; at < ms; at += 1_000) {
      await clock.advance(1_000);
      trouble.look({ troubles: () => state.troubles });
    }
  };
  return { told, state, trouble, pass };
}

test('what lasts is told once a minute, and when it is over', async () => {
  const { told, state, trouble, pass } = rig();
  state.troubles = Array.from({ length: 7 }, (_, partition) => ({ topic: 't', partition, error: gone, sinceMs: 0 }));
  await pass(9_000);
  expect(told).toEqual([]);
  await pass(60_000);
  const names = 't-0, t-1, t-2, t-3, t-4 and 2 more';
  expect(told).toEqual([`WARN Nothing could be read of ${names} of cluster 'A' for 10 s: no broker can be reached (tried a:1)`]);
  await pass(60_000);
  expect(told).toHaveLength(2);
  expect(trouble.lastError).toContain('for 129 s: no broker can be reached');
  state.troubles = [];
  await pass(2_000);
  expect([told.length, told.at(-1), trouble.lastError]).toEqual([3, "INFO Cluster 'A' can be read again.", null]);
});

test('a change of leaders is not worth a word', async () => {
  const { told, state, pass } = rig();
  state.troubles = [{ topic: 't', partition: 0, error: gone, sinceMs: 0 }];
  await pass(5_000);
  state.troubles = [];
  await pass(5_000);
  expect(told).toEqual([]);
});

test('a fault that a poll ends with is told at once, not at each attempt', async () => {
  const { told, state, trouble, pass } = rig();
  const denied = new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'TOPIC_AUTHORIZATION_FAILED: topic "t"');
  state.troubles = [{ topic: 't', partition: 0, error: denied, sinceMs: 0 }];
  for (let i = 0; i < 8; i++) {
    trouble.failed(denied);
    await pass(1_000);
  }
  expect(told).toEqual([`WARN Cluster 'A' cannot be read in part, and is asked again: TOPIC_AUTHORIZATION_FAILED: topic "t"`]);
});
