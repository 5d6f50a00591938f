/** ctrl-s: the view as a file, all rows of the filter and not only those in sight. */
import { plural } from '../base/format.ts';
import { line, type MenuItem, menuDialog, textDialog } from '../store/dialog.ts';
import { lineOf } from '../store/line-edit.ts';
import { formatRows, type RowFormat } from '../store/row-formats.ts';
import { defaultSavePath, saveText } from '../store/save-view.ts';
import type { Session } from '../store/session.ts';
import { isTail } from '../store/view.ts';
import { type Command, command } from './command.ts';
import { saveTailMenu } from './record-saves.ts';

/** j and k move in menus. */
const ROWS: ReadonlyArray<readonly [key: string, format: RowFormat, label: string, detail: string]> = [
  ['c', 'csv', 'CSV', 'the columns, for a spreadsheet'],
  ['o', 'json', 'JSON', 'all facts of each row, in one list'],
  ['n', 'ndjson', 'NDJSON', 'all facts, a row a line'],
];

function askPath(session: Session, ending: string, what: string, text: () => string): void {
  session.openDialog(
    textDialog({
      title: `save ${what}`,
      lines: [line('Where? The file is replaced whole and is readable by you alone.', 'dim')],
      label: 'path:',
      verb: 'save',
      typed: lineOf(defaultSavePath(session, ending)),
      onText: (path) => void saveText(session, path, text(), what),
    }),
  );
}

function saveMenu(session: Session): void {
  const { selection } = session.current();
  const what = selection ? plural(selection.ids.length, 'row') : 'the text';
  const item = (key: string, label: string, detail: string, ending: string, text: () => string, isDisabled = false): MenuItem => ({
    key,
    label,
    detail,
    isDisabled,
    run: () => askPath(session, ending, what, text),
  });
  session.openDialog(
    menuDialog({
      title: `save ${what} of ${session.view.pane}`,
      lines: [],
      items: [
        ...(selection
          ? ROWS.map(([key, format, label, detail]) => item(key, label, detail, format, () => formatRows(format, selection)))
          : []),
        item('t', 'text', 'as it is shown, without colours', 'txt', () => session.terminal.print('text')),
        item('a', 'ANSI', 'as it is shown, with colours', 'ansi', () => session.terminal.print('ansi')),
      ],
    }),
  );
}

export const SAVE_COMMANDS: readonly Command[] = [
  command({
    id: 'view.save',
    keys: ['ctrl-s'],
    title: 'save',
    help: 'Save this view as CSV, JSON, NDJSON, text or ANSI: all rows of the filter.',
    scopes: ['table', 'text', 'tail'],
    words: ['save'],
    run: ({ session }) => (isTail(session.view.pane) ? saveTailMenu(session) : saveMenu(session)),
  }),
];
