/** Which key means which command where: the table's own keys, changed by the user's file. */
import { readFileSync } from 'node:fs';
import { ConfigError, messageOf } from '../base/errors.ts';
import type { PaneLogic } from '../store/console-data.ts';
import type { Target } from '../store/view.ts';
import { type Command, keyLabel, type Scope } from './command.ts';

export type KeyOverrides = Readonly<Record<string, readonly string[]>>;

export interface Keymap {
  readonly commands: readonly Command[];
  keysOf(command: Command): readonly string[];
  /** The command that a key means here; the narrowest scope wins. */
  find(key: string, place: KeyPlace): Command | null;
  /** All commands that can be reached by a key here, in the order of the table. */
  here(place: KeyPlace): readonly Command[];
}

export interface KeyPlace {
  readonly pane: PaneLogic;
  readonly focus: Target;
}

const KEY_PATTERN =
  /^(ctrl-[a-z\\]|ctrl-space|shift-(?:tab|left|right)|up|down|left|right|pgup|pgdn|home|end|enter|esc|tab|space|backspace|delete|[^\s\p{Cc}])$/u;
/** Reserved for the movement of tables and for going on: no user file may take these away. */
const FIXED = new Set(['esc', 'enter', 'ctrl-c']);

/** Throws ConfigError when two commands of one scope share a key, naming both. */
export function createKeymap(commands: readonly Command[], overrides: KeyOverrides = {}): Keymap {
  const unknown = Object.keys(overrides).find((id) => !commands.some((one) => one.id === id));
  if (unknown) throw new ConfigError(`Keymap: there is no command "${unknown}". The help (?) and the README list them.`);
  const keys = new Map(commands.map((one) => [one.id, overrides[one.id] ?? one.keys]));
  const keysOf = (command: Command) => keys.get(command.id) ?? command.keys;
  const taken = new Map<string, string>();
  for (const one of commands) {
    for (const key of keysOf(one)) {
      if (!KEY_PATTERN.test(key))
        throw new ConfigError(
          `Keymap: "${key}" of ${one.id} is no key that a terminal can tell. Write a character, or like ctrl-d, up, pgdn, space.`,
        );
      if (FIXED.has(key) && overrides[one.id] && !one.keys.includes(key))
        throw new ConfigError(`Keymap: ${key} cannot be given to ${one.id}, it always means the same.`);
      for (const scope of one.scopes) {
        const other = taken.get(`${scope} ${key}`);
        if (other) throw new ConfigError(`Keymap: "${key}" means both ${other} and ${one.id} (in ${scope}). Give one of them another key.`);
        taken.set(`${scope} ${key}`, one.id);
      }
    }
  }
  const here = (place: KeyPlace) => commands.filter((one) => rank(one.scopes, place) > 0);
  return {
    commands,
    keysOf,
    here,
    find: (key, place) => {
      let best: Command | null = null;
      let bestRank = 0;
      for (const one of commands) {
        const its = keysOf(one).includes(key) ? rank(one.scopes, place) : 0;
        if (its > bestRank) [best, bestRank] = [one, its];
      }
      return best;
    },
  };
}

/** Panes about records: what they were opened from is not what their keys are about. */
const RECORDS: ReadonlySet<string> = new Set(['tail', 'record', 'dlq', 'dead-letter', 'partitions', 'group']);

/** 0: not here; else the narrower the greater. */
function rank(scopes: readonly Scope[], { pane, focus }: KeyPlace): number {
  let best = 0;
  for (const scope of scopes) {
    if (scope === pane.id) best = Math.max(best, 4);
    else if (scope === 'connector') best = Math.max(best, focus.connector === undefined || RECORDS.has(pane.id) ? 0 : 3);
    else if (scope === pane.kind) best = Math.max(best, 2);
    else if (scope === 'all') best = Math.max(best, 1);
  }
  return best;
}

/** The user's file: `{"connector.pause": ["P"]}`. Absent: none. Throws ConfigError naming file and fault. */
export function readKeyOverrides(file: string): KeyOverrides {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`Keymap ${file} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ConfigError(`Keymap ${file} must be an object of command → list of keys.`);
  for (const [id, list] of Object.entries(value)) {
    if (!Array.isArray(list) || list.some((key) => typeof key !== 'string'))
      throw new ConfigError(`Keymap ${file}: ${id} must be a list of keys, like ["P"], and is ${JSON.stringify(list)}.`);
  }
  return value as KeyOverrides;
}

/** The keys of a command as text: `j ↓`. */
export function keyText(keymap: Keymap, command: Command, isAscii = false): string {
  return keymap
    .keysOf(command)
    .map((key) => keyLabel(key, isAscii))
    .join(' ');
}
