/** What a console lacks is not offered: not in the help, not while a word is typed; its key still says what is missing. */
import { expect, test } from 'vitest';
import { ScriptedWorld } from '../../helpers/scripted-world.ts';
import { startSession } from '../../helpers/session-rig.ts';

const CONNECT = /^(connector|form|new|plugin|dlq|logger|log)\./;
const KAFKA = /^(topic|topics|group|settings|quorum|leaders|records|reassignments|brokers)\./;

test('with brokers alone nothing of Connect is offered, and the other way round', async () => {
  using kafka = await startSession(new ScriptedWorld(), { hasConnect: false });
  using connect = await startSession(new ScriptedWorld(), { hasKafka: false });
  const offered = (rig: typeof kafka) =>
    rig.dispatcher.keymap.commands.filter(({ id }) => !rig.session.ui.missing.has(id)).map(({ id }) => id);
  expect(offered(kafka).filter((id) => CONNECT.test(id))).toEqual([]);
  expect(offered(kafka)).toContain('group.delete');
  // Not read is told apart from not configured where the settings are.
  expect(offered(connect).filter((id) => KAFKA.test(id) && !id.startsWith('settings.'))).toEqual([]);
  expect(offered(connect)).toContain('connector.pause');
  await kafka.keys(':', 'p', 'a', 'u');
  expect(kafka.session.ui.prompt?.candidates).not.toContain('pause');
  await connect.keys(':', 'p', 'a', 'u');
  expect(connect.session.ui.prompt?.candidates).toContain('pause');
  await kafka.keys('esc', '1');
  expect(kafka.flash()).toContain('no Connect worker is configured');
});
