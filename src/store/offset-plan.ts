/** Changes of a connector's offsets worked out before anything is touched: old → new, and what would be read again. Pure. */
import { formatExactJson, parseExactJson } from '../base/exact-json.ts';
import { formatTimestamp } from '../base/format.ts';
import type { ConnectorOffset } from '../herder/model.ts';
import type { OffsetValue, TopicPartition } from '../plugin-api/records.ts';

export type OffsetMethod = 'earliest' | 'latest' | 'time' | 'shift' | 'explicit' | 'file' | 'saved' | 'tombstone';

export type OffsetKind = 'source' | 'sink' | 'group';

export type OffsetObject = Readonly<Record<string, OffsetValue>>;

/** What is known of one partition before the change. */
export interface OffsetFacts {
  readonly partition: OffsetObject;
  readonly offset: OffsetObject | null;
  /** Kafka's own bounds; not of sources, and only when Kafka can be asked. */
  readonly earliest: bigint | null;
  readonly end: bigint | null;
}

export interface PlannedChange {
  readonly label: string;
  readonly now: string;
  readonly next: string;
  /** How far it moves, ahead positive; `null`: cannot be told. */
  readonly delta: bigint | null;
  /** Records (sinks, groups) or bytes or rows (sources, by the field that moves back) that come again; `null`: cannot be told. */
  readonly rereads: bigint | null;
  /** Records that are never delivered because the new position lies ahead. */
  readonly skips: bigint;
  /** Why it is not what was asked for: the record is gone, the end lies before it. */
  readonly note: string | null;
  readonly change: ConnectorOffset;
}

export interface OffsetPlan {
  readonly changes: readonly PlannedChange[];
  /** Everything is forgotten by one call, not partition by partition. */
  readonly isReset: boolean;
  readonly problem: string | null;
}

/** An offset that somebody wrote down, and where: `offsets.csv, line 3`. */
export interface GivenOffset extends ConnectorOffset {
  readonly where?: string;
}

/** A method with what it needs to know, ready to be worked out. */
export type Wanted =
  | { readonly method: 'earliest' | 'latest' | 'tombstone' }
  /** Offsets found for the time, by partition label. */
  | { readonly method: 'time'; readonly byTime: ReadonlyMap<string, bigint> }
  /** As it was typed. */
  | { readonly method: 'shift'; readonly by: string }
  /** By the canonical text of the partition. `explicit` must fit; what was written down earlier is moved into what there is now. */
  | { readonly method: 'explicit' | 'file' | 'saved'; readonly offsets: readonly GivenOffset[] };

export function methodsFor(kind: OffsetKind, hasBounds: boolean): OffsetMethod[] {
  if (kind === 'source') return ['earliest', 'explicit', 'file', 'saved', 'tombstone'];
  return hasBounds
    ? ['earliest', 'latest', 'time', 'shift', 'explicit', 'file', 'saved', 'tombstone']
    : ['explicit', 'shift', 'file', 'saved', 'tombstone'];
}

/** The key of a partition of Kafka, as Connect writes it. */
export function sinkPartition({ topic, partition }: TopicPartition): OffsetObject {
  return { kafka_topic: topic, kafka_partition: BigInt(partition) };
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

/** The place in a partition of Kafka; `null`: it is none. */
export function positionOf({ kafka_offset: value }: OffsetObject): bigint | null {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value)) ? BigInt(value) : null;
}

function sinkOffset({ offset }: OffsetFacts): bigint | null {
  return offset === null ? null : positionOf(offset);
}

export interface PlanRequest {
  readonly kind: OffsetKind;
  readonly wanted: Wanted;
  /** The partitions in scope. */
  readonly facts: readonly OffsetFacts[];
  /** The scope is everything there is. */
  readonly isWhole: boolean;
}

export function planOffsets(request: PlanRequest): OffsetPlan {
  const { kind, wanted } = request;
  const isReset = wanted.method === 'earliest' && kind === 'source' && request.isWhole;
  const fail = (problem: string): OffsetPlan => ({ changes: [], isReset, problem });
  if ('offsets' in wanted) return planGiven(request, wanted.method, wanted.offsets);
  if (request.facts.length === 0) return fail('there are no offsets to change');
  const changes: PlannedChange[] = [];
  for (const facts of request.facts) {
    const next = kind === 'source' ? nextSourceOffset(wanted) : nextSinkOffset(facts, wanted);
    if (typeof next === 'string') return fail(next);
    changes.push(toChange(facts, next, kind));
  }
  return { changes, isReset, problem: null };
}

/** A shift counts from where it is once it has stopped. Throws what forbids it. */
export function shiftFrom(stopped: readonly ConnectorOffset[], request: PlanRequest): ConnectorOffset[] {
  const now = new Map(stopped.map((one) => [canonical(one.partition), one.offset]));
  const facts = request.facts.map((one) => ({ ...one, offset: now.get(canonical(one.partition)) ?? null }));
  const { problem, changes } = planOffsets({ ...request, facts });
  if (problem !== null) throw new Error(problem);
  return changes.map((one) => one.change);
}

interface Position {
  readonly offset: OffsetObject | null;
  readonly note?: string;
}
/** A sentence: why not. */
type Next = Position | string;

type Computed = Exclude<Wanted, { readonly offsets: unknown }>;

function nextSinkOffset(facts: OffsetFacts, wanted: Computed): Next {
  const label = partitionLabel(facts.partition);
  const at = (offset: bigint): Next => ({ offset: { kafka_offset: offset } });
  switch (wanted.method) {
    case 'tombstone':
      return { offset: null };
    case 'earliest':
      return facts.earliest === null ? `the first offset of ${label} is not known` : at(facts.earliest);
    case 'latest':
      return facts.end === null ? `the end of ${label} is not known` : at(facts.end);
    case 'time': {
      const found = wanted.byTime.get(label);
      if (found !== undefined) return at(found);
      if (facts.end === null) return `nothing is known of ${label} at that time`;
      return { offset: { kafka_offset: facts.end }, note: 'nothing that new: the end' };
    }
    case 'shift':
      return shifted(facts, wanted.by, label);
  }
}

function shifted(facts: OffsetFacts, text: string, label: string): Next {
  const by = /^[+-]?\d{1,19}$/.test(text.trim()) ? BigInt(text.trim()) : null;
  if (by === null) return `"${text}" is not a whole number of records, like -500`;
  const now = sinkOffset(facts);
  return now === null ? `${label} has no committed offset to shift` : within(facts, now + by);
}

/** Into what there is, and said when that is not what was wanted. */
function within(facts: OffsetFacts, wanted: bigint): Position {
  const first = facts.earliest ?? 0n;
  if (wanted < first) return { offset: { kafka_offset: first }, note: `${wanted} is gone: the first record` };
  if (facts.end !== null && wanted > facts.end) return { offset: { kafka_offset: facts.end }, note: `${wanted} lies ahead: the end` };
  return { offset: { kafka_offset: wanted } };
}

function nextSourceOffset({ method }: Computed): Next {
  if (method === 'earliest' || method === 'tombstone') return { offset: null };
  return `"${method}" cannot be said of a source: its offsets are its own`;
}

// ---- offsets that were given one by one

function planGiven(
  { kind, facts, isWhole }: PlanRequest,
  method: 'explicit' | 'file' | 'saved',
  given: readonly GivenOffset[],
): OffsetPlan {
  const known = new Map(facts.map((one) => [canonical(one.partition), one]));
  const changes: PlannedChange[] = [];
  const fail = (problem: string): OffsetPlan => ({ changes: [], isReset: false, problem });
  for (const { partition, offset, where } of given) {
    const at = where === undefined ? '' : `${where}: `;
    if (partition === null) continue;
    let one = known.get(canonical(partition));
    if (!one) {
      // Others are named by the file or the point; what is not in scope stays as it is.
      if (!isWhole) continue;
      // A source's partitions are its own: one that it has not stored yet may be given. Kafka's are known.
      if (kind !== 'source') return fail(`${at}${partitionLabel(partition)} is not a partition that is read here`);
      one = { partition, offset: null, earliest: null, end: null };
    }
    const next = givenOffset(one, offset, kind, method);
    if (typeof next === 'string') return fail(at + next);
    changes.push(toChange(one, next, kind));
  }
  return changes.length === 0 ? fail('none of the partitions in scope is named there') : { changes, isReset: false, problem: null };
}

function givenOffset(facts: OffsetFacts, offset: OffsetObject | null, kind: OffsetKind, method: string): Next {
  if (kind === 'source' || offset === null) return { offset };
  const wanted = positionOf(offset);
  const label = partitionLabel(facts.partition);
  if (wanted === null || wanted < 0n) return `${label}: ${canonical(offset)} is not an offset, a whole number from 0`;
  if (method !== 'explicit') return within(facts, wanted);
  if (facts.end !== null && wanted > facts.end) return `${wanted} lies beyond the end of ${label} (${facts.end})`;
  if (facts.earliest !== null && wanted < facts.earliest) return `${wanted} lies before the first record of ${label} (${facts.earliest})`;
  return { offset };
}

/** Reads what was typed for one partition. Throws a sentence. */
export function parseOffset(kind: OffsetKind, text: string): OffsetObject | null {
  const trimmed = text.trim();
  if (trimmed === 'none' || trimmed === 'null') return null;
  if (kind !== 'source') {
    if (!/^\d{1,19}$/.test(trimmed)) throw new Error(`"${text}" is not an offset, a whole number from 0`);
    return { kafka_offset: BigInt(trimmed) };
  }
  const example = 'an offset is a JSON object like {"position":0}';
  let parsed: unknown;
  try {
    parsed = parseExactJson(trimmed, 'bigint');
  } catch {
    throw new Error(example);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error(example);
  const odd = Object.entries(parsed).find(([, one]) => typeof one === 'object' && one !== null);
  if (odd) throw new Error(`${odd[0]} must be a plain value`);
  return parsed as OffsetObject;
}

// ---- what a change comes to

function toChange(facts: OffsetFacts, { offset: next, note }: Position, kind: OffsetKind): PlannedChange {
  const back = kind === 'source' ? sourceDistance(facts.offset, next) : sinkDistance(facts, next);
  return {
    label: partitionLabel(facts.partition),
    now: offsetLabel(facts.offset),
    next: next === null ? 'none' : offsetLabel(next),
    delta: back === null ? null : -back,
    rereads: back === null ? null : back > 0n ? back : 0n,
    skips: back !== null && back < 0n ? -back : 0n,
    note: note ?? null,
    change: { partition: facts.partition, offset: next },
  };
}

/** Records between the new position and the old one. Without a position a sink begins at the first record (Connect's default). */
function sinkDistance(facts: OffsetFacts, next: OffsetObject | null): bigint | null {
  const now = sinkOffset(facts) ?? facts.earliest;
  const then = (next === null ? null : positionOf(next)) ?? facts.earliest;
  return now === null || then === null ? null : now - then;
}

/** Difference of the one whole number that both have and that differs; a source that begins anew reads everything again. */
function sourceDistance(now: OffsetObject | null, next: OffsetObject | null): bigint | null {
  if (now === null) return 0n;
  const numbers = Object.entries(now).filter((entry): entry is [string, bigint] => typeof entry[1] === 'bigint');
  if (next === null) return numbers.length === 1 ? numbers[0]![1] : null;
  if (canonical(now) === canonical(next)) return 0n;
  const differing = numbers.filter(([key, value]) => typeof next[key] === 'bigint' && next[key] !== value);
  return differing.length === 1 ? differing[0]![1] - (next[differing[0]![0]] as bigint) : null;
}

/** How many of the changes are there in what was read back. */
export function appliedCount(changes: readonly ConnectorOffset[], read: readonly ConnectorOffset[]): number {
  const found = new Map(read.map((one) => [canonical(one.partition), canonical(one.offset)]));
  return changes.filter((change) => (found.get(canonical(change.partition)) ?? 'null') === canonical(change.offset)).length;
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
