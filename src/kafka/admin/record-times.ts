/**
 * When records were written: one fetch to each leader that takes one batch of each partition. Only the time is looked at, no record goes on.
 * A batch that is larger than what was asked for comes cut; its header still tells the newest time in it.
 */
import type { TopicPartition } from '../../plugin-api/records.ts';
import type { ClusterLink } from '../cluster-link.ts';
import type { FetchedRecord, RecordTime } from '../contract.ts';
import { byTopic } from '../group/by-topic.ts';
import { kafkaErrorFacts, toKafkaError } from '../kafka-error.ts';
import type { MetadataCache } from '../metadata.ts';
import { partitionKey } from '../partition-key.ts';
import { AT, BATCH_HEADER_BYTES, readBatchHeader } from '../records/batch-header.ts';
import { RecordReader } from '../records/record-reader.ts';
import { fetchMessage } from '../wire/messages/fetch.ts';
import { reading } from './admin-call.ts';

type Place = TopicPartition & { readonly offset: bigint };

const PARTITION_BYTES = 64 * 1024;
const MAX_BYTES = 8 * 1024 * 1024;

/** In the order asked; never rejects. Several places of one partition are asked for one after the other. */
export async function fetchRecordTimes(link: ClusterLink, metadata: MetadataCache, places: readonly Place[]): Promise<RecordTime[]> {
  const unknown = new Set(places.map(({ topic }) => topic).filter((topic) => metadata.topic(topic) === null));
  // What cannot be asked now shows as an error of each partition.
  if (unknown.size > 0) await metadata.refresh([...unknown]).catch(() => undefined);
  const found = new Map<string, RecordTime>();
  for (let left = [...new Map(places.map((place) => [placeKey(place), place])).values()]; left.length > 0; ) {
    const round = [...new Map(left.map((place) => [partitionKey(place), place])).values()];
    const asked = new Set(round);
    left = left.filter((place) => !asked.has(place));
    for (const answer of await askLeaders(link, metadata, round)) found.set(placeKey(answer), answer);
  }
  return places.map((place) => found.get(placeKey(place)) ?? failed(place, 'UNKNOWN_SERVER_ERROR'));
}

/** Each partition once. */
async function askLeaders(link: ClusterLink, metadata: MetadataCache, places: readonly Place[]): Promise<RecordTime[]> {
  const leaderless: RecordTime[] = [];
  const byLeader = new Map<number, Place[]>();
  for (const place of places) {
    const { leader } = metadata.leader(place.topic, place.partition);
    const list = byLeader.get(leader);
    if (leader < 0) leaderless.push(failed(place, 'LEADER_NOT_AVAILABLE'));
    else if (list) list.push(place);
    else byLeader.set(leader, [place]);
  }
  const answers = await Promise.all([...byLeader].map(([leader, list]) => askLeader(link, leader, list)));
  return [...leaderless, ...answers.flat()];
}

async function askLeader(link: ClusterLink, leader: number, places: readonly Place[]): Promise<RecordTime[]> {
  const offsets = new Map(places.map((place) => [partitionKey(place), place]));
  const topics = [...byTopic(places)].map(([topic, list]) => ({
    topic,
    partitions: list.map(({ partition, offset }) => ({ partition, fetchOffset: offset, partitionMaxBytes: PARTITION_BYTES })),
  }));
  const body = { maxWaitMs: 0, minBytes: 0, maxBytes: MAX_BYTES, isolationLevel: 0, topics };
  try {
    const reply = await link.send(leader, fetchMessage, body, reading(link));
    if (reply.errorCode !== 0) return places.map((place) => failed(place, kafkaErrorFacts(reply.errorCode).kafkaName));
    return reply.topics.flatMap(({ topic, partitions }) =>
      partitions.flatMap(({ partitionIndex, errorCode, records }) => {
        const place = offsets.get(partitionKey({ topic, partition: partitionIndex }));
        if (!place) return [];
        return [errorCode === 0 ? timeIn(place, records) : failed(place, kafkaErrorFacts(errorCode).kafkaName)];
      }),
    );
  } catch (error) {
    const { kafkaName } = toKafkaError(error, `records from ${link.describe(leader)}`);
    return places.map((place) => failed(place, kafkaName));
  }
}

/** Of the first record at or after the offset in what came of its partition. */
function timeIn(place: Place, records: Buffer | null): RecordTime {
  const known = (timestampMs: number, isExact: boolean): RecordTime => ({
    ...place,
    timestampMs: timestampMs < 0 ? null : timestampMs,
    isExact,
    error: null,
  });
  if (records === null || records.length === 0) return { ...place, timestampMs: null, isExact: true, error: null };
  try {
    for (let start = 0; ; ) {
      const header = readBatchHeader(records, start, false);
      if (header === null) {
        // Cut short: no record of it is older than its first, nor newer than this.
        const isReadable = records.length - start >= BATCH_HEADER_BYTES && records.readInt8(start + AT.magic) === 2;
        return isReadable ? known(Number(records.readBigInt64BE(start + AT.maxTimestamp)), false) : failed(place, 'CORRUPT_MESSAGE');
      }
      start = header.end;
      if (header.isControl || header.lastOffset < place.offset) continue;
      const first: FetchedRecord[] = [];
      new RecordReader(place.topic, place.partition, records, header).read(first, 1, place.offset);
      if (first[0]) return known(first[0].timestampMs, true);
    }
  } catch {
    return failed(place, 'CORRUPT_MESSAGE');
  }
}

function failed({ topic, partition, offset }: Place, error: string): RecordTime {
  return { topic, partition, offset, timestampMs: null, isExact: false, error };
}

function placeKey(place: Place): string {
  return `${partitionKey(place)} ${place.offset}`;
}
