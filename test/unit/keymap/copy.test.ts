/** What `c` hands out: by row, by marks, safe for any terminal. */
import { expect, test } from 'vitest';
import { NO_ADDRESSES } from '../../../src/store/addresses.ts';
import { NO_TERMINAL } from '../../../src/store/terminal-port.ts';
import { startSession } from '../../helpers/session-rig.ts';
import { troubledWorld } from '../../helpers/worlds.ts';

async function open() {
  const rig = await startSession(troubledWorld(), { addresses: { ...NO_ADDRESSES, connect: ['http://c:8083'], bootstrap: 'b:9092' } });
  const copied: string[] = [];
  const shown: string[] = [];
  rig.session.terminal = { ...NO_TERMINAL, copy: (text) => copied.push(text) > 0, show: async (text) => void shown.push(text) };
  return { ...rig, copied, shown, [Symbol.dispose]: () => rig[Symbol.dispose]() };
}

test('name, row, JSON, one value, curl and kconsole of the row under the cursor', async () => {
  using t = await open();
  await t.press('go.connectors');
  for (const key of ['n', 'r', 'j', 'u', 'k']) await t.keys('c', key);
  await t.keys('c', 'v', '1');
  const [name, row, json, curl, kconsole, value] = t.copied;
  expect(name).toBe('orders-sink');
  expect(row?.split('\t').slice(0, 2)).toEqual(['orders-sink', 'sink']);
  expect(JSON.parse(json ?? '')).toMatchObject({ name: 'orders-sink' });
  expect(curl).toBe('curl -sS http://c:8083/connectors/orders-sink/status');
  expect(kconsole).toBe('kconsole connectors show --attach http://c:8083 orders-sink');
  expect(value).toBe('orders-sink');
  expect(t.flash()).toContain('sent to the clipboard');
});

test('of marked rows all names, and JSON as a list', async () => {
  using t = await open();
  await t.press('go.connectors');
  await t.keys('space', 'j', 'space', 'c', 'n', 'c', 'j');
  expect(t.copied[0]?.split('\n')).toHaveLength(2);
  expect(JSON.parse(t.copied[1] ?? '')).toHaveLength(2);
});

test('what is not there is offered dimmed and does nothing', async () => {
  using t = await open();
  await t.press('go.topics');
  await t.keys('c');
  expect(t.dialog().find((one) => one.includes('curl'))).toContain('there is none here');
  await t.keys('u');
  expect(t.copied).toEqual([]);
  await t.keys('k');
  expect(t.copied[0]).toMatch(/^kconsole topics describe -b b:9092 /);
});

test('shown to be selected by hand, without what could steer a terminal', async () => {
  const world = troubledWorld();
  world.connectors[0]!.name = 'evil\x1b]52;c;eA==\x07';
  const rig = await startSession(world, { addresses: { ...NO_ADDRESSES, connect: ['http://c:8083'] } });
  using _ = rig;
  const shown: string[] = [];
  rig.session.terminal = { ...NO_TERMINAL, show: async (text) => void shown.push(text) };
  await rig.press('go.connectors');
  await rig.keys('c', 's', 'n');
  expect(shown).toEqual(['evil␛]52;c;eA==␇']);
});

test('too long for a clipboard: said, with the other way', async () => {
  using t = await open();
  t.session.terminal = { ...NO_TERMINAL, copy: () => false };
  await t.press('go.connectors');
  await t.keys('c', 'j');
  expect(t.flash()).toContain('too long for the clipboard');
});
