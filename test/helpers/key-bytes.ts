/** What a terminal sends for a key of the keymap, and the key of a command by its id: tests name commands, not keys. */
import { commandById } from '../../src/keymap/commands.ts';

const BYTES: Readonly<Record<string, string>> = {
  enter: '\r',
  esc: '\x1b',
  tab: '\t',
  'shift-tab': '\x1b[Z',
  space: ' ',
  'ctrl-space': '\0',
  backspace: '\x7f',
  delete: '\x1b[3~',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  'shift-right': '\x1b[1;2C',
  'shift-left': '\x1b[1;2D',
  home: '\x1b[H',
  end: '\x1b[F',
  pgup: '\x1b[5~',
  pgdn: '\x1b[6~',
};

export function bytesOfKey(key: string): string {
  const ctrl = /^ctrl-([a-z\\])$/.exec(key);
  if (ctrl) return String.fromCharCode(ctrl[1] === '\\' ? 0x1c : ctrl[1]!.charCodeAt(0) - 0x60);
  return BYTES[key] ?? key;
}

/** Throws when the command has no key. */
export function bytesOfCommand(id: string): string {
  const key = commandById(id).keys[0];
  if (key === undefined) throw new Error(`${id} has no key; open it by its word`);
  return bytesOfKey(key);
}
