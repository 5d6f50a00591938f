/** Texts that would steer a terminal, hide in it, or break a row: the same ones with every run. */

const ATOMS: readonly string[] = [
  '\x1b[2J',
  '\x1b[31m',
  '\x1b[?1049l',
  '\x1b[10;10H',
  '\x1b[6n',
  '\x1b]0;title\x07',
  '\x1b]52;c;cm0gLXJm\x07',
  '\x1b]8;;http://example.invalid\x1b\\link',
  '\x1bPq#0~\x1b\\',
  '\x1b_APC\x1b\\',
  '\x1bc',
  '\x1b',
  '\x9b2J',
  '\x9d0;title\x9c',
  '\x90',
  '\x85',
  '\x00',
  '\x07',
  '\x08\x08\x08',
  '\x0e',
  '\x7f',
  '\r',
  '\n',
  '\r\n',
  '\t',
  '\v\f',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u2066\u2069',
  '\u061c',
  '\u200b',
  '\u200d',
  '\u2060',
  '\ufeff',
  '\u00ad',
  '\u3164',
  '\u115f\u1160',
  '\u{e0041}\u{e007f}',
  '\u0600',
  '\ud800',
  '\udfff',
  '\ud83d',
  '\ufffe',
  '\u{10ffff}',
  '한글',
  '한글'.normalize('NFD'),
  'ᄒ',
  'ﾊﾟ',
  'Ａ１',
  '漢字',
  '👩‍👩‍👧‍👦',
  '🇰🇷',
  '🇰',
  '❤️',
  '1️⃣',
  '👍🏽',
  `e${'\u0301'.repeat(30)}`,
  '\u0301',
  '\u0e33\u0e40\u0e33',
  'नि',
  'ﷺ',
  '𝕬',
  '…',
  '"',
  "'",
  '\\',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of a config provider
  '${x:y}',
  'a: b #c',
  '- ',
  '=cmd|',
  'plain',
  'at a.b.C(D.java:1)',
  'Caused by: x.Y: z',
];

/** `index` chooses: one to six pieces, now and then a very long one. */
export function hostileText(index: number): string {
  const random = generator(index);
  const count = 1 + Math.floor(random() * 6);
  const text = Array.from({ length: count }, () => ATOMS[Math.floor(random() * ATOMS.length)]!).join(random() < 0.5 ? '' : 'x');
  return index % 97 === 0 ? text.repeat(200) : text;
}

/** The first of them are the pieces alone. */
export function hostileTexts(count: number): string[] {
  return Array.from({ length: count }, (_, i) => (i < ATOMS.length ? ATOMS[i]! : hostileText(i)));
}

function generator(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return (state ^ (state >>> 16)) / 0x1_0000_0000;
  };
}
