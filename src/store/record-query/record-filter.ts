/** The filter of a tail: what was typed, the test it makes, and what is wrong with it. */
import type { RecordLook } from '../record-look.ts';
import { markersOf, type RecordTest, testOf } from './evaluate.ts';
import { parseQuery } from './parse.ts';

export interface RecordFilter {
  /** As typed. */
  readonly text: string;
  readonly isEmpty: boolean;
  /** What is wrong and where (UTF-16 units of `text`); everything is shown then. */
  readonly problem: { readonly text: string; readonly column: number } | null;
  readonly test: RecordTest;
  /** Where it matched in a shown text, for marking: UTF-16 start and end, in order and apart. */
  ranges(text: string): ReadonlyArray<readonly [number, number]>;
}

export const NO_RECORD_FILTER: RecordFilter = { text: '', isEmpty: true, problem: null, test: () => true, ranges: () => [] };

export function recordFilter(text: string, look: RecordLook, nowMs: number): RecordFilter {
  const parsed = parseQuery(text, { facts: look.facts, nowMs });
  if (!parsed.ok) return { ...NO_RECORD_FILTER, text, problem: { text: parsed.problem, column: parsed.column } };
  if (parsed.query === null) return { ...NO_RECORD_FILTER, text };
  const markers = markersOf(parsed.query);
  return {
    text,
    isEmpty: false,
    problem: null,
    test: testOf(parsed.query, look),
    ranges: (shown) => apart(markers.flatMap((marker) => marker.ranges(shown))),
  };
}

function apart(ranges: ReadonlyArray<readonly [number, number]>): ReadonlyArray<readonly [number, number]> {
  const out: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}
