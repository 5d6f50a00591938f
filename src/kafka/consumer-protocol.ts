/**
 * What members of a `consumer` group tell each other through the coordinator, byte for byte as the JVM client
 * (org.apache.kafka.clients.consumer.internals.ConsumerProtocol): an int16 version, then the fields. Bytes of a newer version are read as the newest known one.
 */
import type { TopicPartition } from '../plugin-api/records.ts';
import { KafkaProtocolError } from './kafka-error.ts';
import { defineStruct, type Struct } from './wire/codec.ts';
import { array, arrayOf, bytes, int32, nullable, since, string } from './wire/field.ts';
import { WireReader } from './wire/wire-reader.ts';

export interface ConsumerSubscription {
  readonly topics: readonly string[];
  readonly userData: Buffer | null;
  /** What the member still owns (cooperative assignors; empty from an eager one). Version 1 on. */
  readonly ownedPartitions: readonly TopicPartition[];
  /** Generation in which it owned that; −1: none. Version 2 on. */
  readonly generation: number;
  /** Version 3 on. */
  readonly rackId: string | null;
}

export interface ConsumerAssignment {
  readonly partitions: readonly TopicPartition[];
  readonly userData: Buffer | null;
}

export const CONSUMER_PROTOCOL_VERSION = 3;

const subscriptionStruct = defineStruct({
  name: 'ConsumerProtocolSubscription',
  versions: [0, CONSUMER_PROTOCOL_VERSION],
  flexibleFrom: null,
  fields: {
    topics: arrayOf(string),
    userData: nullable(bytes),
    ownedPartitions: since(1, array({ topic: string, partitions: arrayOf(int32) })),
    generationId: since(2, int32, -1),
    rackId: since(3, nullable(string)),
  },
});

const assignmentStruct = defineStruct({
  name: 'ConsumerProtocolAssignment',
  versions: [0, CONSUMER_PROTOCOL_VERSION],
  flexibleFrom: null,
  fields: { assignedPartitions: array({ topic: string, partitions: arrayOf(int32) }), userData: nullable(bytes) },
});

/** Topics and owned partitions are written sorted, as the JVM does. */
export function encodeSubscription(
  subscription: Partial<ConsumerSubscription> & Pick<ConsumerSubscription, 'topics'>,
  version: number = CONSUMER_PROTOCOL_VERSION,
): Buffer {
  const owned = [...(subscription.ownedPartitions ?? [])].sort(byTopicAndPartition);
  return withVersion(
    version,
    subscriptionStruct.encode(version, {
      topics: [...subscription.topics].sort(inJavaOrder),
      userData: subscription.userData ?? null,
      ownedPartitions: groupByTopic(owned),
      generationId: subscription.generation ?? -1,
      rackId: subscription.rackId ?? null,
    }),
  );
}

/** Throws KafkaProtocolError. */
export function decodeSubscription(content: Buffer): ConsumerSubscription {
  const { topics, userData, ownedPartitions, generationId, rackId } = decode('subscription', subscriptionStruct, content);
  return { topics, userData, ownedPartitions: flatten(ownedPartitions), generation: generationId, rackId };
}

/** Partitions of a topic stay in their order; topics come in the order of their first partition. */
export function encodeAssignment(
  assignment: Partial<ConsumerAssignment> & Pick<ConsumerAssignment, 'partitions'>,
  version: number = CONSUMER_PROTOCOL_VERSION,
): Buffer {
  return withVersion(
    version,
    assignmentStruct.encode(version, {
      assignedPartitions: groupByTopic(assignment.partitions),
      userData: assignment.userData ?? null,
    }),
  );
}

/** No bytes at all mean that nothing is assigned. Throws KafkaProtocolError. */
export function decodeAssignment(content: Buffer): ConsumerAssignment {
  if (content.length === 0) return { partitions: [], userData: null };
  const { assignedPartitions, userData } = decode('assignment', assignmentStruct, content);
  return { partitions: flatten(assignedPartitions), userData };
}

function withVersion(version: number, body: Buffer): Buffer {
  const head = Buffer.alloc(2);
  head.writeInt16BE(version);
  return Buffer.concat([head, body]);
}

function decode<Body>(what: string, struct: Struct<Body, never>, content: Buffer): Body {
  const reader = new WireReader(content);
  const version = reader.int16();
  if (version < 0) throw new KafkaProtocolError(`consumer ${what} of version ${version}: versions from 0 on are known`);
  return struct.decode(Math.min(version, struct.maxVersion), reader);
}

function groupByTopic(partitions: readonly TopicPartition[]): { topic: string; partitions: number[] }[] {
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of partitions) {
    const list = byTopic.get(topic);
    if (list) list.push(partition);
    else byTopic.set(topic, [partition]);
  }
  return [...byTopic].map(([topic, numbers]) => ({ topic, partitions: numbers }));
}

function flatten(topics: ReadonlyArray<{ readonly topic: string; readonly partitions: readonly number[] }>): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}

/** Java's String.compareTo: by UTF-16 units, as JavaScript's `<`. */
export function inJavaOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byTopicAndPartition(a: TopicPartition, b: TopicPartition): number {
  return inJavaOrder(a.topic, b.topic) || a.partition - b.partition;
}
