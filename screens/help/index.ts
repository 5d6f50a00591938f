/** The keys: those of the pane below first, then all others, from the command table. Filtered like any text. */

import { wrapWords } from '../../src/base/wrap-words.ts';
import type { Command } from '../../src/keymap/command.ts';
import { type Keymap, keyText } from '../../src/keymap/keymap.ts';
import type { PaneLogic } from '../../src/store/console-data.ts';
import { PANES, type PaneId } from '../../src/store/view.ts';
import { type Line, span } from '../parts/line.ts';
import type { TextPane } from '../parts/pane.ts';

const KEYS = 8;
const WORDS = 12;
const INDENT = KEYS + WORDS;
const MOST_ROWS = 5;

/** Narrow terminals get the sentence in more rows: a help that is cut off helps nobody. */
function commandLines(keymap: Keymap, command: Command, columns: number, isAscii: boolean): Line[] {
  const word = command.words[0] === undefined ? '' : `:${command.words[0]}`;
  const asks = command.isMutating ? ' †' : '';
  return wrapWords(command.help + asks, Math.max(20, columns - INDENT - 2), MOST_ROWS).map((text, i) =>
    i === 0
      ? [span(` ${keyText(keymap, command, isAscii).padEnd(KEYS)} `, 'key'), span(word.padEnd(WORDS), 'accent'), ...marked(text)]
      : [span(' '.repeat(INDENT + 2)), ...marked(text)],
  );
}

function marked(text: string): Line {
  return text.endsWith('†') ? [span(text.slice(0, -1)), span('†', 'warn')] : [span(text)];
}

export function helpPane(keymap: Keymap, logicOfPane: (pane: PaneId) => PaneLogic): TextPane {
  return {
    id: 'help',
    kind: 'text',
    title: () => 'help',
    info: () => [span('† asks first, default No · / searches', 'dim')],
    lines: ({ ui, view }, { isAscii }, columns) => {
      const table = (commands: readonly Command[]) => commands.flatMap((one) => commandLines(keymap, one, columns, isAscii));
      const below = ui.stack.at(-2);
      const place = {
        pane: logicOfPane(below?.pane ?? 'home'),
        focus: { ...view.target, ...(isAboutConnectors(below?.pane) ? { connector: '' } : {}) },
      };
      const isMeant = ({ id }: Command) => !ui.missing.has(id);
      const here = keymap.here(place).filter((one) => isMeant(one) && keymap.keysOf(one).some((key) => keymap.find(key, place) === one));
      const own = here.filter((one) => !one.scopes.includes('all') && !one.id.startsWith('move.'));
      const moves = here.filter((one) => one.id.startsWith('move.'));
      const everywhere = here.filter((one) => one.scopes.includes('all'));
      const rest = keymap.commands.filter((one) => isMeant(one) && !here.includes(one));
      const sorts = place.pane.sortKeys.map((one) => `${one.letter} ${one.column}`).join('  ');
      return [
        [span(`Here: ${place.pane.id}`, 'title')],
        ...table(own),
        ...(sorts === '' ? [] : [[span(' capitals'.padEnd(KEYS + 2), 'key'), span('sort by:'.padEnd(WORDS), 'accent'), span(sorts)]]),
        [],
        [span('Moving', 'title')],
        ...table(moves),
        [],
        [span('Everywhere', 'title')],
        ...table(everywhere),
        [span(` ${'^C'.padEnd(INDENT)} `, 'key'), span('Ends what is open; twice within two seconds leaves.')],
        [],
        [span('Elsewhere, or by word', 'title')],
        ...table(rest),
        [],
        [span('Filter (/)', 'title')],
        ...FILTERS.map(([form, meaning]): Line => [span(` ${form.padEnd(INDENT)} `, 'key'), span(meaning)]),
        [],
        [span('States', 'title')],
        ...STATES.map(([state, meaning]): Line => [span(` ${state.padEnd(INDENT)} `, 'key'), span(meaning)]),
      ];
    },
  };
}

function isAboutConnectors(pane: PaneId | undefined): boolean {
  return pane !== undefined && PANES.indexOf(pane) <= PANES.indexOf('offsets');
}

const FILTERS = [
  ['word', 'text that contains it, in either case'],
  ['~word', 'fuzzy: letters in this order'],
  ['re:expr', 'regular expression; also /expr/'],
  ['!…', 'what does not match'],
  ['name:word', 'in one column: name state topic key value header …'],
] as const;

const STATES = [
  ['● RUNNING', 'runs'],
  ['✖ FAILED', 'the connector or a task has ended with an error'],
  ['◔ STUCK', 'runs and has lag, and writes nothing: 30 s (by commits: 150 s)'],
  ['▲ FLAPPING', 'has failed and come back three times in ten minutes'],
  ['○ UNASSIGNED', 'no worker runs it'],
  ['‖ PAUSED', 'was paused; u resumes'],
  ['■ STOPPED', 'was stopped, has no tasks; u resumes'],
  ['● → ‖', 'asked for, and not yet so by its status'],
  ['>4 min', 'at least so long: it was so before we looked'],
] as const;
