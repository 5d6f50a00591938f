/** What may stand behind `:tail TOPIC` and `:seek`: other topics, partitions, and where to begin. */
import type { TailStart } from '../cluster/tail-start.ts';
import { parseTime } from '../store/offset-plan.ts';

export interface TailWords {
  /** Words that name something: topics. */
  readonly names: readonly string[];
  /** `null`: not said. */
  readonly partitions: readonly number[] | null;
  readonly start: TailStart | null;
  readonly isCommittedOnly: boolean;
  readonly problem: string | null;
}

const MAX_OFFSET = 2n ** 63n - 1n;
const MOST_PARTITIONS = 10_000;

/** `p=3`, `p=0,2-4`, `o=begin|end|-100|12345`, `t=11:00|-15m|2026-11-24T11:00`, `committed`; `from=` takes both kinds. Never throws. */
export function parseTailWords(words: readonly string[], nowMs: number): TailWords {
  let partitions: readonly number[] | null = null;
  let start: TailStart | null = null;
  let isCommittedOnly = false;
  const names: string[] = [];
  const answer = (problem: string | null): TailWords => ({ names, partitions, start, isCommittedOnly, problem });
  for (const word of words) {
    const [name = '', value] = word.split(/=(.*)/s);
    if (value === undefined) {
      if (word === 'committed') isCommittedOnly = true;
      else names.push(...word.split(',').filter((one) => one !== ''));
    } else if (name === 'p') {
      partitions = parsePartitions(value);
      if (partitions === null) return answer(`p=${value} is no list of partitions: p=3 and p=0,2-4 are`);
    } else if (name === 'o' || name === 't' || name === 'from') {
      start = parseStart(value, nowMs, name);
      if (start === null) return answer(`${word} is none of ${NONE_OF[name]}`);
    } else return answer(`"${word}" is not understood here: p=3, o=-100 and t=-15m are`);
  }
  return answer(null);
}

const NONE_OF = {
  o: 'o=begin, o=end, o=-100 (the last 100), o=12345 (an offset)',
  t: 't=-15m, t=11:00, t=2026-11-24T11:00',
  from: 'end, begin, -100, an offset, -15m, 11:00',
} as const;

/** A place as one word: what `:seek` takes without a name in front. */
export function parseStart(value: string, nowMs: number, kind: keyof typeof NONE_OF = 'from'): TailStart | null {
  if (kind !== 't') {
    if (value === 'end' || value === '') return 'end';
    if (value === 'begin' || value === 'beginning' || value === 'earliest') return 'beginning';
    const last = /^(?:end)?-(\d{1,9})$/.exec(value);
    if (last) return { last: Number(last[1]) };
    if (kind === 'o' ? /^\d+$/.test(value) : /^\d{1,11}$/.test(value))
      return BigInt(value) <= MAX_OFFSET ? { offset: BigInt(value) } : null;
    if (kind === 'o') return null;
  }
  const timestampMs = parseTime(value, nowMs);
  return timestampMs === null ? null : { timestampMs };
}

function parsePartitions(text: string): readonly number[] | null {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [, from, to = from] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? [];
    if (from === undefined || Number(to) < Number(from) || Number(to) - Number(from) > MOST_PARTITIONS) return null;
    for (let partition = Number(from); partition <= Number(to); partition++) found.add(partition);
  }
  return [...found].sort((a, b) => a - b);
}
