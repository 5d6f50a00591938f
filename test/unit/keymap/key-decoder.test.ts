/** What terminals send, cut anywhere, as the keys that were pressed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyDecoder } from '../../../src/keymap/key-decoder.ts';
import { bytesOfKey } from '../../helpers/key-bytes.ts';
import { createTestClock } from '../../helpers/test-clock.ts';

function decoder() {
  const clock = createTestClock();
  const told: string[][] = [];
  const pastes: string[] = [];
  const one = new KeyDecoder({ clock, onKeys: (keys) => told.push([...keys]), onPaste: (text) => pastes.push(text) });
  return { clock, told, pastes, feed: (text: string) => one.feed(text), close: () => one.close() };
}

/** Keys of bytes that come at once, after all waits. */
async function keysOf(bytes: string): Promise<string[]> {
  const { feed, told, clock } = decoder();
  feed(bytes);
  await clock.advance(10_000);
  return told.flat();
}

const NAMED = [
  'enter',
  'esc',
  'tab',
  'shift-tab',
  'space',
  'backspace',
  'delete',
  'up',
  'down',
  'left',
  'right',
  'home',
  'end',
  'pgup',
  'pgdn',
];
const CONTROLS = ['ctrl-a', 'ctrl-c', 'ctrl-d', 'ctrl-r', 'ctrl-z', 'ctrl-\\'];

test.each([...NAMED, ...CONTROLS, 'a', 'G', '?', ':', '/', '한', '0', '['])('the bytes of %s are that key', async (key) => {
  expect(await keysOf(bytesOfKey(key))).toEqual([key]);
});

test.each([
  ['application mode', '\x1bOA\x1bOH\x1bOM', ['up', 'home', 'enter']],
  ['other terminals', '\x1b[1~\x1b[4~\x1b[7~\x1b[8~', ['home', 'end', 'home', 'end']],
  ['modifiers', '\x1b[1;5A\x1b[3;2~', ['up', 'delete']],
  [
    'shift with an arrow, as most terminals and as rxvt say it',
    '\x1b[1;2C\x1b[1;2D\x1b[c\x1b[d\x1b[?62;c',
    ['shift-right', 'shift-left', 'shift-right', 'shift-left'],
  ],
  ['function keys', '\x1bOP\x1b[15~\x1b[24;5~\x1b[[A', []],
  ['mouse, focus, position', '\x1b[<0;10;5M\x1b[I\x1b[O\x1b[24;80R', []],
  ['answers about colours and versions', '\x1b]11;rgb:1e1e/1e1e/1e1e\x07\x1bP>|xterm\x1b\\', []],
])('%s', async (_, bytes, keys) => {
  expect(await keysOf(bytes)).toEqual(keys);
});

test('Esc and a key that come together are both', async () => {
  expect(await keysOf('\x1bz')).toEqual(['esc', 'z']);
  expect(await keysOf('\x1b\x1b')).toEqual(['esc', 'esc']);
  expect(await keysOf('\x1b/')).toEqual(['esc', '/']);
  expect(await keysOf('\x1b\x03')).toEqual(['esc', 'ctrl-c']);
  expect(await keysOf('\x1b\x1b[A')).toEqual(['esc', 'up']);
});

test('keys that come together are told together, and Esc alone only after a moment', async () => {
  const { feed, told, clock } = decoder();
  feed('jjj');
  expect(told).toEqual([['j', 'j', 'j']]);
  feed('k\x1b');
  expect(told.slice(1)).toEqual([['k']]);
  await clock.advance(49);
  expect(told.length).toBe(2);
  await clock.advance(1);
  expect(told.slice(2)).toEqual([['esc']]);
});

test('an answer of the terminal behind an Esc tells that it was the key; it is asked for once, and an arrow in two parts stays one', async () => {
  const told: string[][] = [];
  let asked = 0;
  const one = new KeyDecoder({
    clock: createTestClock(),
    onKeys: (keys) => told.push([...keys]),
    onPaste: () => undefined,
    onBareEscape: () => asked++,
  });
  one.feed('k\x1b');
  expect([told, asked]).toEqual([[['k']], 1]);
  one.feed('\x1b[24;80R');
  expect([told.slice(1), asked]).toEqual([[['esc']], 1]);
  one.feed('\x1b');
  one.feed('[A');
  one.feed('\x1b[24;80R\x1b[');
  expect([told.slice(2), asked]).toEqual([[['up']], 2]);
});

test('half a sequence that never ends is no key, and the next one counts again', async () => {
  const { feed, told, clock } = decoder();
  feed('\x1b[1;5');
  await clock.advance(600);
  expect(told).toEqual([]);
  feed('q');
  expect(told).toEqual([['q']]);
  feed('\x1b[');
  await clock.advance(600);
  expect(told.slice(1)).toEqual([['esc']]);
});

test('where the cursor is, is no key', async () => {
  let places = 0;
  const told: string[] = [];
  const one = new KeyDecoder({ onKeys: (keys) => told.push(...keys), onPaste: () => undefined, onCursorPlace: () => places++ });
  one.feed('a\x1b[24;8');
  one.feed('0Rb\x1b[1;1R');
  expect([told, places]).toEqual([['a', 'b'], 2]);
});

test('a paste is text, whatever lies in it', async () => {
  const { feed, told, pastes, clock } = decoder();
  feed('a\x1b[200~q y :q!\r\x1b[A2\x1b[20');
  expect(pastes).toEqual([]);
  feed('1~b');
  expect(pastes).toEqual(['q y :q!\r\x1b[A2']);
  expect(told).toEqual([['a'], ['b']]);
  feed('\x1b[200~its end is lost');
  await clock.advance(2_000);
  expect(pastes.slice(1)).toEqual(['its end is lost']);
  feed('c');
  expect(told.slice(2)).toEqual([['c']]);
});

test('after close nothing comes', async () => {
  const { feed, told, clock, close } = decoder();
  feed('\x1b');
  close();
  await clock.advance(1_000);
  expect(told).toEqual([]);
});

test('however the bytes are cut, the same keys come', async () => {
  const key = fc.constantFrom(...NAMED, ...CONTROLS, 'x', 'Q', '5', '한', '~', ';');
  await fc.assert(
    fc.asyncProperty(fc.array(key, { maxLength: 12 }), fc.array(fc.nat(60), { maxLength: 12 }), async (keys, cuts) => {
      const bytes = keys.map(bytesOfKey).join('');
      const at = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort((a, b) => a - b);
      const { feed, told, clock } = decoder();
      for (let i = 1; i < at.length; i++) feed(bytes.slice(at[i - 1], at[i]));
      await clock.advance(1_000);
      expect(told.flat()).toEqual(keys);
    }),
    { numRuns: 200 },
  );
});

test('random bytes neither throw nor hang nor give anything that is no key', async () => {
  const piece = fc.oneof(
    fc.constantFrom('\x1b', '[', 'O', '\x1b[', '\x1b[200~', '\x1b[201~', ';', '5', '~', 'A', '\x07', '\x00', '\x9b'),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      const { feed, told, clock } = decoder();
      for (const one of pieces) feed(one);
      await clock.advance(10_000);
      for (const name of told.flat()) expect(name).toMatch(/^(?:ctrl-[a-z\\]|shift-tab|[a-z]{2,9}|[^\p{Cc}]+)$/u);
    }),
    { numRuns: 200 },
  );
});
