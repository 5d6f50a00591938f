/**
 * Versions that a `…plugin.version` setting accepts (KIP-891), written like Maven's: `1.0` or `[1.0]` exactly, `[1.0,2.0)`, `(,1.5]`,
 * several joined by commas. `latest` and nothing accept every version.
 */
import { ConfigError } from '../base/errors.ts';

interface Interval {
  readonly low: string | null;
  readonly isLowIncluded: boolean;
  readonly high: string | null;
  readonly isHighIncluded: boolean;
}

export interface VersionRange {
  accepts(version: string): boolean;
  /** Maven's notation: `9` becomes `[9,9]`. */
  readonly text: string;
}

/** null: any version. Throws ConfigError for text that is no range. */
export function parseVersionRange(text: string | null | undefined): VersionRange | null {
  const trimmed = (text ?? '').trim();
  if (trimmed === '' || trimmed.toLowerCase() === 'latest') return null;
  const intervals = parseIntervals(trimmed);
  return {
    text: intervals.map(textOf).join(','),
    accepts: (version) => intervals.some((interval) => isWithin(version, interval)),
  };
}

function parseIntervals(text: string): Interval[] {
  if (!/[[\](),]/.test(text)) return [{ low: text, isLowIncluded: true, high: text, isHighIncluded: true }];
  const parts = [...text.matchAll(/\s*([[(])([^[\](),]*)(?:(,)([^[\](),]*))?([\])])\s*(,|$)/gy)];
  if (parts.length === 0 || parts.reduce((length, part) => length + part[0].length, 0) !== text.length) {
    throw new ConfigError(`The version range "${text.slice(0, 80)}" cannot be read. Write a version, or a range such as [1.0,2.0).`);
  }
  return parts.map(([, open, low = '', comma, high = '', close]) => {
    const from = low.trim();
    const to = comma === undefined ? from : high.trim();
    return { low: from || null, isLowIncluded: open === '[', high: to || null, isHighIncluded: close === ']' };
  });
}

function textOf({ low, isLowIncluded, high, isHighIncluded }: Interval): string {
  return `${isLowIncluded ? '[' : '('}${low ?? ''},${high ?? ''}${isHighIncluded ? ']' : ')'}`;
}

function isWithin(version: string, { low, isLowIncluded, high, isHighIncluded }: Interval): boolean {
  const fromLow = low === null ? 1 : compareVersions(version, low);
  const toHigh = high === null ? 1 : compareVersions(high, version);
  return (fromLow > 0 || (fromLow === 0 && isLowIncluded)) && (toHigh > 0 || (toHigh === 0 && isHighIncluded));
}

/** Numbers by value, words after numbers missing (`1.0-rc` < `1.0` < `1.0.1`). */
export function compareVersions(a: string, b: string): number {
  const left = partsOf(a);
  const right = partsOf(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = comparePart(left[i] ?? 0, right[i] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

function partsOf(version: string): (number | string)[] {
  return version
    .toLowerCase()
    .split(/[.-]|(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)/)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function comparePart(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return Math.sign(a - b);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return typeof a === 'string' ? -1 : 1;
}
