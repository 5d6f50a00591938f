/** The two lines at the bottom: what was said or is being typed, and what can be pressed. */
import { formatAge } from '../../src/base/format.ts';
import { sanitize } from '../../src/base/sanitize.ts';
import { textWidth } from '../../src/base/width.ts';
import { wrapWords } from '../../src/base/wrap-words.ts';
import { type Command, keyLabel } from '../../src/keymap/command.ts';
import type { Keymap } from '../../src/keymap/keymap.ts';
import type { PaneLogic, Snapshot } from '../../src/store/console-data.ts';
import type { Prompt } from '../../src/store/ui-state.ts';
import type { Target } from '../../src/store/view.ts';
import { EMPTY, type Line, lineWidth, type Span, span } from './line.ts';

const SLOW_MS = 300;
const LATE_MS = 2_000;

/** More than this is in the action log. */
const MOST_FLASH_ROWS = 4;

/** Flash, whole even where it needs more rows than one; or the request that takes long. */
export function flashLines(snapshot: Snapshot): Line[] {
  const { flash } = snapshot.ui;
  if (!flash) return [quietLine(snapshot)];
  const mark = flash.level === 'error' ? '✖ ' : flash.level === 'warn' ? '▲ ' : '';
  const token = flash.level === 'error' ? 'fail' : flash.level === 'warn' ? 'warn' : 'accent';
  const texts = wrapWords(flash.text, snapshot.size.columns - mark.length - 2, MOST_FLASH_ROWS);
  return texts.map((text, i) => [span(` ${i === 0 ? mark : ' '.repeat(mark.length)}${text}`, token)]);
}

function quietLine({ ui, data, selection }: Snapshot): Line {
  const { running } = ui;
  if (running && data.nowMs - running.sinceMs > SLOW_MS) {
    const late = data.nowMs - running.sinceMs > LATE_MS ? ` ${formatAge(data.nowMs - running.sinceMs)}` : '';
    return [span(` … ${running.title}${late}`, 'dim')];
  }
  return selection?.filterProblem ? [span(` ▲ filter: ${selection.filterProblem}`, 'warn')] : EMPTY;
}

/** The line being typed, with the cell where the terminal's own cursor goes (Hangul is composed there). */
export function promptLine(prompt: Prompt): { line: Line; cursor: number } {
  const head = prompt.kind === 'command' ? ' :' : ' /';
  const [before, after] = [sanitize(prompt.line.before), sanitize(prompt.line.after)];
  return { line: [span(head, 'key'), span(before), span(after)], cursor: textWidth(head) + textWidth(before) };
}

export function candidatesLine(prompt: Prompt): Line {
  return prompt.candidates.flatMap((text, i) => [span(i === 0 ? '  ' : '   '), span(text, i === prompt.candidate ? 'accent' : 'dim')]);
}

/** Hints of the pane, most useful first, as many as fit; `?` always. */
export interface HintPlace {
  readonly keymap: Keymap;
  readonly pane: PaneLogic;
  readonly focus: Target;
  /** There is no row to act on. */
  readonly isEmpty: boolean;
  readonly isAscii: boolean;
  isAvailable(command: Command, focus: Target): boolean;
}

export function hintLine(place: HintPlace, width: number): Line {
  const { keymap, focus } = place;
  const shown = keymap
    .here(place)
    .filter((one) => one.hint !== null && isFirst(keymap, one, place) && isOffered(one, place))
    .sort((a, b) => a.hint! - b.hint!);
  const help = shown.find((one) => one.id === 'app.help');
  const rest = shown.filter((one) => one !== help);
  const end = help ? hint(place, help, true) : [];
  const out: Span[] = [];
  let left = width - lineWidth(end) - 1;
  for (const one of rest) {
    const spans = hint(place, one, place.isAvailable(one, focus));
    const cells = lineWidth(spans);
    if (cells > left) break;
    out.push(...spans);
    left -= cells;
  }
  return [...out, span(' '.repeat(Math.max(0, left))), ...end];
}

/**
 * What the row under the cursor does not allow is dimmed, so that hints stay where they are while the cursor moves; what no row here
 * could change is not shown.
 */
function isOffered(command: Command, place: HintPlace): boolean {
  return (!place.isEmpty && !command.scopes.includes('all')) || place.isAvailable(command, place.focus);
}

/** False when a narrower command takes this one's key here. */
function isFirst(keymap: Keymap, command: Command, place: { pane: PaneLogic; focus: Target }): boolean {
  const key = keymap.keysOf(command)[0];
  return key !== undefined && keymap.find(key, place) === command;
}

function hint({ keymap, isAscii }: HintPlace, command: Command, isAvailable: boolean): Span[] {
  return [span(` ${keyLabel(keymap.keysOf(command)[0] ?? '', isAscii)} `, isAvailable ? 'key' : 'dim'), span(`${command.title} `, 'dim')];
}

/** As many as fit whole. */
export function keysLine(keys: ReadonlyArray<readonly [string, string]>, width: number, isAscii: boolean): Line {
  const out: Span[] = [];
  let left = width;
  for (const [key, word] of keys) {
    const spans = [span(` ${keyLabel(key === '⏎' ? 'enter' : key, isAscii)} `, 'key'), span(word === '' ? '' : `${word} `, 'dim')];
    left -= lineWidth(spans);
    if (left < 0) break;
    out.push(...spans);
  }
  return out;
}
