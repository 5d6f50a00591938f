/** Changes of a connector's offsets worked out before anything is touched: old → new, and what would be read again. Pure. */
import { formatExactJson, parseExactJson } from '../base/exact-json.ts';
import { formatTimestamp } from '../base/format.ts';
import type { ConnectorOffset } from '../herder/model.ts';
import type { OffsetValue } from '../plugin-api/records.ts';

export type OffsetMethod = 'earliest' | 'latest' | 'time' | 'shift' | 'explicit' | 'tombstone';

export type OffsetObject = Readonly<Record<string, OffsetValue>>;

/** What is known of one partition before the change. */
export interface OffsetFacts {
  readonly partition: OffsetObject;
  readonly offset: OffsetObject | null;
  /** Kafka's own bounds; only of sinks, and only when Kafka can be asked. */
  readonly earliest: bigint | null;
  readonly end: bigint | null;
}

export interface PlannedChange {
  readonly label: string;
  readonly now: string;
  readonly next: string;
  /** Records (sinks) or bytes or rows (sources, by the field that moves back) that come again; `null`: cannot be told. */
  readonly rereads: bigint | null;
  /** Records that are never delivered because the new position lies ahead. */
  readonly skips: bigint;
  readonly change: ConnectorOffset;
}

export interface OffsetPlan {
  readonly changes: readonly PlannedChange[];
  /** Everything is forgotten by one call, not partition by partition. */
  readonly isReset: boolean;
  readonly problem: string | null;
}

export function methodsFor(isSink: boolean, hasBounds: boolean): OffsetMethod[] {
  if (!isSink) return ['earliest', 'explicit', 'tombstone'];
  return hasBounds ? ['earliest', 'latest', 'time', 'shift', 'explicit', 'tombstone'] : ['explicit', 'shift', 'tombstone'];
}

/** Compact JSON with the members in the order of their names: equal offsets have equal text. */
export function canonical(value: OffsetObject | null): string {
  if (value === null) return 'null';
  return formatExactJson(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
}

export function partitionLabel(partition: OffsetObject): string {
  const { kafka_topic: topic, kafka_partition: number } = partition;
  if (topic !== undefined && number !== undefined) return `${topic} p${number}`;
  const values = Object.values(partition);
  return values.length === 1 ? String(values[0]) : canonical(partition);
}

export function offsetLabel(offset: OffsetObject | null): string {
  if (offset === null) return '–';
  if (Object.keys(offset).length === 1 && offset.kafka_offset !== undefined) return String(offset.kafka_offset);
  return canonical(offset);
}

function sinkOffset(facts: OffsetFacts): bigint | null {
  const value = facts.offset?.kafka_offset;
  return typeof value === 'bigint' || typeof value === 'number' ? BigInt(value) : null;
}

export interface PlanRequest {
  readonly isSink: boolean;
  readonly method: OffsetMethod;
  readonly value: string;
  /** The partitions in scope. */
  readonly facts: readonly OffsetFacts[];
  /** The scope is everything the connector has. */
  readonly isWhole: boolean;
  /** Offsets found for a time, by partition label; asked before. */
  readonly byTime: ReadonlyMap<string, bigint>;
}

export function planOffsets(request: PlanRequest): OffsetPlan {
  const isReset = request.method === 'earliest' && !request.isSink && request.isWhole;
  if (request.facts.length === 0) return { changes: [], isReset, problem: 'there are no offsets to change' };
  const changes: PlannedChange[] = [];
  for (const facts of request.facts) {
    const next = request.isSink ? nextSinkOffset(facts, request) : nextSourceOffset(request);
    if (typeof next === 'string') return { changes: [], isReset, problem: next };
    changes.push(toChange(facts, next.offset, request.isSink));
  }
  return { changes, isReset, problem: null };
}

type Next = { readonly offset: OffsetObject | null } | string;

function nextSinkOffset(facts: OffsetFacts, { method, value, byTime }: PlanRequest): Next {
  const now = sinkOffset(facts);
  const label = partitionLabel(facts.partition);
  const at = (offset: bigint): Next => ({ offset: { kafka_offset: offset } });
  switch (method) {
    case 'tombstone':
      return { offset: null };
    case 'earliest':
      return facts.earliest === null ? `the first offset of ${label} is not known` : at(facts.earliest);
    case 'latest':
      return facts.end === null ? `the end of ${label} is not known` : at(facts.end);
    case 'time': {
      const found = byTime.get(label) ?? facts.end;
      return found === null ? `nothing is known of ${label} at that time` : at(found);
    }
    case 'shift': {
      const by = /^[+-]?\d+$/.test(value.trim()) ? BigInt(value.trim()) : null;
      if (by === null) return `"${value}" is not a whole number of records, like -500`;
      if (now === null) return `${label} has no committed offset to shift`;
      return at(clamp(now + by, facts.earliest ?? 0n, facts.end));
    }
    case 'explicit': {
      if (!/^\d+$/.test(value.trim())) return `"${value}" is not an offset, a whole number from 0`;
      const wanted = BigInt(value.trim());
      if (facts.end !== null && wanted > facts.end) return `${wanted} lies beyond the end of ${label} (${facts.end})`;
      if (facts.earliest !== null && wanted < facts.earliest)
        return `${wanted} lies before the first record of ${label} (${facts.earliest})`;
      return at(wanted);
    }
  }
}

function nextSourceOffset({ method, value, facts }: PlanRequest): Next {
  if (method === 'earliest' || method === 'tombstone') return { offset: null };
  if (method !== 'explicit') return `"${method}" cannot be said of a source: its offsets are its own`;
  if (facts.length !== 1) return 'choose one partition (tab) to give its offset';
  let parsed: unknown;
  try {
    parsed = parseExactJson(value, 'bigint');
  } catch {
    return 'an offset is a JSON object like {"position":0}';
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'an offset is a JSON object like {"position":0}';
  const entries = Object.entries(parsed);
  const odd = entries.find(([, one]) => typeof one === 'object' && one !== null);
  return odd ? `${odd[0]} must be a plain value` : { offset: parsed as OffsetObject };
}

function toChange(facts: OffsetFacts, next: OffsetObject | null, isSink: boolean): PlannedChange {
  const moved = isSink ? sinkDistance(facts, next) : sourceDistance(facts.offset, next);
  return {
    label: partitionLabel(facts.partition),
    now: offsetLabel(facts.offset),
    next: next === null ? 'none' : offsetLabel(next),
    rereads: moved === null ? null : moved > 0n ? moved : 0n,
    skips: moved !== null && moved < 0n ? -moved : 0n,
    change: { partition: facts.partition, offset: next },
  };
}

/** Records between the new position and the old one. Without a position a sink begins at the first record (Connect's default). */
function sinkDistance(facts: OffsetFacts, next: OffsetObject | null): bigint | null {
  const now = sinkOffset(facts) ?? facts.earliest;
  const value = next?.kafka_offset;
  const then = typeof value === 'bigint' || typeof value === 'number' ? BigInt(value) : facts.earliest;
  return now === null || then === null ? null : now - then;
}

/** Difference of the one whole number that both have and that differs; a source that begins anew reads everything again. */
function sourceDistance(now: OffsetObject | null, next: OffsetObject | null): bigint | null {
  if (now === null) return 0n;
  const numbers = Object.entries(now).filter((entry): entry is [string, bigint] => typeof entry[1] === 'bigint');
  if (next === null) return numbers.length === 1 ? numbers[0]![1] : null;
  const differing = numbers.filter(([key, value]) => typeof next[key] === 'bigint' && next[key] !== value);
  return differing.length === 1 ? differing[0]![1] - (next[differing[0]![0]] as bigint) : null;
}

function clamp(value: bigint, least: bigint, most: bigint | null): bigint {
  if (value < least) return least;
  return most !== null && value > most ? most : value;
}

/** True when what was read back is what was asked for. */
export function isApplied(changes: readonly ConnectorOffset[], read: readonly ConnectorOffset[]): boolean {
  const found = new Map(read.map((one) => [canonical(one.partition), canonical(one.offset)]));
  return changes.every((change) => (found.get(canonical(change.partition)) ?? 'null') === canonical(change.offset));
}

/** `2026-11-23 12:04`, with seconds, as ISO, `-15m` `-2h` `-3d`, or milliseconds since the epoch. `null`: none of these. */
export function parseTime(text: string, nowMs: number): number | null {
  const trimmed = text.trim();
  const relative = /^-(\d+)\s*(s|m|min|h|d)$/.exec(trimmed);
  if (relative) {
    const unitMs = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }[relative[2] as 's' | 'm' | 'min' | 'h' | 'd'];
    return nowMs - Number(relative[1]) * unitMs;
  }
  if (/^\d{12,14}$/.test(trimmed)) return Number(trimmed);
  if (/^\d{1,2}:\d{2}(:\d{2})?$/.test(trimmed))
    return parseTime(`${formatTimestamp(nowMs).slice(0, 10)} ${trimmed.padStart(5, '0')}`, nowMs);
  if (!/^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(trimmed)) return null;
  const parsed = Date.parse(trimmed.length === 10 ? `${trimmed}T00:00` : trimmed.replace(' ', 'T'));
  return Number.isNaN(parsed) ? null : parsed;
}
