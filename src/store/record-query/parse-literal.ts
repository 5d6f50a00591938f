/** What a field is compared with. */
import { parseTime } from '../offset-plan.ts';
import type { Field, Literal } from './query.ts';
import type { Scanner } from './scanner.ts';

const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, k: 1e3, m: 1e6, kib: 1024, mib: 1024 ** 2 };

export function parseLiteral(scanner: Scanner, field: Field, operator: string, nowMs: number): Literal {
  const start = scanner.at;
  const text = scanner.takeString();
  if (text !== null) return text;
  const word = scanner.take(/[^\s()]+/y)?.[0];
  if (word === undefined) return scanner.fail(`a value is missing after ${operator}`);
  if (field.name === 'fact' && field.fact === 'time')
    return parseTime(word, nowMs) ?? scanner.fail('a time is -15m, 11:00, 2026-11-24T11:00 or milliseconds', start);
  if (field.name === 'fact' && field.fact === 'size') return sizeOf(word) ?? scanner.fail('a size is 500, 1kB, 2.5MB', start);
  if (word === 'null') return null;
  if (word === 'true' || word === 'false') return word === 'true';
  return numberOf(word) ?? word;
}

/** Whole numbers beyond 2^53 stay exact. */
export function numberOf(word: string): number | bigint | null {
  if (!/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word) || word.length > 100) return null;
  const number = Number(word);
  if (/^-?\d+$/.test(word) && !Number.isSafeInteger(number)) return BigInt(word);
  return Number.isFinite(number) ? number : null;
}

function sizeOf(word: string): number | null {
  const [, digits, unit = 'b'] = /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(word) ?? [];
  const factor = UNITS[(unit === '' ? 'b' : unit).toLowerCase()];
  return digits === undefined || factor === undefined ? null : Number(digits) * factor;
}
