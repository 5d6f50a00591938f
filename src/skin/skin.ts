/** What a state or a part of the screen looks like: semantic tokens to terminal styles, and the glyphs that carry a state without colour. */

export const TOKENS = [
  'text', // what is read
  'dim', // what explains
  'title', // column heads and names of panes
  'accent', // the one accent: selection marker, links, keys' neighbours
  'key', // a key in the hint line
  'ok',
  'warn',
  'fail',
  'paused',
  'stopped',
  'stale', // data older than it should be
  'cursor', // the selected row
  'match', // what a filter found
  'rule', // lines
  'edge', // the edge of a question; the accent where a skin says nothing of it
  'context', // name of the context
  'protected', // name of a protected context
  'changed', // a cell that has just changed
] as const;
export type Token = (typeof TOKENS)[number];

/** Colours as `#rrggbb`; `basic` is the name among the 16 for terminals that have no more. */
export interface TokenStyle {
  readonly fg?: string;
  readonly bg?: string;
  readonly basic?: BasicColour;
  readonly basicBg?: BasicColour;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

export const BASIC_COLOURS = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'gray',
  'bright-red',
  'bright-green',
  'bright-yellow',
  'bright-blue',
  'bright-magenta',
  'bright-cyan',
  'bright-white',
] as const;
export type BasicColour = (typeof BASIC_COLOURS)[number];

export type SkinStyles = Readonly<Partial<Record<Token, TokenStyle>>>;

export interface SkinFile {
  readonly name: string;
  readonly description: string;
  readonly tokens: SkinStyles;
}

/** 0 none, 1: 16 colours, 2: 256, 3: true colour. */
export type ColourLevel = 0 | 1 | 2 | 3;

export interface Skin {
  readonly name: string;
  /** SGR sequence that begins each token's style; empty when it has none. */
  readonly sgr: Readonly<Record<Token, string>>;
  readonly isAscii: boolean;
  readonly level: ColourLevel;
}

/** Tokens that a skin leaves out look like plain text. Without colours the marks stay: bold, inverse, underline. */
export function toSkin(file: SkinFile, level: ColourLevel, isAscii: boolean): Skin {
  const sgr = Object.fromEntries(
    TOKENS.map((token) => [token, toSgr(file.tokens[token] ?? (token === 'edge' ? file.tokens.accent : undefined) ?? {}, level)]),
  ) as Record<Token, string>;
  return { name: file.name, sgr, isAscii, level };
}

export function toSgr(style: TokenStyle, level: ColourLevel): string {
  const codes: string[] = [];
  if (style.bold) codes.push('1');
  if (style.dim) codes.push('2');
  if (style.underline) codes.push('4');
  if (style.inverse) codes.push('7');
  if (level > 0) {
    codes.push(...colour(style.fg, style.basic, level, 38), ...colour(style.bg, style.basicBg, level, 48));
  }
  return codes.length === 0 ? '' : `\x1b[${codes.join(';')}m`;
}

function colour(hex: string | undefined, basic: BasicColour | undefined, level: ColourLevel, kind: 38 | 48): string[] {
  if (level === 1 || hex === undefined) {
    if (basic === undefined) return [];
    const index = BASIC_COLOURS.indexOf(basic);
    const base = kind === 38 ? 30 : 40;
    return [String(index < 8 ? base + index : base + 60 + index - 8)];
  }
  const [red, green, blue] = parseHex(hex);
  return level === 3
    ? [String(kind), '2', String(red), String(green), String(blue)]
    : [String(kind), '5', String(nearestOf256(red, green, blue))];
}

function parseHex(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

const CUBE: readonly number[] = [0, 95, 135, 175, 215, 255];

/** Nearest of the 6×6×6 cube and the 24 grays (indexes 16–255); the first 16 are the user's own and not to be trusted. */
function nearestOf256(red: number, green: number, blue: number): number {
  const step = (value: number) => CUBE.reduce((best, one, i) => (Math.abs(one - value) < Math.abs(CUBE[best]! - value) ? i : best), 0);
  const [r, g, b] = [step(red), step(green), step(blue)];
  const distance = (x: number, y: number, z: number) => (x - red) ** 2 + (y - green) ** 2 + (z - blue) ** 2;
  const gray = Math.max(0, Math.min(23, Math.round(((red + green + blue) / 3 - 8) / 10)));
  const level = 8 + gray * 10;
  return distance(level, level, level) < distance(CUBE[r]!, CUBE[g]!, CUBE[b]!) ? 232 + gray : 16 + 36 * r + 6 * g + b;
}
