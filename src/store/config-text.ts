/**
 * A configuration as a file to edit: `.properties` or JSON, secrets as `[hidden]`, which keeps the stored value. What is wrong is told
 * with its key and line, and stands as a comment at the field when the file is opened again.
 */
import { messageOf } from '../base/errors.ts';
import { parseExactJson } from '../base/exact-json.ts';
import { HIDDEN, maskConfig } from '../base/mask.ts';
import { sanitizeLines } from '../base/sanitize.ts';
import { formatProperty, listProperties } from '../spec/properties-file.ts';
import type { ConnectorConfig } from './config-steps.ts';

export type ConfigFormat = 'properties' | 'json';

export interface ConfigProblem {
  /** `null`: about the whole. */
  readonly key: string | null;
  readonly line: number | null;
  readonly text: string;
}

export interface ConfigBase {
  readonly config: ConnectorConfig;
  /** Keys that the plugin's definitions call passwords; others are known by their names. */
  readonly passwordKeys: ReadonlySet<string>;
}

export interface ReadConfig {
  readonly config: ConnectorConfig;
  readonly problems: readonly ConfigProblem[];
}

const MOST_CHARACTERS = 1_000_000;
const PROBLEM_MARK = '# ✖ ';
const FIRST_KEYS = ['name', 'connector.class', 'tasks.max'];

/** What a connector is comes first, the rest by name. */
export function configOrder(keys: Iterable<string>): string[] {
  const rank = (key: string) => {
    const found = FIRST_KEYS.indexOf(key);
    return found < 0 ? FIRST_KEYS.length : found;
  };
  return [...keys].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** `head`: lines of comment above it, where the format has comments. */
export function formatConfig({ config, passwordKeys }: ConfigBase, format: ConfigFormat, head: readonly string[] = []): string {
  const masked = maskConfig(config, passwordKeys);
  const keys = configOrder(Object.keys(masked));
  if (format === 'json') return `${JSON.stringify(Object.fromEntries(keys.map((key) => [key, masked[key]])), null, 2)}\n`;
  const lines = keys.map((key) => formatProperty(key, masked[key]!));
  return [...head.map((text) => `# ${text}`), ...(head.length > 0 ? [''] : []), ...lines, ''].join('\n');
}

/** Never throws. With problems `config` is what could be read. */
export function readConfig(text: string, format: ConfigFormat, base: ConfigBase): ReadConfig {
  const whole = (problem: string): ReadConfig => ({ config: {}, problems: [{ key: null, line: null, text: problem }] });
  if (text.length > MOST_CHARACTERS)
    return whole(`the file has ${text.length} characters; more than ${MOST_CHARACTERS} is no configuration. Nothing was taken from it.`);
  if (/[\0-\x08\x0e-\x1f]/.test(text)) return whole('the file holds bytes that are no text. Nothing was taken from it.');
  const listed = format === 'json' ? listJson(text) : listLines(text);
  if (typeof listed === 'string') return whole(listed);
  const masked = maskConfig(base.config, base.passwordKeys);
  const config: Record<string, string> = {};
  const places = new Map<string, number | null>();
  const problems: ConfigProblem[] = [];
  for (const { key, value, line } of listed) {
    const first = places.get(key);
    if (places.has(key)) problems.push({ key, line, text: `${key} was set ${first === null ? 'before' : `in line ${first}`} already` });
    places.set(key, line);
    const stored = Object.hasOwn(base.config, key) ? base.config[key] : undefined;
    if (stored !== undefined && value === masked[key]) config[key] = stored;
    else if (value.includes(HIDDEN) && value !== stored)
      problems.push({ key, line, text: `${HIDDEN} stands for the stored value and there is none like this: write the real value` });
    else config[key] = value;
  }
  const { name } = base.config;
  if (name !== undefined && config.name !== undefined && config.name !== name)
    problems.push({ key: 'name', line: places.get('name') ?? null, text: `the name cannot be changed: it stays ${name}` });
  if (name !== undefined && config.name === undefined) config.name = name;
  return { config, problems };
}

interface Setting {
  readonly key: string;
  readonly value: string;
  readonly line: number | null;
}

function listLines(text: string): readonly Setting[] | string {
  try {
    return listProperties(text, 'the file');
  } catch (error) {
    return messageOf(error);
  }
}

function listJson(text: string): readonly Setting[] | string {
  let parsed: unknown;
  try {
    parsed = parseExactJson(text, 'text');
  } catch (error) {
    return `the file is not JSON: ${messageOf(error)}`;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'the file must hold a JSON object of settings';
  // As POST /connectors takes it.
  const inner = 'config' in parsed && typeof parsed.config === 'object' && parsed.config !== null ? parsed.config : parsed;
  const settings: Setting[] = [];
  for (const [key, value] of Object.entries(inner)) {
    if (typeof value === 'object') return `${key} must be a text, a number, true or false`;
    settings.push({ key, value: String(value), line: lineOfKey(text, key) });
  }
  return settings;
}

function lineOfKey(text: string, key: string): number | null {
  const at = text.search(new RegExp(`${JSON.stringify(key).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*:`));
  return at < 0 ? null : text.slice(0, at).split('\n').length;
}

/** The user's own text with what is wrong as comments: at the field, or at the top when there is none. JSON has no comments. */
export function withProblems(text: string, format: ConfigFormat, problems: readonly ConfigProblem[]): string {
  if (format === 'json') return text;
  const lines = text.split('\n');
  const isOld = (line: string | undefined) => line?.startsWith(PROBLEM_MARK) ?? false;
  const settings = listLines(text);
  const placeOf = ({ key, line }: ConfigProblem): number =>
    line ?? (typeof settings === 'string' ? undefined : settings.find((one) => one.key === key)?.line) ?? 0;
  const atLine = new Map<number, string[]>();
  for (const problem of problems) {
    const place = placeOf(problem);
    const own = place === 0 && problem.key !== null ? `${problem.key}: ${problem.text}` : problem.text;
    atLine.set(place, [...(atLine.get(place) ?? []), ...sanitizeLines(own).map((one) => `${PROBLEM_MARK}${one}`)]);
  }
  const out = lines.flatMap((line, i) => (isOld(line) ? [] : [...(atLine.get(i + 1) ?? []), line]));
  return [...(atLine.get(0) ?? []), ...out].join('\n');
}
