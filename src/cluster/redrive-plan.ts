/** Which dead letters would be written back where, and which are left out and why. Nothing is written here. */
import { plural } from '../base/format.ts';
import type { Admin, RecordHeader } from '../kafka/contract.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import { decodeDeadLetter, originalHeaders, REDRIVE_HEADER, redrivesOf } from './dead-letter.ts';

/** A record of the queue that owns its bytes. */
export interface QueuedRecord extends TopicPartition {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[] | null;
}

export interface RedriveRequest {
  readonly connector: string;
  /** Topic of the dead-letter queue. */
  readonly queue: string;
  /** In the order in which they go. */
  readonly records: readonly QueuedRecord[];
  /** For records that do not tell where they came from; `null`: those are left out. */
  readonly fallbackTopic: string | null;
  /** A record that was redriven so many times is left out. */
  readonly limit: number;
  /** Topics that can be written to, with how many partitions they have: see `fetchTargets`. */
  readonly targets: ReadonlyMap<string, number>;
  /** What is known of earlier redrives, beside the records' own counts: times by `placeOf`. */
  readonly redriven: ReadonlyMap<string, number>;
  /** True for topics that the connector reads. Headers are nobody's proof: a record never goes to another topic by them. */
  reads(topic: string): boolean;
}

export interface PlannedRecord {
  readonly place: TopicPartition & { readonly offset: bigint };
  readonly topic: string;
  /** The one it came from, while the topic has it; else `null`: by its key. */
  readonly partition: number | null;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The original ones, and the count of redrives. */
  readonly headers: readonly RecordHeader[];
  readonly timestampMs: number;
  /** Key, value and headers. */
  readonly sizeBytes: number;
}

export interface RedrivePlan {
  readonly connector: string;
  readonly queue: string;
  readonly sends: readonly PlannedRecord[];
  readonly targets: ReadonlyArray<{ readonly topic: string; readonly records: number; readonly sizeBytes: number }>;
  readonly leftOut: ReadonlyArray<{ readonly why: string; readonly records: number }>;
  /** Records without an origin among them, whether they have been given a topic or not. */
  readonly withoutOrigin: number;
}

/** `orders-dlq-0@17`. */
export function placeOf({ topic, partition, offset }: TopicPartition & { readonly offset: bigint }): string {
  return `${topic}-${partition}@${offset}`;
}

/** Topics that the records, or the operator, name as their origin. */
export function originsOf(records: readonly QueuedRecord[], fallbackTopic: string | null): string[] {
  const named = records.flatMap((record) => decodeDeadLetter(record)?.origin?.topic ?? []);
  return [...new Set([...named, ...(fallbackTopic === null ? [] : [fallbackTopic])])];
}

/** Of `names` those that exist and are nobody's own book-keeping. */
export async function fetchTargets(admin: Admin, names: readonly string[]): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const known = names.filter((name) => /^[\w.-]{1,249}$/.test(name));
  const infos = known.length === 0 ? [] : await admin.topics(known);
  return new Map(
    infos.flatMap(({ name, error, isInternal, partitions }) =>
      error === null && !isInternal && partitions.length > 0 ? [[name, partitions.length] as const] : [],
    ),
  );
}

export function planRedrive(request: RedriveRequest): RedrivePlan {
  const sends: PlannedRecord[] = [];
  const targets = new Map<string, { records: number; sizeBytes: number }>();
  const leftOut = new Map<string, number>();
  let withoutOrigin = 0;
  for (const record of request.records) {
    const origin = decodeDeadLetter(record)?.origin ?? null;
    if (origin === null) withoutOrigin++;
    const topic = origin?.topic ?? request.fallbackTopic;
    const redrives = redrivesOf(record) + (request.redriven.get(placeOf(record)) ?? 0);
    const why = refusal(request, topic, origin !== null, redrives);
    if (why !== null) {
      leftOut.set(why, (leftOut.get(why) ?? 0) + 1);
      continue;
    }
    const planned = toPlanned(record, topic!, origin?.partition ?? null, redrives + 1, request.targets.get(topic!)!);
    sends.push(planned);
    const target = targets.get(planned.topic) ?? { records: 0, sizeBytes: 0 };
    targets.set(planned.topic, { records: target.records + 1, sizeBytes: target.sizeBytes + planned.sizeBytes });
  }
  return {
    connector: request.connector,
    queue: request.queue,
    sends,
    targets: [...targets].map(([topic, figures]) => ({ topic, ...figures })),
    leftOut: [...leftOut].map(([why, records]) => ({ why, records })),
    withoutOrigin,
  };
}

/** Why a record stays where it is; `null`: it goes. */
function refusal(request: RedriveRequest, topic: string | null, isOwnOrigin: boolean, redrives: number): string | null {
  const { connector, queue, limit, targets } = request;
  if (topic === null) return 'no header tells the topic it came from';
  if (topic === queue) return `would go into the dead-letter queue ${queue} itself`;
  if (isOwnOrigin && !request.reads(topic)) return `from topic ${topic}, which ${connector} does not read`;
  if (!targets.has(topic)) return `there is no topic ${topic} that can be written to`;
  return redrives >= limit ? `redriven ${plural(redrives, 'time')} before (limit ${limit})` : null;
}

function toPlanned(record: QueuedRecord, topic: string, partition: number | null, count: number, partitions: number): PlannedRecord {
  const headers = [...originalHeaders(record), { key: REDRIVE_HEADER, value: Buffer.from(String(count)) }];
  const headerBytes = headers.reduce((all, { key, value }) => all + Buffer.byteLength(key) + (value?.length ?? 0), 0);
  return {
    place: { topic: record.topic, partition: record.partition, offset: record.offset },
    topic,
    partition: partition !== null && partition < partitions ? partition : null,
    key: record.key,
    value: record.value,
    headers,
    timestampMs: record.timestampMs,
    sizeBytes: (record.key?.length ?? 0) + (record.value?.length ?? 0) + headerBytes,
  };
}
