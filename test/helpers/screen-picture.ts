/** A terminal screen (@xterm/headless) as an SVG picture: what the README shows is drawn from a real run. */
import type { IBufferCell, Terminal } from '@xterm/headless';

const CELL_WIDTH = 8.4;
const ROW_HEIGHT = 18;
const PADDING = 12;
const BACKGROUND = '#14161b';
const FOREGROUND = '#d5d8de';
/** The sixteen named colours; the rest of the 256 follow by rule. */
const NAMED = [
  '#1d2026',
  '#e5534b',
  '#57ab5a',
  '#c69026',
  '#539bf5',
  '#b083f0',
  '#39c5cf',
  '#d5d8de',
  '#636e7b',
  '#ff938a',
  '#6bc46d',
  '#daaa3f',
  '#6cb6ff',
  '#dcbdfb',
  '#56d4dd',
  '#ffffff',
];

function paletteColor(index: number): string {
  const named = NAMED[index];
  if (named) return named;
  if (index >= 232) {
    const grey = (8 + (index - 232) * 10).toString(16).padStart(2, '0');
    return `#${grey}${grey}${grey}`;
  }
  const level = (n: number) => (n === 0 ? 0 : 55 + n * 40).toString(16).padStart(2, '0');
  const cube = index - 16;
  return `#${level(Math.floor(cube / 36))}${level(Math.floor(cube / 6) % 6)}${level(cube % 6)}`;
}

function colorOf(cell: IBufferCell, which: 'fg' | 'bg'): string | null {
  const isFg = which === 'fg';
  if (isFg ? cell.isFgRGB() : cell.isBgRGB()) return `#${(isFg ? cell.getFgColor() : cell.getBgColor()).toString(16).padStart(6, '0')}`;
  if (isFg ? cell.isFgPalette() : cell.isBgPalette()) return paletteColor(isFg ? cell.getFgColor() : cell.getBgColor());
  return null;
}

const escapeXml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

interface Run {
  column: number;
  width: number;
  text: string;
  fg: string;
  bg: string | null;
  isBold: boolean;
  isDim: boolean;
}

function runsOf(terminal: Terminal, row: number): Run[] {
  const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row);
  const runs: Run[] = [];
  if (!line) return runs;
  for (let column = 0; column < terminal.cols; column++) {
    const cell = line.getCell(column);
    if (!cell || cell.getWidth() === 0) continue;
    let fg = colorOf(cell, 'fg') ?? FOREGROUND;
    let bg = colorOf(cell, 'bg');
    if (cell.isInverse()) [fg, bg] = [bg ?? BACKGROUND, fg];
    const text = cell.getChars() || ' ';
    const isBold = cell.isBold() !== 0;
    const isDim = cell.isDim() !== 0;
    const last = runs.at(-1);
    // Wide characters get a run of their own, so that the picture's font cannot shift what follows.
    if (
      last &&
      cell.getWidth() === 1 &&
      last.width === last.text.length &&
      last.fg === fg &&
      last.bg === bg &&
      last.isBold === isBold &&
      last.isDim === isDim
    ) {
      last.text += text;
      last.width += 1;
    } else runs.push({ column, width: cell.getWidth(), text, fg, bg, isBold, isDim });
  }
  return runs;
}

/** The visible screen as one SVG document. */
export function screenToSvg(terminal: Terminal, title: string): string {
  const width = terminal.cols * CELL_WIDTH + PADDING * 2;
  const height = terminal.rows * ROW_HEIGHT + PADDING * 2;
  const parts: string[] = [];
  for (let row = 0; row < terminal.rows; row++) {
    const y = PADDING + row * ROW_HEIGHT;
    for (const run of runsOf(terminal, row)) {
      const x = PADDING + run.column * CELL_WIDTH;
      const cells = run.width * CELL_WIDTH;
      if (run.bg) parts.push(`<rect x="${x.toFixed(1)}" y="${y}" width="${cells.toFixed(1)}" height="${ROW_HEIGHT}" fill="${run.bg}"/>`);
      if (run.text.trim() === '') continue;
      const weight = run.isBold ? ' font-weight="bold"' : '';
      const opacity = run.isDim ? ' opacity="0.6"' : '';
      parts.push(
        `<text x="${x.toFixed(1)}" y="${y + 13}" fill="${run.fg}"${weight}${opacity} textLength="${cells.toFixed(1)}" lengthAdjust="spacingAndGlyphs">${escapeXml(run.text)}</text>`,
      );
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height}" role="img" aria-label="${escapeXml(title)}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve"><rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>${parts.join('')}</svg>\n`;
}
