/**
 * The filter of tables, texts and tails, as typed after `/`:
 * `word` substring · `~word` fuzzy · `re:expr` or `/expr/` regular expression · `!…` inverse · `col:word` on one column.
 * Letters match in either case, Hangul in either composition. Never evaluated as code.
 */
import fuzzysort from 'fuzzysort';
import { messageOf } from '../base/errors.ts';
import { foldText, linearRegex } from '../base/linear-regex.ts';

export interface Filter {
  /** As typed. */
  readonly text: string;
  readonly isEmpty: boolean;
  /** What is wrong with it (a broken expression); everything is shown then. */
  readonly problem: string | null;
  /** `text` of the whole row; `column` gives the text of one column, or null when there is no such column. */
  test(text: string, column?: (name: string) => string | null): boolean;
  /** Where it matched in a shown text, for marking: UTF-16 start and end. */
  ranges(text: string): ReadonlyArray<readonly [number, number]>;
}

/** Texts longer than this are tested by their beginning: an expression must not hold up the screen. */
const MAX_TESTED = 16_384;

export const NO_FILTER: Filter = { text: '', isEmpty: true, problem: null, test: () => true, ranges: () => [] };

/** `columns` are the names that `col:` may use; other words before a colon are plain text. */
export function parseFilter(text: string, columns: readonly string[] = []): Filter {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '!') return NO_FILTER;
  const isInverse = trimmed.startsWith('!');
  const body = isInverse ? trimmed.slice(1) : trimmed;
  const columnName = columns.find((name) => body.toLowerCase().startsWith(`${name.toLowerCase()}:`)) ?? null;
  const pattern = columnName === null ? body : body.slice(columnName.length + 1);
  const matcher = toMatcher(pattern);
  return {
    text: trimmed,
    isEmpty: false,
    problem: matcher.problem,
    test: (whole, column) => {
      if (matcher.problem !== null) return true;
      const tested = columnName === null ? whole : (column?.(columnName) ?? '');
      return matcher.test(tested.slice(0, MAX_TESTED)) !== isInverse;
    },
    ranges: (shown) => (isInverse || matcher.problem !== null ? [] : matcher.ranges(shown)),
  };
}

export interface Matcher {
  readonly problem: string | null;
  test(text: string): boolean;
  ranges(text: string): ReadonlyArray<readonly [number, number]>;
}

function toMatcher(pattern: string): Matcher {
  if (pattern.startsWith('~')) return fuzzyMatcher(pattern.slice(1));
  if (pattern.startsWith('re:')) return expressionMatcher(pattern.slice(3));
  if (pattern.length > 2 && pattern.startsWith('/') && pattern.endsWith('/')) return expressionMatcher(pattern.slice(1, -1));
  return substringMatcher(pattern);
}

export function substringMatcher(pattern: string): Matcher {
  const wanted = foldText(pattern);
  return {
    problem: null,
    test: (text) => foldText(text).includes(wanted),
    ranges: (text) => {
      const folded = foldText(text);
      // Folding may change lengths (İ, NFD): without the same length places cannot be told.
      if (wanted === '' || folded.length !== text.length) return [];
      const found: [number, number][] = [];
      for (let at = folded.indexOf(wanted); at >= 0 && found.length < 50; at = folded.indexOf(wanted, at + wanted.length))
        found.push([at, at + wanted.length]);
      return found;
    },
  };
}

export function fuzzyMatcher(pattern: string): Matcher {
  const wanted = pattern.normalize('NFC');
  if (wanted === '') return { problem: null, test: () => true, ranges: () => [] };
  return {
    problem: null,
    test: (text) => fuzzysort.single(wanted, text.normalize('NFC')) !== null,
    ranges: (text) => [...(fuzzysort.single(wanted, text)?.indexes ?? [])].map((at) => [at, at + 1] as const),
  };
}

export function expressionMatcher(pattern: string): Matcher {
  try {
    return { problem: null, ...linearRegex(pattern) };
  } catch (error) {
    return { problem: messageOf(error), test: () => true, ranges: () => [] };
  }
}

/** The best fuzzy matches of `candidates`, best first: for completion. */
export function fuzzyRank(query: string, candidates: readonly string[], limit: number): string[] {
  return fuzzysort.go(query, candidates as string[], { limit }).map((result) => result.target);
}
