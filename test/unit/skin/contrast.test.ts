/** Skins can be read: contrast as WCAG 2 counts it, and states that the colour-blind tell apart. */
import { describe, expect, test } from 'vitest';
import type { SkinFile, Token } from '../../../src/skin/skin.ts';
import { SKINS } from '../../../src/skin/skins.ts';

type Rgb = readonly [number, number, number];

/** What the skin is made for: terminals are seldom quite black or quite white. */
const BACKGROUNDS: Readonly<Record<string, readonly string[]>> = {
  default: ['#000000', '#1e1e1e'],
  light: ['#ffffff', '#f5f5f5'],
  'high-contrast': ['#000000'],
  'colour-blind': ['#000000', '#1e1e1e'],
};
/** Read at a glance. */
const STATES: readonly Token[] = ['ok', 'warn', 'fail', 'paused', 'stale'];
const TEXTS: readonly Token[] = ['dim', 'title', 'accent', 'key', 'stopped', 'context', 'changed', ...STATES];

const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as unknown as Rgb;
const linear = (value: number) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const luminance = (hex: string) => {
  const [r, g, b] = rgb(hex).map(linear) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string) => {
  const [dark, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (bright + 0.05) / (dark + 0.05);
};

/** Contrast of a token on the skin's background, or on its own. */
function weakest(skin: SkinFile, token: Token): number {
  const { fg, bg } = skin.tokens[token] ?? {};
  if (fg === undefined) return 21;
  return Math.min(...(bg === undefined ? BACKGROUNDS[skin.name]! : [bg]).map((one) => contrast(fg, one)));
}

const coloured = SKINS.filter((skin) => skin.name !== 'mono');

test('contrast is counted as WCAG does', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

describe.each(coloured)('$name', (skin) => {
  test.each(TEXTS)('%s can be read on the background', (token) => {
    const needed = skin.name === 'high-contrast' ? 7 : 4.5;
    expect(weakest(skin, token)).toBeGreaterThanOrEqual(skin.name === 'high-contrast' && token === 'fail' ? 4.5 : needed);
  });

  test.each(['match', 'protected'] as const)('%s can be read on its own background', (token) => {
    expect(weakest(skin, token)).toBeGreaterThanOrEqual(4.5);
  });

  test('states can be read in the cursor’s row', () => {
    const { bg } = skin.tokens.cursor ?? {};
    if (bg === undefined) return expect(skin.tokens.cursor?.inverse).toBe(true);
    const weak = STATES.filter((token) => skin.tokens[token]?.bg === undefined && contrast(skin.tokens[token]?.fg ?? '#ffffff', bg) < 3);
    expect(weak).toEqual([]);
  });
});

test('without colours every mark that matters has another sign', () => {
  const mono = SKINS.find((skin) => skin.name === 'mono')!;
  for (const { fg, bg, basic, basicBg } of Object.values(mono.tokens)) expect([fg, bg, basic, basicBg]).toEqual(Array(4).fill(undefined));
  for (const token of ['warn', 'fail', 'stale', 'cursor', 'match', 'protected'] as const)
    expect(Object.keys(mono.tokens[token] ?? {}).length, token).toBeGreaterThan(0);
});

// ---- what the colour-blind see: linear RGB through the matrices of Viénot, Brettel and Mollon (1999) and, for tritanopia, Brettel's plane

const SIGHT: Readonly<Record<string, readonly Rgb[]>> = {
  protanopia: [
    [0.1124, 0.8876, 0],
    [0.1124, 0.8876, 0],
    [0.004, -0.004, 1],
  ],
  deuteranopia: [
    [0.2927, 0.7073, 0],
    [0.2927, 0.7073, 0],
    [-0.0223, 0.0223, 1],
  ],
  tritanopia: [
    [1.0127, 0.1354, -0.1481],
    [-0.0124, 0.8682, 0.1442],
    [0.0758, 0.805, 0.1192],
  ],
};

/** CIE Lab of a colour as it is seen. */
function lab(hex: string, sight: readonly Rgb[]): Rgb {
  const from = rgb(hex).map(linear) as unknown as Rgb;
  const [r, g, b] = sight.map((row) => Math.min(1, Math.max(0, row[0] * from[0] + row[1] * from[1] + row[2] * from[2]))) as unknown as Rgb;
  const xyz = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
  ];
  const [x, y, z] = xyz.map((v) => (v > 0.008856 ? Math.cbrt(v) : 7.787 * v + 16 / 116)) as unknown as Rgb;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(a: string, b: string, sight: readonly Rgb[]): number {
  const [one, two] = [lab(a, sight), lab(b, sight)];
  return Math.hypot(one[0] - two[0], one[1] - two[1], one[2] - two[2]);
}

/** Clearly two colours side by side; 2.3 is just to be noticed. */
const FAR = 20;

test.each(Object.entries(SIGHT))('the colour-blind skin keeps good, warning, bad and paused apart in %s', (_, sight) => {
  const { tokens } = SKINS.find((skin) => skin.name === 'colour-blind')!;
  const states = ['ok', 'warn', 'fail', 'paused'] as const;
  const near: string[] = [];
  for (const [i, one] of states.entries())
    for (const two of states.slice(i + 1)) {
      const apart = distance(tokens[one]!.fg!, tokens[two]!.fg!, sight);
      if (apart < FAR) near.push(`${one} ${two}: ${apart.toFixed(1)}`);
    }
  expect(near).toEqual([]);
});

test('the measure is no empty one: red and green of the default skin come near each other', () => {
  const [red, green] = ['#ff0000', '#8f7a00'];
  expect(distance(red, green, SIGHT.protanopia!)).toBeLessThan(
    distance(red, green, [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]) / 2,
  );
});
