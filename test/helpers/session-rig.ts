/** The console without a screen: session, keys and sources, with a clock that the test moves. What is shown is read from the snapshot. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPanes } from '../../screens/panes.ts';
import { logicsOf } from '../../screens/parts/pane.ts';
import { commandById, commandsFor } from '../../src/keymap/commands.ts';
import { Dispatcher } from '../../src/keymap/dispatcher.ts';
import { createKeymap } from '../../src/keymap/keymap.ts';
import { NO_ADDRESSES } from '../../src/store/addresses.ts';
import type { ContextFacts } from '../../src/store/console-data.ts';
import { Operations } from '../../src/store/operations.ts';
import { Session } from '../../src/store/session.ts';
import type { ScriptedWorld } from './scripted-world.ts';
import { createTestClock, type TestClock } from './test-clock.ts';
import { START_MS } from './worlds.ts';

export interface SessionRig extends Disposable {
  readonly session: Session;
  readonly operations: Operations;
  readonly dispatcher: Dispatcher;
  readonly clock: TestClock;
  readonly actionLogFile: string;
  /** Presses keys one after the other, each answered before the next. */
  keys(...keys: string[]): Promise<void>;
  press(...commandIds: string[]): Promise<void>;
  /** A `:` command. */
  command(line: string): Promise<void>;
  /** Lines of the open question, its title first; empty when there is none. */
  dialog(): string[];
  flash(): string;
  /** Ids of the rows in sight. */
  rows(): readonly string[];
}

/** The sources have been asked for nine seconds when it resolves. `null`: none. */
export async function startSession(world: ScriptedWorld | null, facts: Partial<ContextFacts> = {}): Promise<SessionRig> {
  const clock = createTestClock(START_MS);
  const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-session-'));
  const actionLogFile = path.join(folder, 'actions.ndjson');
  const context: ContextFacts = {
    name: 'prod-eu',
    isReadOnly: false,
    isProtected: false,
    isWorkerEmbedded: false,
    hasConnect: world !== null,
    hasKafka: world !== null,
    addresses: NO_ADDRESSES,
    ...facts,
  };
  const keymap = createKeymap(commandsFor(context));
  const panes = logicsOf(createPanes(keymap));
  const session = new Session({ context, panes, actionLogFile, clock });
  const operations = new Operations(session);
  const dispatcher = new Dispatcher({ session, operations, keymap });
  session.start({ herder: context.hasConnect ? (world?.herder ?? null) : null, kafka: context.hasKafka ? (world?.kafka ?? null) : null });
  await clock.advance(9_000);
  const keys = async (...names: string[]) => {
    for (const name of names) {
      dispatcher.press([name]);
      // A question that has just come takes no answer yet.
      await clock.advance(session.ui.dialog !== null && !session.ui.isDialogArmed ? 250 : 0);
    }
  };
  return {
    session,
    operations,
    dispatcher,
    clock,
    actionLogFile,
    keys,
    press: (...ids) => keys(...ids.map((id) => commandById(id).keys[0] ?? `${id} has no key`)),
    command: async (text) => {
      dispatcher.press([':', ...text.replaceAll(' ', '\u0000')].map((key) => (key === '\u0000' ? 'space' : key)));
      await keys('enter');
    },
    dialog: () => {
      const content = session.ui.dialog?.content;
      if (!content) return [];
      const input = content.input ? [`${content.input.label} ${content.input.line.before}${content.input.line.after}`] : [];
      return [content.title, ...content.lines.map((one) => one.text.trimEnd()), ...input];
    },
    flash: () => session.ui.flash?.text ?? '',
    rows: () => session.current().selection?.ids ?? [],
    [Symbol.dispose]: () => {
      session.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
