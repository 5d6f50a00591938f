/** The console for a screen reader: sentences, each once, and nothing that moves the cursor. */
import { expect, test } from 'vitest';
import { startConsole } from '../../helpers/console-rig.ts';
import { waitUntil } from '../../helpers/wait-until.ts';
import { troubledWorld } from '../../helpers/worlds.ts';

function listen(rig: ReturnType<typeof startConsole>) {
  let from = 0;
  const text = () => rig.screen.written.slice(from).join('');
  return {
    text,
    /** What was said since the last call, once it holds this. */
    hears: async (wanted: string | RegExp): Promise<string[]> => {
      await waitUntil(
        () => `it says ${wanted}; it has said\n${text()}`,
        () => (typeof wanted === 'string' ? text().includes(wanted) : wanted.test(text())),
      );
      const said = text().split('\r\n').slice(0, -1);
      from = rig.screen.written.length;
      return said;
    },
  };
}

test('what happens is a sentence each; what is in sight is read on demand; nothing but text is written', async () => {
  const world = troubledWorld();
  await using rig = startConsole(world, { isAccessible: true });
  const ear = listen(rig);
  await ear.hears('kconsole, prod-eu. ? lists the keys');
  for (let i = 0; i < 6; i++) await rig.pass(1_500);
  rig.press('go.connectors');
  await ear.hears(/^row 1 of \d+: .*NAME orders-sink/m);
  rig.press('move.down');
  const moved = await ear.hears(/row 2 of \d+: /);
  expect(moved).toHaveLength(1);
  expect(moved[0]).toMatch(/NAME \S+, .*STATE [A-Z]+/);
  const healthy = world.connectors.find((one) => one.state === 'RUNNING' && one.tasks.every((task) => task.state === 'RUNNING'))!;
  healthy.tasks = healthy.tasks.map((task, i) =>
    i === 0 ? { ...task, state: 'FAILED', trace: 'java.io.IOException: disk is full' } : task,
  );
  for (let i = 0; i < 4; i++) await rig.pass(1_500);
  const said = await ear.hears(/task \d+ of \S+ FAILED: .*disk is full/);
  expect(said.filter((one) => one.includes('disk is full'))).toHaveLength(1);
  rig.press('app.repaint');
  const all = await ear.hears(/row 4 of/);
  expect(all[0]).toMatch(/^connectors/);
  rig.press('go.home');
  const worst = (await ear.hears(/row 1 of \d+: /)).at(-1);
  expect(worst).toMatch(/^row 1 of \d+: SINCE >?\d+s, WHAT .*KEY (r|enter)$/);
  rig.press('app.quit', 'app.quit');
  await ear.hears(/question: leave kconsole\?\r\n.*keys: y leave, N no/s);
  rig.keys('n');
  expect(rig.screen.written.join('')).not.toMatch(/[\x1b\x07┌│─●✖▸]/);
});
