/** Whatever is in sight, at whatever size: a frame has as many lines as the terminal has rows, each exactly as wide as it. */
import { expect, test } from 'vitest';
import { MIN_COLUMNS, MIN_ROWS, renderFrame } from '../../../screens/frame.ts';
import { createPanes } from '../../../screens/panes.ts';
import { textWidth } from '../../../src/base/width.ts';
import { COMMANDS } from '../../../src/keymap/commands.ts';
import { createKeymap } from '../../../src/keymap/keymap.ts';
import { toSkin } from '../../../src/skin/skin.ts';
import { MONO_SKIN, SKINS } from '../../../src/skin/skins.ts';
import type { ScriptedWorld } from '../../helpers/scripted-world.ts';
import { type SessionRig, startSession } from '../../helpers/session-rig.ts';
import { waitUntil } from '../../helpers/wait-until.ts';
import { deadLetterWorld, koreanWorld, troubledWorld } from '../../helpers/worlds.ts';

const keymap = createKeymap(COMMANDS);
const panes = createPanes(keymap);
const bare = (text: string) => text.replaceAll(/\x1b\[[\d;]*m/g, '');
const SIZES = [
  [80, 24],
  [160, 50],
  [60, 15],
  [MIN_COLUMNS, MIN_ROWS],
  [41, 9],
  [30, 6],
  [200, 16],
] as const;

function frameOf(rig: SessionRig, columns: number, rows: number, skin = toSkin(SKINS[0]!, 3, false)) {
  rig.session.resize(columns, rows);
  return renderFrame(rig.session.current(), {
    panes,
    keymap,
    skin,
    isAvailable: (command, focus) => rig.dispatcher.isAvailable(command, focus),
  });
}

function isWhole(rig: SessionRig, what: string): void {
  for (const [columns, rows] of SIZES)
    for (const skin of [toSkin(SKINS[0]!, 3, false), toSkin(MONO_SKIN, 0, true)]) {
      const { lines, cursor } = frameOf(rig, columns, rows, skin);
      expect(lines, `${what} at ${columns}x${rows}`).toHaveLength(rows);
      for (const line of lines) expect(textWidth(bare(line)), `${what} at ${columns}x${rows}: "${bare(line)}"`).toBe(columns);
      if (cursor) {
        expect(cursor.x).toBeLessThan(columns);
        expect(cursor.y).toBeLessThan(rows);
      }
    }
}

const PLACES: readonly string[] = [
  'connectors',
  'topics',
  'groups',
  'brokers',
  'plugins',
  'log',
  'actions',
  'help',
  'tasks NAME',
  'config NAME',
  'offsets NAME',
  'reset NAME',
  'restart NAME',
  'delete NAME',
  'topic TOPIC',
  'tail TOPIC',
  'dlq NAME',
  'no-such-command',
];

test.each([
  ['one in trouble', troubledWorld, 'orders-sink', 'payments'],
  ['one in Korean', koreanWorld, '주문-싱크', '접속기록'],
  ['one with dead letters', deadLetterWorld, 'orders-sink', 'orders-dlq'],
] as const)('every pane and question of %s', async (_, makeWorld, connector, topic) => {
  const world: ScriptedWorld = makeWorld();
  using rig = await startSession(world);
  isWhole(rig, 'home');
  for (const place of PLACES) {
    await rig.command(place.replace('NAME', connector).replace('TOPIC', topic));
    isWhole(rig, `${place}, first`);
    await rig.clock.advance(4_000);
    isWhole(rig, place);
    await rig.keys('esc', 'enter', '/');
    rig.dispatcher.paste('한글 \u202e filter that is rather long, longer than the line has room for');
    isWhole(rig, `${place}, filter`);
    await rig.keys('esc', ':', 't', 'a', 'i', 'l', 'space');
    isWhole(rig, `${place}, command`);
    await rig.keys('esc', 'esc');
  }
});

test('a topic names the sink whose dead letters it holds', async () => {
  using rig = await startSession(deadLetterWorld());
  await rig.command('topics /plain-dlq');
  expect(frameOf(rig, 80, 24).lines.map(bare).join('\n')).toContain('used by plain-sink (dead letters)');
});

test('records of every kind', async () => {
  const world = troubledWorld();
  using rig = await startSession(world);
  await rig.command('tail nginx-accesslog');
  await waitUntil('all are read', () => rig.session.tail?.tail.ring.length === 5);
  isWhole(rig, 'tail');
  await rig.keys('h', 'right', 'space');
  isWhole(rig, 'tail with headers, frozen, moved');
  for (let i = 0; i < 5; i++) {
    await rig.keys('up', 'enter');
    isWhole(rig, `record ${i}`);
    await rig.keys('w');
    isWhole(rig, `record ${i}, wrapped`);
    await rig.keys('esc');
  }
});

test.each([
  ['orders-sink', 6],
  ['주문-싱크', 2],
] as const)('dead letters of every kind: %s', async (connector, count) => {
  using rig = await startSession(deadLetterWorld());
  await rig.command(`dlq ${connector}`);
  await waitUntil('all are read', () => rig.session.tail?.tail.ring.length === count);
  isWhole(rig, 'dlq');
  await rig.keys('right', 'space');
  isWhole(rig, 'dlq, frozen, moved');
  for (let i = 0; i < count; i++) {
    await rig.keys('up', 'enter');
    isWhole(rig, `dead letter ${i}`);
    await rig.keys('w');
    isWhole(rig, `dead letter ${i}, wrapped`);
    await rig.keys('esc');
  }
  await rig.press('dlq.redrive');
  await waitUntil('something is asked', () => rig.dialog().some((one) => /topic:|would be written/.test(one)));
  isWhole(rig, 'redrive');
});

test('when nothing answers, and when there is nothing', async () => {
  const world = troubledWorld();
  using rig = await startSession(world);
  world.herderError = new Error('x'.repeat(300));
  world.kafkaError = new Error('한글 '.repeat(60));
  await rig.clock.advance(30_000);
  for (const place of ['home', 'connectors', 'topics', 'brokers', 'groups']) {
    await rig.command(place);
    isWhole(rig, place);
  }
  using empty = await startSession(null);
  isWhole(empty, 'nothing configured');
});

test('the last line says what can be pressed, the first where one is', async () => {
  using rig = await startSession(troubledWorld());
  await rig.command('tasks orders-sink');
  await rig.keys('enter');
  const lines = frameOf(rig, 80, 24).lines.map(bare);
  expect(lines[1]).toContain('orders-sink › task');
  expect(lines.at(-1)).toMatch(/ \? help +$/);
});

test('of a long way back the end is in sight', async () => {
  using rig = await startSession(koreanWorld());
  await rig.press('go.connectors');
  await rig.keys('j', 'j');
  await rig.command('topic 접속기록');
  await rig.keys('t');
  const crumbs = frameOf(rig, 60, 24).lines.map(bare)[1];
  expect(crumbs).toMatch(/^ … › /);
  expect(crumbs).toContain('tail 접속기록 p0');
});
