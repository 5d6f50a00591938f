/** Ink's input as the key names of the keymap: `a`, `G`, `space`, `ctrl-d`, `pgdn`, `esc`. Several keys may come at once. */
import type { Key } from 'ink';
import { graphemes } from '../src/base/width.ts';

const FLAGS = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pgup'],
  ['pageDown', 'pgdn'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies ReadonlyArray<readonly [keyof Key, string]>;

export function keyNames(input: string, key: Key): string[] {
  if (key.eventType === 'release') return [];
  const flag = FLAGS.find(([name]) => key[name]);
  if (flag) return [flag[1]];
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  // Alt is not used: its bytes are an Esc that came too fast.
  if (key.meta || input === '') return [];
  if (key.ctrl) return input === ' ' ? [] : [`ctrl-${input.toLowerCase()}`];
  return graphemes(input).flatMap(typed);
}

function typed(character: string): string[] {
  if (character === ' ') return ['space'];
  if (character === '\r' || character === '\n' || character === '\r\n') return ['enter'];
  if (character === '\t') return ['tab'];
  const code = character.charCodeAt(0);
  if (code === 0x7f || code === 0x08) return ['backspace'];
  if (code > 0 && code < 0x1b) return [`ctrl-${String.fromCharCode(code + 0x60)}`];
  return code < 0x20 ? [] : [character];
}
