/** A whole frame as finished lines, from one snapshot: header, crumbs, body, what was said, what can be pressed. Pure. */
import { formatAge } from '../src/base/format.ts';
import { wrapWords } from '../src/base/wrap-words.ts';
import { isStale } from '../src/cluster/poll-loop.ts';
import type { Command } from '../src/keymap/command.ts';
import type { Keymap } from '../src/keymap/keymap.ts';
import { contextSkin } from '../src/skin/context-skin.ts';
import type { Skin } from '../src/skin/skin.ts';
import type { Snapshot, Viewport } from '../src/store/console-data.ts';
import { marksText } from '../src/store/marks.ts';
import { type PaneId, type Target, windowTop } from '../src/store/view.ts';
import { dialogBox } from './parts/dialog-box.ts';
import { candidatesLine, flashLines, hintLine, keysLine, promptLine } from './parts/footer.ts';
import { headerLine } from './parts/header.ts';
import { drawLine, EMPTY, fitSpans, type Line, lineWidth, span, spread } from './parts/line.ts';
import { logicOf, type Pane, type TablePane, type TailPane, type TextPane } from './parts/pane.ts';
import { isTableSelection, type Look } from './parts/table.ts';
import { scrollText } from './parts/text-window.ts';

export interface Frame {
  /** As many as the terminal has rows, each exactly as wide as it. */
  readonly lines: readonly string[];
  readonly cursor: { readonly x: number; readonly y: number } | null;
  readonly viewport: Viewport;
}

export interface FrameParts {
  readonly panes: ReadonlyMap<PaneId, Pane>;
  readonly keymap: Keymap;
  readonly skin: Skin;
  /** False: pressing it would only say why not; its hint is dimmed. */
  isAvailable(command: Command, focus: Target): boolean;
}

/** What may be typed to filter records. */
const TAIL_FILTER_KEYS = [
  ['⏎', 'keep'],
  ['esc', 'drop'],
  ['word', 'text'],
  ['/re/', 'expression'],
  ['.a.b >= 5', 'JSON'],
  ['key ~ x', 'key'],
  ['and or not ( )', ''],
] as const;

export const MIN_COLUMNS = 40;
export const MIN_ROWS = 8;
/** Below this the rule and the short header's lines go. */
const SMALL_ROWS = 16;
/** Of one sentence about why a table is empty. */
const MOST_WHY_ROWS = 5;

export function renderFrame(snapshot: Snapshot, { panes, keymap, skin: plainSkin, isAvailable }: FrameParts): Frame {
  const { size, ui, view, data } = snapshot;
  const skin = contextSkin(plainSkin, data.context.colour);
  if (size.columns < MIN_COLUMNS || size.rows < MIN_ROWS) return tooSmall(size, skin);
  const pane = panes.get(view.pane)!;
  const look: Look = { nowMs: data.nowMs, isAscii: skin.isAscii };
  const draw = (line: Line, base?: 'cursor') => drawLine(line, size.columns, skin, base);
  const hasRule = size.rows >= SMALL_ROWS && !ui.isHeaderShort;
  const topRows = Number(!ui.isHeaderShort) + Number(!ui.isCrumbless) + Number(hasRule);
  const body = renderBody(snapshot, pane, look, size.rows - topRows - 2, draw);
  const top = [
    ...(ui.isHeaderShort ? [] : [draw(headerLine(data, ui.unreadErrors, size.columns, skin.level === 0))]),
    ...(ui.isCrumbless ? [] : [draw(crumbLine(snapshot, panes, pane, look, body))]),
    ...(hasRule ? [draw([span('─'.repeat(size.columns), 'rule')])] : []),
  ];
  const lines = [...top, ...body.lines];
  let cursor: Frame['cursor'] = null;
  if (ui.prompt) {
    const prompt = promptLine(ui.prompt);
    if (ui.prompt.candidates.length > 0) lines[lines.length - 1] = draw(candidatesLine(ui.prompt));
    lines.push(draw(prompt.line));
    cursor = { x: Math.min(size.columns - 1, prompt.cursor), y: size.rows - 2 };
    lines.push(
      draw(
        keysLine(
          ui.prompt.kind === 'command'
            ? [
                ['⏎', 'go'],
                ['tab', 'complete'],
                ['↑', 'history'],
                ['esc', 'close'],
              ]
            : pane.kind === 'tail'
              ? TAIL_FILTER_KEYS
              : [
                  ['⏎', 'keep'],
                  ['esc', 'drop'],
                  ['~', 'fuzzy'],
                  ['re:', 'expression'],
                  ['!', 'not'],
                  ['col:', 'column'],
                ],
          size.columns,
          skin.isAscii,
        ),
      ),
    );
  } else {
    const said = flashLines(snapshot);
    // A long answer is read whole for its seconds, over the last rows of the body.
    lines.splice(lines.length - said.length + 1, said.length - 1, ...said.map((one) => draw(one)));
    const isEmpty = snapshot.selection?.ids.length === 0;
    lines.push(
      draw(hintLine({ keymap, pane: logicOf(pane), focus: focusOf(snapshot), isEmpty, isAscii: skin.isAscii, isAvailable }, size.columns)),
    );
  }
  const { lines: _, ...viewport } = body;
  if (!ui.dialog) return { lines, cursor, viewport };
  const box = dialogBox(ui.dialog.content, ui.isDialogArmed, size.columns, size.rows - 1, skin);
  // The rows beside the box stay empty: a question is read alone.
  for (const [i, text] of box.lines.entries()) {
    const right = size.columns - box.left - box.width;
    lines[box.top + i] = `${' '.repeat(box.left)}${text}${' '.repeat(Math.max(0, right))}`;
  }
  return { lines, cursor: box.cursor, viewport };
}

function focusOf({ selection, cursorIndex, view }: Snapshot) {
  const id = selection?.ids[cursorIndex];
  return { ...view.target, ...(id === undefined ? {} : selection?.target(id)) };
}

function crumbLine(snapshot: Snapshot, panes: FrameParts['panes'], pane: Pane, look: Look, shown: Viewport): Line {
  const { ui, view, size } = snapshot;
  const titles = ui.stack.map((one) => panes.get(one.pane)?.title(one) ?? one.pane);
  const filter = view.filter === '' || ui.prompt?.kind === 'filter' ? [] : [span(`  /${view.filter}${matchCount(shown)}`, 'accent')];
  const faults = view.isFaultsOnly ? [span('  faults only', 'warn')] : [];
  const marked = marksText(view.marks, snapshot.selection);
  const marks = marked === '' ? [] : [span(`  ${marked}`, 'accent')];
  const ageMs = staleMs(snapshot, pane);
  const old = ageMs === null ? [] : [span(`as of ${formatAge(ageMs)} ago · `, 'fail')];
  const right = [...old, ...(pane.info?.(snapshot, look) ?? EMPTY), span(' ')];
  const left = (from: number): Line => [...crumbs(titles, from), ...filter, ...faults, ...marks];
  let from = 0;
  // Where one is matters more than how one came there.
  while (from < titles.length - 1 && lineWidth(left(from)) + lineWidth(right) + 2 > size.columns) from++;
  return spread(left(from), right, size.columns);
}

/** `2/7`: which match of a search is looked at. */
function matchCount({ matches, match }: Viewport): string {
  if (!matches) return '';
  return matches.length === 0 ? '  not found' : `  ${match == null ? '?' : matches.indexOf(match) + 1}/${matches.length}`;
}

function crumbs(titles: readonly string[], from: number): Line {
  const shown = titles.slice(from);
  return [
    span(from === 0 ? ' ' : ' … › ', 'dim'),
    ...shown.flatMap((title, i) => (i === shown.length - 1 ? [span(title)] : [span(`${title} › `, 'dim')])),
  ];
}

interface Body extends Viewport {
  readonly lines: readonly string[];
}

type Draw = (line: Line, base?: 'cursor') => string;

function renderBody(snapshot: Snapshot, pane: Pane, look: Look, rows: number, draw: Draw): Body {
  switch (pane.kind) {
    case 'table':
      return renderTable(snapshot, pane, look, rows, draw);
    case 'text':
      return renderText(snapshot, pane, look, rows, draw);
    case 'tail':
      return renderTail(snapshot, pane, look, rows, draw);
  }
}

function padded(lines: string[], rows: number, draw: Draw): string[] {
  const out = lines.slice(0, rows);
  while (out.length < rows) out.push(draw(EMPTY));
  return out;
}

function renderTable(snapshot: Snapshot, pane: TablePane, look: Look, rows: number, draw: Draw): Body {
  const { view, size, data } = snapshot;
  const selection = snapshot.selection;
  const isOld = staleMs(snapshot, pane) !== null;
  const summary = pane.summary?.(snapshot, look, size.columns) ?? [];
  const lines = summary.map((one) => draw(one));
  if (!isTableSelection(selection) || selection.ids.length === 0) {
    const why =
      selection && selection.total > 0
        ? [EMPTY, [span(`   nothing of ${selection.total} passes the filter · esc clears it`, 'dim')]]
        : pane.empty(data, view, look);
    return {
      lines: padded([...lines, ...why.flatMap((one) => wrapped(one, size.columns)).map((one) => draw(one))], rows, draw),
      top: 0,
      height: rows,
      count: 0,
    };
  }
  const layout = pane.table.layout(size.columns - 3, selection, look, view);
  const head = pane.table.head(layout, view);
  const more = layout.isCut ? [...fitSpans(head, size.columns - 3), span('›', 'key')] : head;
  lines.push(draw([span(layout.left > 0 ? '‹ ' : '  ', 'key'), ...more]));
  const room = rows - lines.length;
  const detailRows = detailHeight(pane, selection.ids.length, room);
  const height = room - detailRows;
  const top = windowTop(view.top, snapshot.cursorIndex, height, selection.ids.length);
  for (let i = top; i < Math.min(selection.ids.length, top + height); i++) {
    const isCursor = i === snapshot.cursorIndex;
    const id = selection.ids[i]!;
    const row = aged(selection.line(id, layout, look), isOld);
    lines.push(draw([span(`${isCursor ? '▸' : ' '}${view.marks.has(id) ? '*' : ' '}`, 'accent'), ...row], isCursor ? 'cursor' : undefined));
  }
  const body = padded(lines, rows - detailRows, draw);
  if (detailRows > 0 && pane.detail) {
    const detail = pane.detail.lines(snapshot, selection.ids[snapshot.cursorIndex]!, look, size.columns, detailRows - 1);
    body.push(...padded([draw(EMPTY), ...detail.map((one) => draw(one))], detailRows, draw));
  }
  return { lines: body, top, height, count: selection.ids.length, left: layout.left };
}

/** Why there are no rows is read whole. Lines of one span; others are made to fit where they are made. */
function wrapped(line: Line, columns: number): Line[] {
  const [only] = line;
  if (line.length !== 1 || !only || lineWidth(line) <= columns) return [line];
  const indent = only.text.length - only.text.trimStart().length;
  return wrapWords(only.text, columns - indent - 1, MOST_WHY_ROWS).map((text) => [{ ...only, text: `${' '.repeat(indent)}${text}` }]);
}

/** Age of what a pane shows once it is older than five answers should be; else `null`. */
function staleMs({ data }: Snapshot, pane: Pane): number | null {
  const reach = pane.source === undefined ? undefined : pane.source === 'connect' ? data.connect?.reach : data.cluster?.reach;
  return reach?.lastOkMs != null && isStale(reach, data.nowMs, 5) ? data.nowMs - reach.lastOkMs : null;
}

/** Rows that are not true any more have lost their colours. */
function aged(line: Line, isOld: boolean): Line {
  return isOld ? line.map((one) => span(one.text, 'dim')) : line;
}

/** The detail takes its rows only where the table keeps enough of its own; never by what the cursor is on, so that nothing jumps. */
function detailHeight(pane: TablePane, count: number, room: number): number {
  if (!pane.detail) return 0;
  const { height, most = height } = pane.detail;
  const wanted = height + 1;
  if (room - wanted < Math.min(count, Math.max(6, Math.floor(room / 2)))) return 0;
  return Math.max(wanted, Math.min(most + 1, room - count));
}

function renderText(snapshot: Snapshot, pane: TextPane, look: Look, rows: number, draw: Draw): Body {
  const { view, size } = snapshot;
  const folds = pane.folds && !view.isWrapped ? pane.folds(snapshot) : undefined;
  const { lines, ...text } = scrollText(pane.lines(snapshot, look, size.columns - 2), view, rows, size.columns - 2, {
    ...pane,
    sought: pane.sought?.(snapshot) ?? null,
  });
  return {
    ...text,
    ...(folds ? { folds } : {}),
    lines: padded(
      lines.map((one, i) => {
        const at = text.top + i;
        const isCursor = folds !== undefined && at === Math.min(view.cursorIndex, text.count - 1);
        return draw(
          [span(isCursor || (text.match != null && at === text.match) ? '▸' : ' ', 'accent'), ...one],
          isCursor ? 'cursor' : undefined,
        );
      }),
      rows,
      draw,
    ),
    height: rows,
  };
}

function renderTail(snapshot: Snapshot, pane: TailPane, look: Look, rows: number, draw: Draw): Body {
  const lines = pane.head(snapshot, look, snapshot.size.columns).map((one) => draw(one));
  const height = rows - lines.length;
  const shown = pane.rows(snapshot, look, snapshot.size.columns - 2).slice(-height);
  for (const { line, isCursor } of shown)
    lines.push(draw([span(isCursor ? '▸' : ' ', 'accent'), ...line], isCursor ? 'cursor' : undefined));
  return { lines: padded(lines, rows, draw), top: 0, height, count: shown.length };
}

function tooSmall(size: { columns: number; rows: number }, skin: Skin): Frame {
  const text = `too small: ${size.columns}x${size.rows}, need ${MIN_COLUMNS}x${MIN_ROWS}`;
  const lines = Array.from({ length: size.rows }, (_, i) => drawLine(i === 0 ? [span(text, 'warn')] : EMPTY, size.columns, skin));
  return { lines, cursor: null, viewport: { top: 0, height: 1, count: 0 } };
}
