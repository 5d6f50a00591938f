/** A sink connector's offsets are those of its consumer group. Source: Worker.modifySinkConnectorOffsets, SinkUtils (reference 1.7). */
import { ConnectError, messageOf, RestError } from '../base/errors.ts';
import type { Admin } from '../kafka/contract.ts';
import { KafkaError } from '../kafka/kafka-error.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { ConnectorOffset } from './model.ts';

export type GroupOffset = TopicPartition & {
  /** `null`: forget it. */
  readonly offset: bigint | null;
};

/** What a group says while it still has members. */
const STILL_ACTIVE: ReadonlySet<string> = new Set([
  'UNKNOWN_MEMBER_ID',
  'GROUP_SUBSCRIBED_TO_TOPIC',
  'NON_EMPTY_GROUP',
  'ILLEGAL_GENERATION',
]);

export async function readSinkOffsets(admin: Admin, groupId: string): Promise<ConnectorOffset[]> {
  const offsets = await admin.groupOffsets(groupId);
  return offsets.map(({ topic, partition, offset }) => ({
    // In the order of the JVM's hash map.
    partition: { kafka_partition: BigInt(partition), kafka_topic: topic },
    offset: { kafka_offset: offset },
  }));
}

/** Throws RestError 400 in the original's words. Of two entries for one partition the later wins. */
export function parseSinkOffsets(offsets: readonly ConnectorOffset[]): GroupOffset[] {
  const parsed = new Map<string, GroupOffset>();
  for (const entry of offsets) {
    const { topic, partition } = parsePartition(entry.partition);
    parsed.set(`${topic} ${partition}`, { topic, partition, offset: parseOffset(entry.offset) });
  }
  return [...parsed.values()];
}

export async function alterSinkOffsets(admin: Admin, connector: string, groupId: string, offsets: readonly GroupOffset[]): Promise<void> {
  const set = offsets.flatMap(({ topic, partition, offset }) => (offset === null ? [] : [{ topic, partition, offset }]));
  const forgotten = offsets.filter((o) => o.offset === null).map(({ topic, partition }) => ({ topic, partition }));
  await whenInactive('alter', connector, async () => {
    if (set.length > 0) await admin.alterGroupOffsets(groupId, set);
    if (forgotten.length > 0) await ignoringUnknownGroup(() => admin.deleteGroupOffsets(groupId, forgotten));
  });
}

export async function resetSinkOffsets(admin: Admin, connector: string, groupId: string): Promise<void> {
  await whenInactive('reset', connector, () => ignoringUnknownGroup(() => admin.deleteGroups([groupId])));
}

function parsePartition(partition: ConnectorOffset['partition']): TopicPartition {
  if (partition === null) throw new RestError(400, 'The partition for a sink connector offset cannot be null or missing');
  const { kafka_topic: topic, kafka_partition: number } = partition;
  if (topic === undefined || number === undefined) {
    throw new RestError(400, "The partition for a sink connector offset must contain the keys 'kafka_topic' and 'kafka_partition'");
  }
  if (topic === null) throw new RestError(400, 'Kafka topic names must be valid strings and may not be null');
  if (number === null) throw new RestError(400, 'Kafka partitions must be valid numbers and may not be null');
  const parsed = wholeNumber(number);
  if (parsed === null || BigInt.asIntN(32, parsed) !== parsed) {
    throw new RestError(
      400,
      `Failed to parse the following Kafka partition value in the provided offsets: '${number}'. Partition values for sink connectors need to be integers.`,
    );
  }
  return { topic: String(topic), partition: Number(parsed) };
}

function parseOffset(offset: ConnectorOffset['offset']): bigint | null {
  if (offset === null) return null;
  const { kafka_offset: value } = offset;
  if (value === undefined)
    throw new RestError(400, "The offset for a sink connector should either be null or contain the key 'kafka_offset'");
  const parsed = value === null ? null : wholeNumber(value);
  if (parsed === null || BigInt.asIntN(64, parsed) !== parsed) {
    throw new RestError(
      400,
      `Failed to parse the following Kafka offset value in the provided offsets: '${value}'. Offset values for sink connectors need to be integers.`,
    );
  }
  if (parsed < 0n) throw new RestError(400, `The offset ${parsed} is negative. Give 0 or more, or null for the offset to forget it.`);
  return parsed;
}

function wholeNumber(value: string | number | bigint | boolean): bigint | null {
  const text = String(value);
  return /^[+-]?\d{1,30}$/.test(text) ? BigInt(text.replace('+', '')) : null;
}

async function whenInactive(verb: 'alter' | 'reset', connector: string, change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (cause) {
    if (!(cause instanceof KafkaError && STILL_ACTIVE.has(cause.kafkaName)))
      throw new ConnectError(`Failed to ${verb} consumer group offsets for connector ${connector}: ${messageOf(cause)}`, { cause });
    throw new ConnectError(
      `Failed to ${verb} consumer group offsets for connector ${connector} either because its tasks haven't stopped completely yet or the connector was resumed before the request to ${verb} its offsets could be successfully completed. If the connector is in a stopped state, this operation can be safely retried. If it doesn't eventually succeed, the Connect cluster may need to be restarted to get rid of the zombie sink tasks.`,
      { cause },
    );
  }
}

async function ignoringUnknownGroup(change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof KafkaError && error.kafkaName === 'GROUP_ID_NOT_FOUND')) throw error;
  }
}
