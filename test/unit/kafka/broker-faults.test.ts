/** What the log says of brokers that are out of reach: not of every attempt, not of short ones, and that it is over. */
import { expect, test } from 'vitest';
import { LogHub } from '../../../src/base/log.ts';
import { BrokerFaults } from '../../../src/kafka/broker-faults.ts';
import { createTestClock } from '../../helpers/test-clock.ts';

const ADDRESS = '127.0.0.1:9092';

function watched() {
  const clock = createTestClock();
  const hub = new LogHub(() => 0);
  const lines: string[] = [];
  hub.attach(({ level, message }) => lines.push(`${level} ${message}`));
  return { clock, lines, faults: new BrokerFaults({ reconnectBackoffMs: 50, reconnectBackoffMaxMs: 1_000 }, clock, hub.log('test')) };
}

test('a broker that is away for a moment is no news', async () => {
  const { clock, lines, faults } = watched();
  for (let i = 0; i < 4; i++) {
    faults.failed(ADDRESS, new Error('connect ECONNREFUSED'));
    await clock.advance(1_000);
  }
  faults.reached(ADDRESS);
  expect(lines).toEqual([]);
});

test('one that stays away is named with the reason, once a minute, and so is its return', async () => {
  const { clock, lines, faults } = watched();
  for (let i = 0; i < 100; i++) {
    faults.failed(ADDRESS, new Error('connect ECONNREFUSED'));
    await clock.advance(1_000);
  }
  expect(lines).toEqual([
    `WARN Broker ${ADDRESS} has been out of reach for 5 s; still trying: connect ECONNREFUSED`,
    `WARN Broker ${ADDRESS} has been out of reach for 65 s; still trying: connect ECONNREFUSED`,
  ]);
  faults.reached(ADDRESS);
  expect(lines.at(-1)).toBe(`INFO Broker ${ADDRESS} is reached again after 100 s`);
  faults.failed(ADDRESS, new Error('again'));
  expect(lines).toHaveLength(3);
});

test('attempts come at growing distances, and at once after one that succeeded', async () => {
  const { clock, faults } = watched();
  expect(faults.notBeforeMs(ADDRESS)).toBe(0);
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    faults.failed(ADDRESS, new Error('no'));
    waits.push(faults.notBeforeMs(ADDRESS) - clock.monoMs());
    await clock.advance(1_000);
  }
  expect(waits[0]).toBeLessThan(100);
  expect(waits[7]).toBeGreaterThanOrEqual(800);
  faults.reached(ADDRESS);
  expect(faults.notBeforeMs(ADDRESS)).toBe(0);
});
