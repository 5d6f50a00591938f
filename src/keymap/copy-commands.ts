/** Taking what is on the screen somewhere else: to the clipboard of the terminal, or shown plainly to be selected by hand. */
import { sanitize } from '../base/sanitize.ts';
import { textWidth } from '../base/width.ts';
import type { Selection } from '../store/console-data.ts';
import { type Dialog, line, type MenuItem, menuDialog } from '../store/dialog.ts';
import { equivalents } from '../store/equivalent.ts';
import type { Target } from '../store/view.ts';
import { type Command, type CommandContext, command } from './command.ts';
import { recordChoices, recordInSight } from './record-saves.ts';

interface Choice {
  readonly key: string;
  readonly label: string;
  /** `null`: there is none here. */
  readonly text: string | null;
}

/** What a row is called; tasks and partitions as Kafka writes them: `orders-3`. */
export function nameOf({ connector, task, topic, partition, group, plugin, broker }: Target): string | null {
  if (plugin !== undefined) return plugin;
  if (group !== undefined) return group;
  if (topic !== undefined) return partition === undefined ? topic : `${topic}-${partition}`;
  if (connector !== undefined) return task === undefined ? connector : `${connector}-${task}`;
  return broker === undefined ? null : String(broker);
}

function lines(parts: readonly (string | null)[]): string | null {
  const known = parts.filter((one) => one !== null);
  return known.length === 0 ? null : known.join('\n');
}

/** Rows that are meant: the marked ones that are in sight, or the one under the cursor. */
function idsOf({ session }: CommandContext): readonly string[] {
  const { selection, cursorIndex, view } = session.current();
  if (!selection) return [];
  const marked = selection.ids.filter((id) => view.marks.has(id));
  return marked.length > 0 ? marked : selection.ids.slice(cursorIndex, cursorIndex + 1);
}

/** Line feeds and tabs stay; nothing else that a terminal or a shell could take for more than text. */
function safeText(text: string): string {
  return text
    .split(/\r?\n/)
    .map((one) => one.split('\t').map(sanitize).join('\t'))
    .join('\n');
}

function rowText(selection: Selection, id: string): string {
  return selection
    .cells(id)
    .map(({ text }) => text)
    .join('\t');
}

function choices(context: CommandContext): Choice[] {
  const { session, focus, targets } = context;
  const record = recordInSight(session);
  if (record) return [...recordChoices(record)];
  const { selection, view } = session.current();
  const ids = idsOf(context);
  const raws = selection ? ids.map((id) => selection.raw(id)) : [];
  const action =
    view.pane === 'actions' || view.pane === 'action' ? (session.actionLog.records.find((one) => one.id === focus.action) ?? null) : null;
  const line = equivalents({ pane: view.pane, focus, addresses: session.context.addresses, action });
  return [
    { key: 'n', label: 'name', text: targets.length > 0 ? lines(targets.map(nameOf)) : nameOf(focus) },
    { key: 'r', label: 'row', text: selection ? lines(ids.map((id) => rowText(selection, id))) : null },
    { key: 'j', label: 'JSON', text: raws.length === 0 ? null : JSON.stringify(raws.length === 1 ? raws[0] : raws, null, 2) },
    { key: 'u', label: 'curl', text: line.curl },
    { key: 'k', label: 'kconsole', text: line.kconsole },
  ];
}

function copy({ session }: CommandContext, label: string, text: string): void {
  const safe = safeText(text);
  if (session.terminal.copy(safe)) session.flash('info', `${label} sent to the clipboard · not there? c s shows it to select`);
  else session.flash('warn', `${label} is too long for the clipboard of a terminal: c, then s shows it`);
}

function menu(context: CommandContext, isShown: boolean): Dialog {
  const { session } = context;
  const take = (label: string, text: string) => (isShown ? void session.terminal.show(safeText(text)) : copy(context, label, text));
  const items: MenuItem[] = choices(context).map(({ key, label, text }) => ({
    key,
    label,
    detail: text === null ? 'there is none here' : preview(text, session.current().size.columns - 28),
    isDisabled: text === null,
    run: () => {
      if (text !== null) take(label, text);
    },
  }));
  const { selection } = session.current();
  const [id] = idsOf(context);
  const cells = selection && id !== undefined ? selection.cells(id) : [];
  // Of a record v is its value.
  if (recordInSight(session) === null)
    items.push({
      key: 'v',
      label: 'one value',
      detail: cells.length === 0 ? 'there is no row here' : 'of the row under the cursor',
      isDisabled: cells.length === 0,
      run: () => session.openDialog(cellMenu(cells, take)),
    });
  if (!isShown)
    items.push({
      key: 's',
      label: 'show …',
      detail: 'on the screen, to be selected by hand',
      isDisabled: false,
      run: () => session.openDialog(menu(context, true)),
    });
  return menuDialog({ title: isShown ? 'show to select' : 'copy', lines: [], items, isHarmless: true });
}

const CELL_KEYS = '123456789abcdefghilmnoprtuvwxyz';

function cellMenu(cells: ReturnType<Selection['cells']>, take: (label: string, text: string) => void): Dialog {
  const items = cells.slice(0, CELL_KEYS.length).map(
    ({ title, text }, i): MenuItem => ({
      key: CELL_KEYS[i]!,
      label: title,
      detail: text === '' ? '–' : preview(text, 40),
      isDisabled: text === '',
      run: () => take(title, text),
    }),
  );
  return menuDialog({ title: 'one value', lines: [line('of the row under the cursor', 'dim')], items, isHarmless: true });
}

function preview(text: string, width: number): string {
  const first = sanitize(text.replaceAll(/\s+/g, ' '));
  return textWidth(first) <= width
    ? first
    : `${Array.from(first)
        .slice(0, Math.max(1, width - 1))
        .join('')}…`;
}

export const COPY_COMMANDS: readonly Command[] = [
  command({
    id: 'app.copy',
    keys: ['c'],
    title: 'copy',
    help: 'Copy name, row, value, JSON, or the same as a line for curl or kconsole; or show it to be selected.',
    hint: 85,
    words: ['copy'],
    run: (context) => context.session.openDialog(menu(context, false)),
  }),
];
