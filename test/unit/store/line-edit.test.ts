/** A line being typed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_LINE, editLine, insertText, isTyped, type LineEdit, lineOf, textOf } from '../../../src/store/line-edit.ts';

function typed(...keys: string[]): LineEdit {
  return keys.reduce((line, key) => editLine(line, key) ?? line, EMPTY_LINE);
}

test('keys of the shell do what they do there', () => {
  expect(typed('a', 'b', 'space', 'c')).toEqual(lineOf('ab c'));
  expect(typed('a', 'b', 'left', 'x')).toEqual({ before: 'ax', after: 'b' });
  expect(typed('a', 'b', 'ctrl-a', 'x', 'ctrl-e', 'y')).toEqual(lineOf('xaby'));
  expect(typed('a', 'b', 'left', 'ctrl-k')).toEqual(lineOf('a'));
  expect(typed('a', 'b', 'left', 'ctrl-u')).toEqual({ before: '', after: 'b' });
  expect(textOf(typed(...'tail orders x'.split('').map((key) => (key === ' ' ? 'space' : key)), 'ctrl-w'))).toBe('tail orders ');
  expect(typed('a', 'b', 'home', 'delete')).toEqual({ before: '', after: 'b' });
});

test('characters of several code units go and are stepped over as one', () => {
  expect(typed('한', '글', 'backspace')).toEqual(lineOf('한'));
  expect(typed('👩‍🚀', 'a', 'left', 'left', 'delete')).toEqual({ before: '', after: 'a' });
});

test('keys that mean nothing to a line are told', () => {
  for (const key of ['esc', 'enter', 'up', 'tab', 'ctrl-r', 'pgup']) expect(editLine(EMPTY_LINE, key)).toBeNull();
  expect(isTyped('ctrl-a')).toBe(false);
  expect(isTyped('한')).toBe(true);
});

test('what is pasted becomes one line without controls, and no line grows without end', () => {
  expect(insertText(lineOf('x'), 'a\r\nb\tc\x1b[31m\x07')).toEqual(lineOf('xa b c[31m'));
  expect(insertText(lineOf('x'), 'y'.repeat(3_000))).toEqual(lineOf('x'));
});

test('no key loses or makes up what is right of the cursor', () => {
  const key = fc.constantFrom('a', '한', 'space', 'left', 'right', 'backspace', 'home', 'end', 'ctrl-w', 'ctrl-u');
  fc.assert(
    fc.property(fc.array(key, { maxLength: 40 }), (keys) => {
      let line = EMPTY_LINE;
      for (const one of keys) {
        const next = editLine(line, one) ?? line;
        if (one === 'left' || one === 'right' || one === 'home' || one === 'end') expect(textOf(next)).toBe(textOf(line));
        else expect(next.after).toBe(line.after);
        line = next;
      }
    }),
  );
});
