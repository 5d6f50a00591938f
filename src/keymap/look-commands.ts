/** Looking closer at what the cursor is on: describe, raw facts, who uses it. */
import type { About, PaneId } from '../store/view.ts';
import { type Command, type CommandContext, command } from './command.ts';

/** Asked while a frame is drawn too, so that it makes no new snapshot. The row under the cursor; in a view about one row, that row. */
function aboutHere({ session, focus }: CommandContext): About {
  const { view } = session;
  if (view.about) return view.pane === 'users' ? aboutRow(session, focus) : view.about;
  return aboutRow(session, focus);
}

function aboutRow(session: CommandContext['session'], focus: About['target']): About {
  const { view, selection, cursorIndex } = session.snapshot();
  return { pane: view.pane, view: view.target, target: focus, row: selection?.ids[cursorIndex] ?? null };
}

export function nothingHere({ session }: CommandContext): string | null {
  const { view, selection } = session.snapshot();
  return view.about === null && selection !== null && selection.ids.length === 0 ? 'there is no row' : null;
}

/** Beside each other, not on top: from one to the other and back is one step. */
function openBeside({ session }: CommandContext, pane: PaneId, about: About): void {
  if (session.view.about && session.view.pane !== 'users') session.back();
  // Rows of a table of users stand for themselves, not for what it is about.
  session.open(pane, pane === 'users' ? {} : about.target, { about });
}

export function describeHere(context: CommandContext): void {
  openBeside(context, 'describe', aboutHere(context));
}

const places = ['table', 'describe', 'raw'] as const;

export const LOOK_COMMANDS: readonly Command[] = [
  command({
    id: 'row.describe',
    keys: ['d'],
    title: 'describe',
    help: 'All there is to know of it, what it has to do with, what was done to it.',
    scopes: [...places, 'config', 'trace'],
    hint: 41,
    words: ['describe'],
    disabledReason: nothingHere,
    run: describeHere,
  }),
  command({
    id: 'row.raw',
    keys: ['y'],
    title: 'raw',
    help: 'Its facts as JSON, again as YAML; secrets hidden.',
    scopes: [...places, 'config'],
    hint: 42,
    words: ['raw'],
    disabledReason: (context) =>
      nothingHere(context) ??
      (aboutHere(context).row === null && context.session.view.pane !== 'config' ? 'there is no row behind this' : null),
    run: (context) => {
      const { session } = context;
      if (session.view.pane === 'raw') session.updateView({ isYaml: !session.view.isYaml, top: 0 });
      else openBeside(context, 'raw', aboutConfig(context) ?? aboutHere(context));
    },
  }),
  command({
    id: 'row.users',
    keys: ['i'],
    title: 'who uses it',
    help: 'Who uses this: connectors, topics, groups; Enter goes there.',
    scopes: [...places, 'connector'],
    hint: 43,
    words: ['users', 'uses'],
    disabledReason: (context) => {
      const { connector, topic, group, broker } = aboutHere(context).target;
      return (connector ?? topic ?? group ?? broker ?? null) === null ? 'nothing has to do with that' : null;
    },
    run: (context) => openBeside(context, 'users', aboutHere(context)),
  }),
];

/** The config that is read is part of the facts of its connector. */
function aboutConfig({ session }: CommandContext): About | null {
  const { pane, target } = session.view;
  if (pane !== 'config' || target.connector === undefined) return null;
  return { pane: 'connectors', view: {}, target: { connector: target.connector }, row: target.connector };
}
