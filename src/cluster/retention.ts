/** When retention will overtake a reader: arithmetic over what was seen of its position, of the log's start, and of the topic's limits. */
import type { TopicRules } from './topic-rules.ts';

/** One look at a reader's partition. */
export interface ReaderSample {
  readonly atMs: number;
  readonly committed: bigint;
  readonly end: bigint;
  /** Of the record that is read next; `null`: not known. */
  readonly recordMs: number | null;
}

/** The log's start when it was first seen, and each time it had moved since. */
export interface StartMove {
  readonly atMs: number;
  readonly earliest: bigint;
}

export interface ReaderFacts {
  readonly topic: string;
  readonly partition: number;
  /** Oldest first, at least one. */
  readonly samples: readonly ReaderSample[];
  /** Oldest first, at least one. */
  readonly starts: readonly StartMove[];
  readonly rules: TopicRules | null;
  readonly sizeBytes: bigint | null;
}

/** What takes the records away. */
export type LossBy = 'time' | 'size' | 'deletion';

export interface RetentionOutlook {
  /** Wall time of the look that it comes from. */
  readonly atMs: number;
  readonly topic: string;
  readonly partition: number;
  /** Records that were deleted before they were read. */
  readonly lostRecords: bigint;
  /** Time until the next record to be read may be deleted; `null`: no such danger is known. Whole segments go, so it may be later. */
  readonly leftMs: number | null;
  readonly by: LossBy | null;
  /** How old the next record is. */
  readonly lagMs: number | null;
  readonly lagRecords: bigint;
  /** `null`: for ever, or not known. */
  readonly retentionMs: number | null;
  readonly retentionBytes: bigint | null;
  /** For how long the reader was watched: a shorter time than some commits says little of one that moves. */
  readonly watchedMs: number;
}

/** Speeds over less than this are chance. */
const LEAST_SPAN_MS = 15_000;

export function outlookOf(facts: ReaderFacts, nowMs: number): RetentionOutlook {
  const [first, last] = [facts.samples[0]!, facts.samples.at(-1)!];
  const start = facts.starts.at(-1)!;
  const isDeleted = facts.rules?.cleanup?.includes('delete') ?? false;
  const retentionMs = isDeleted && facts.rules?.retentionMs != null && facts.rules.retentionMs >= 0 ? facts.rules.retentionMs : null;
  const retentionBytes =
    isDeleted && facts.rules?.retentionBytes != null && facts.rules.retentionBytes >= 0n ? facts.rules.retentionBytes : null;
  const lagMs = last.recordMs === null ? null : Math.max(0, nowMs - last.recordMs);
  const danger: { by: LossBy; leftMs: number | null }[] = [
    { by: 'time' as const, leftMs: leftByTime(facts, retentionMs, lagMs) },
    { by: 'size' as const, leftMs: leftBySize(facts, retentionBytes) },
  ].filter((one) => one.leftMs !== null);
  if (danger.length === 0) danger.push({ by: 'deletion', leftMs: leftByDeletion(facts) });
  const soonest = danger.sort((a, b) => (a.leftMs ?? 0) - (b.leftMs ?? 0))[0]!;
  const lostRecords = start.earliest > last.committed ? start.earliest - last.committed : 0n;
  const isAhead = lostRecords === 0n && soonest.leftMs !== null;
  return {
    atMs: nowMs,
    topic: facts.topic,
    partition: facts.partition,
    lostRecords,
    leftMs: isAhead && soonest.leftMs !== null ? Math.round(soonest.leftMs) : null,
    by: isAhead ? soonest.by : null,
    lagMs,
    lagRecords: last.end - last.committed,
    retentionMs,
    retentionBytes,
    watchedMs: last.atMs - first.atMs,
  };
}

/** A reader that stands loses a second each second; one that reads its log faster than it was written loses nothing. */
function leftByTime({ samples }: ReaderFacts, retentionMs: number | null, lagMs: number | null): number | null {
  if (retentionMs === null || lagMs === null) return null;
  const known = samples.filter((one) => one.recordMs !== null);
  const [first, last] = [known[0]!, known.at(-1)!];
  const spanMs = last.atMs - first.atMs;
  const loses = spanMs < LEAST_SPAN_MS ? 1 : 1 - (last.recordMs! - first.recordMs!) / spanMs;
  return loses <= 0.01 ? null : Math.max(0, (retentionMs - lagMs) / loses);
}

/** By the mean size of the records that are there: so many of them fit, and so much sooner than the end does the reader grow behind. */
function leftBySize({ samples, starts, sizeBytes }: ReaderFacts, retentionBytes: bigint | null): number | null {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const held = Number(last.end - starts.at(-1)!.earliest);
  const spanMs = last.atMs - first.atMs;
  if (retentionBytes === null || sizeBytes === null || sizeBytes <= 0n || held <= 0 || spanMs < LEAST_SPAN_MS) return null;
  const lag = Number(last.end - last.committed);
  const growth = (lag - Number(first.end - first.committed)) / spanMs;
  if (growth <= 0) return null;
  const fitting = (Number(retentionBytes) * held) / Number(sizeBytes);
  return Math.max(0, (fitting - lag) / growth);
}

/** Whatever deletes: the log's start has come nearer at a measured pace. */
function leftByDeletion({ samples, starts }: ReaderFacts): number | null {
  const [first, last] = [starts[0]!, starts.at(-1)!];
  const [firstSample, lastSample] = [samples[0]!, samples.at(-1)!];
  // One move may be an operator's; two of them are a pace.
  if (starts.length < 3) return null;
  const spanMs = Math.max(1, lastSample.atMs - firstSample.atMs);
  const deletes = Number(last.earliest - first.earliest) / Math.max(1, last.atMs - first.atMs);
  const reads = Number(lastSample.committed - firstSample.committed) / spanMs;
  if (deletes <= reads) return null;
  return Math.max(0, Number(lastSample.committed - last.earliest) / (deletes - reads));
}
