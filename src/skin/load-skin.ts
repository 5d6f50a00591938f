/** A skin by name: one that comes with the program, or a file of that name in the user's folder. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, messageOf } from '../base/errors.ts';
import { BASIC_COLOURS, type SkinFile, TOKENS, type Token, type TokenStyle } from './skin.ts';
import { DEFAULT_SKIN, SKINS } from './skins.ts';

/** `null`: the default. Throws ConfigError naming the file, the token and what is wrong. */
export function loadSkin(name: string | null, folder: string): SkinFile {
  if (name === null || name === '') return DEFAULT_SKIN;
  const builtIn = SKINS.find((skin) => skin.name === name);
  if (builtIn) return builtIn;
  const file = name.includes('/') ? name : path.join(folder, `${name}.json`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const names = SKINS.map((skin) => skin.name).join(', ');
    throw new ConfigError(`There is no skin "${name}": ${file} cannot be read (${messageOf(error)}). Built in: ${names}.`, {
      cause: error,
    });
  }
  return parseSkin(text, file);
}

/** Built in, then the user's own. */
export function skinNames(folder: string): string[] {
  let own: string[] = [];
  try {
    own = readdirSync(folder).filter((file) => file.endsWith('.json'));
  } catch {
    // There are none.
  }
  return [...new Set([...SKINS.map((skin) => skin.name), ...own.map((file) => path.basename(file, '.json')).sort()])];
}

/** Throws ConfigError naming what is wrong in `file`. */
export function parseSkin(text: string, file: string): SkinFile {
  const fail = (problem: string, cause?: unknown): ConfigError => new ConfigError(`Skin ${file}: ${problem}`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fail(`it is not JSON (${messageOf(error)})`, error);
  }
  if (!isObject(value) || !isObject(value.tokens)) throw fail('it needs a member "tokens" with a style each');
  const tokens: Partial<Record<Token, TokenStyle>> = {};
  for (const [token, style] of Object.entries(value.tokens)) {
    if (!TOKENS.includes(token as Token)) throw fail(`"${token}" is no token. There are: ${TOKENS.join(', ')}`);
    const problem = styleProblem(style);
    if (problem) throw fail(`${token}: ${problem}`);
    tokens[token as Token] = style as TokenStyle;
  }
  return { name: String(value.name ?? path.basename(file, '.json')), description: String(value.description ?? ''), tokens };
}

function styleProblem(style: unknown): string | null {
  if (!isObject(style)) return 'a style is an object';
  for (const [member, value] of Object.entries(style)) {
    if (member === 'fg' || member === 'bg') {
      if (typeof value !== 'string' || !/^#[0-9a-f]{6}$/i.test(value))
        return `${member} is ${JSON.stringify(value)}, not a colour like "#5fafff"`;
    } else if (member === 'basic' || member === 'basicBg') {
      if (!BASIC_COLOURS.some((name) => name === value))
        return `${member} is ${JSON.stringify(value)}, not one of ${BASIC_COLOURS.join(', ')}`;
    } else if (['bold', 'dim', 'underline', 'inverse'].includes(member)) {
      if (typeof value !== 'boolean') return `${member} is ${JSON.stringify(value)}, not true or false`;
    } else return `there is no member "${member}"`;
  }
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
