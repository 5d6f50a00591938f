/** `response.http.headers.config` (KIP-577): headers that every answer gets. */
import { ConfigError } from '../base/errors.ts';

export interface HeaderRule {
  readonly name: string;
  readonly value: string;
  /** False: one more of the same name. */
  readonly isReplacing: boolean;
}

const KEY = 'response.http.headers.config';
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Throws ConfigError naming the entry. */
export function parseHeaderRules(text: string): HeaderRule[] {
  return splitOutsideQuotes(text)
    .map((entry) =>
      entry
        .trim()
        .replace(/^"(.*)"$/s, '$1')
        .trim(),
    )
    .filter((entry) => entry !== '')
    .map(parseRule);
}

function splitOutsideQuotes(text: string): string[] {
  const parts = text.match(/(?:"[^"]*"|[^",])+/g) ?? [];
  return parts;
}

function parseRule(entry: string): HeaderRule {
  const match = /^(set|add|setDate|addDate)\s+([^:\s]+)\s*:\s*(.*)$/s.exec(entry);
  const [, action = '', name = '', value = ''] = match ?? [];
  if (!match || !HEADER_NAME.test(name) || /[\r\n\0]/.test(value))
    throw new ConfigError(`Invalid value "${entry}" in ${KEY}: write [set|add|setDate|addDate] Name: value.`);
  const isReplacing = action.startsWith('set');
  if (!action.endsWith('Date')) return { name, value, isReplacing };
  if (!/^-?\d{1,15}$/.test(value))
    throw new ConfigError(`Invalid value "${entry}" in ${KEY}: ${action} needs milliseconds since the epoch.`);
  return { name, value: new Date(Number(value)).toUTCString(), isReplacing };
}
