/** The header line: what is wrong is never left out for want of room. */
import { expect, test } from 'vitest';
import { headerLine } from '../../../screens/parts/header.ts';
import { lineWidth } from '../../../screens/parts/line.ts';
import { UnreachableError } from '../../../src/base/errors.ts';
import type { ContextFacts } from '../../../src/store/console-data.ts';
import { ScriptedWorld } from '../../helpers/scripted-world.ts';
import { startSession } from '../../helpers/session-rig.ts';
import { koreanWorld, troubledWorld } from '../../helpers/worlds.ts';

async function header(
  world: ScriptedWorld,
  width: number,
  facts: Partial<ContextFacts> = {},
  later?: (world: ScriptedWorld) => void,
): Promise<string> {
  using rig = await startSession(world, facts);
  if (later) {
    later(world);
    await rig.clock.advance(14_000);
  }
  const line = headerLine(rig.session.current().data, 0, width);
  expect(lineWidth(line)).toBeLessThanOrEqual(width);
  return line.map((one) => one.text).join('');
}

test('all of it where there is room', async () => {
  expect(await header(troubledWorld(), 120)).toMatch(
    /^ prod-eu {3}● 3\/3 brokers {2}ctrl 2 {2}1 UNDER {2}workers 2 {2}1 FAILED +live {2}12:04:40 $/,
  );
});

test('a worker that answers and has no connectors is there, not none', async () => {
  const text = await header(new ScriptedWorld(), 100);
  expect(text).toContain('● Connect');
  expect(text).not.toContain('workers');
});

test('what explains gives way before what is wrong', async () => {
  const small = await header(troubledWorld(), 80);
  expect(small).toContain('1 FAILED');
  expect(small).not.toContain('ctrl');
});

test('the name is cut before a fault is left out, and then the clock goes', async () => {
  const down = (world: ScriptedWorld) => {
    world.herderError = new UnreachableError('connection refused');
    world.kafkaError = new Error('connection refused');
  };
  const name = 'http://connect-a.example:8083,http://connect-b.example:8083';
  for (const width of [80, 70, 60]) {
    const text = await header(troubledWorld(), width, { name }, down);
    expect(text, String(width)).toContain('✖ Kafka unreachable');
    expect(text, String(width)).toContain('✖ Connect unreachable');
    expect(text, String(width)).toContain('http://');
  }
  expect(await header(koreanWorld(), 40, { name })).toContain('1 FAILED');
});

test('brokers that are down, offline partitions and read-only contexts are said', async () => {
  const world = troubledWorld();
  world.brokers = [1, 2];
  world.topics[0]!.partitions[0]!.leader = -1;
  const text = await header(world, 100, { isReadOnly: true });
  expect(text).toContain('read-only');
  expect(text).toContain('✖ 2/3 brokers');
  expect(text).toContain('1 OFFLINE');
});

test('a name that means harm is only text', async () => {
  expect(await header(troubledWorld(), 100, { name: 'x\x1b[31m\u202ey' })).toContain('x␛[31m\\u202ey');
});

test('a line that is slow is told from a worker that is', async () => {
  using rig = await startSession(troubledWorld());
  const text = (ms: number) => {
    rig.session.terminal = { ...rig.session.terminal, latencyMs: () => ms };
    return headerLine(rig.session.current().data, 0, 120)
      .map((one) => one.text)
      .join('');
  };
  expect(text(90)).not.toContain('link');
  expect(text(1_234)).toContain('link 1 s');
});

test('before the sources have answered it says that it waits', async () => {
  const text = await header(troubledWorld(), 80, { hasConnect: true, hasKafka: false });
  expect(text).not.toContain('Kafka');
  using rig = await startSession(null, { hasConnect: true, hasKafka: true });
  expect(
    headerLine(rig.session.current().data, 2, 100)
      .map((one) => one.text)
      .join(''),
  ).toMatch(/○ Kafka … {2}○ Connect … {2}2 errors @/);
});

test('without colours a protected context, and one with a colour of its own, stands in brackets', async () => {
  const name = async (facts: Parameters<typeof startSession>[1], isMono: boolean) => {
    using rig = await startSession(null, facts);
    return headerLine(rig.session.current().data, 0, 100, isMono)[0]?.text;
  };
  expect(await name({ isProtected: true }, true)).toBe('[prod-eu]');
  expect(await name({ colour: 'red' }, true)).toBe('[prod-eu]');
  expect(await name({}, true)).toBe(' prod-eu ');
  expect(await name({ isProtected: true, colour: 'red' }, false)).toBe(' prod-eu ');
});
