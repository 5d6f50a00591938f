/** The terminal's clipboard: written as each terminal takes it, never read, never longer than terminals take. */
import { expect, test } from 'vitest';
import { clipboardSequence } from '../../../screens/clipboard.ts';

const TEXT = 'curl -sS http://127.0.0.1:8083/connectors/주문/status';
const PLAIN = `\x1b]52;c;${Buffer.from(TEXT).toString('base64')}\x07`;

test('plain', () => {
  expect(clipboardSequence(TEXT, { TERM: 'xterm-256color' })).toBe(PLAIN);
});

test('tmux hands it on: as it is, and wrapped with its escapes doubled', () => {
  const wrapped = `\x1bPtmux;\x1b${PLAIN}\x1b\\`;
  expect(clipboardSequence(TEXT, { TERM: 'screen-256color', TMUX: '/tmp/x,1,0' })).toBe(PLAIN + wrapped);
});

test('GNU screen hands it on in pieces that it takes', () => {
  const long = 'x'.repeat(1_000);
  const sequence = clipboardSequence(long, { TERM: 'screen', STY: '1.tty' }) ?? '';
  const pieces = sequence.split('\x1b\\').filter((one) => one !== '');
  expect(pieces.length).toBeGreaterThan(5);
  for (const piece of pieces) {
    expect(piece.startsWith('\x1bP')).toBe(true);
    expect(piece.length + 2).toBeLessThanOrEqual(256);
  }
  expect(pieces.map((one) => one.slice(2)).join('')).toBe(`\x1b]52;c;${Buffer.from(long).toString('base64')}\x07`);
});

test('what no terminal takes is not sent', () => {
  expect(clipboardSequence('x'.repeat(56_244), {})).not.toBeNull();
  expect(clipboardSequence('x'.repeat(56_247), {})).toBeNull();
});
