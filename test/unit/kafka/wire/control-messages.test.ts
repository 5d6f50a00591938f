/** Messages of groups and of the admin against bytes and JSON of the Java client (test/golden/wire/ControlMessagesGolden.java). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ExactJson, parseExactJson } from '../../../../src/base/exact-json.ts';
import { KafkaProtocolError } from '../../../../src/kafka/kafka-error.ts';
import type { Message } from '../../../../src/kafka/wire/codec.ts';
import { alterPartitionReassignmentsMessage } from '../../../../src/kafka/wire/messages/alter-partition-reassignments.ts';
import { alterShareGroupOffsetsMessage } from '../../../../src/kafka/wire/messages/alter-share-group-offsets.ts';
import { consumerGroupDescribeMessage } from '../../../../src/kafka/wire/messages/consumer-group-describe.ts';
import { createAclsMessage } from '../../../../src/kafka/wire/messages/create-acls.ts';
import { createPartitionsMessage } from '../../../../src/kafka/wire/messages/create-partitions.ts';
import { createTopicsMessage } from '../../../../src/kafka/wire/messages/create-topics.ts';
import { deleteGroupsMessage } from '../../../../src/kafka/wire/messages/delete-groups.ts';
import { deleteRecordsMessage } from '../../../../src/kafka/wire/messages/delete-records.ts';
import { deleteShareGroupOffsetsMessage } from '../../../../src/kafka/wire/messages/delete-share-group-offsets.ts';
import { deleteTopicsMessage } from '../../../../src/kafka/wire/messages/delete-topics.ts';
import { describeAclsMessage } from '../../../../src/kafka/wire/messages/describe-acls.ts';
import { describeClientQuotasMessage } from '../../../../src/kafka/wire/messages/describe-client-quotas.ts';
import { describeClusterMessage } from '../../../../src/kafka/wire/messages/describe-cluster.ts';
import { describeConfigsMessage } from '../../../../src/kafka/wire/messages/describe-configs.ts';
import { describeGroupsMessage } from '../../../../src/kafka/wire/messages/describe-groups.ts';
import { describeLogDirsMessage } from '../../../../src/kafka/wire/messages/describe-log-dirs.ts';
import { describeQuorumMessage } from '../../../../src/kafka/wire/messages/describe-quorum.ts';
import { describeShareGroupOffsetsMessage } from '../../../../src/kafka/wire/messages/describe-share-group-offsets.ts';
import { describeTopicPartitionsMessage } from '../../../../src/kafka/wire/messages/describe-topic-partitions.ts';
import { electLeadersMessage } from '../../../../src/kafka/wire/messages/elect-leaders.ts';
import { heartbeatMessage } from '../../../../src/kafka/wire/messages/heartbeat.ts';
import { incrementalAlterConfigsMessage } from '../../../../src/kafka/wire/messages/incremental-alter-configs.ts';
import { joinGroupMessage } from '../../../../src/kafka/wire/messages/join-group.ts';
import { leaveGroupMessage } from '../../../../src/kafka/wire/messages/leave-group.ts';
import { listGroupsMessage } from '../../../../src/kafka/wire/messages/list-groups.ts';
import { listPartitionReassignmentsMessage } from '../../../../src/kafka/wire/messages/list-partition-reassignments.ts';
import { offsetCommitMessage } from '../../../../src/kafka/wire/messages/offset-commit.ts';
import { offsetDeleteMessage } from '../../../../src/kafka/wire/messages/offset-delete.ts';
import { offsetFetchMessage } from '../../../../src/kafka/wire/messages/offset-fetch.ts';
import { shareGroupDescribeMessage } from '../../../../src/kafka/wire/messages/share-group-describe.ts';
import { streamsGroupDescribeMessage } from '../../../../src/kafka/wire/messages/streams-group-describe.ts';
import { syncGroupMessage } from '../../../../src/kafka/wire/messages/sync-group.ts';
import { WireReader } from '../../../../src/kafka/wire/wire-reader.ts';
import { WireWriter } from '../../../../src/kafka/wire/wire-writer.ts';

type AnyMessage = Message<never, unknown>;
const messages: readonly AnyMessage[] = [
  alterShareGroupOffsetsMessage,
  deleteShareGroupOffsetsMessage,
  describeClientQuotasMessage,
  describeShareGroupOffsetsMessage,
  joinGroupMessage,
  syncGroupMessage,
  heartbeatMessage,
  leaveGroupMessage,
  offsetCommitMessage,
  offsetFetchMessage,
  createTopicsMessage,
  deleteTopicsMessage,
  createPartitionsMessage,
  deleteRecordsMessage,
  describeConfigsMessage,
  incrementalAlterConfigsMessage,
  listGroupsMessage,
  describeGroupsMessage,
  consumerGroupDescribeMessage,
  shareGroupDescribeMessage,
  streamsGroupDescribeMessage,
  offsetDeleteMessage,
  deleteGroupsMessage,
  createAclsMessage,
  describeAclsMessage,
  describeLogDirsMessage,
  describeQuorumMessage,
  describeClusterMessage,
  describeTopicPartitionsMessage,
  electLeadersMessage,
  alterPartitionReassignmentsMessage,
  listPartitionReassignmentsMessage,
];

interface Golden {
  readonly message: string;
  readonly version: number;
  readonly kind: 'request' | 'reply';
  readonly hex: string;
  readonly body: ExactJson;
}

const golden = readFileSync(path.resolve(import.meta.dirname, '../../../golden/wire/control-messages.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => parseExactJson(line) as unknown as Golden);

const messageOf = (name: string): AnyMessage => messages.find((message) => message.name === name) as AnyMessage;
const read = (message: AnyMessage, kind: Golden['kind'], version: number, reader: WireReader): unknown =>
  kind === 'request' ? message.decodeRequest(reader, version) : message.decodeReply(reader, version);

/** What was decoded, in the form of the Java client's JSON and with only its members: fields that the version lacks are left out there. */
function asJava(ours: unknown, java: ExactJson): unknown {
  if (ours instanceof Buffer) return ours.toString('base64');
  if (typeof ours === 'bigint') return typeof java === 'number' ? Number(ours) : ours;
  if (Array.isArray(ours)) return ours.map((item, i) => asJava(item, Array.isArray(java) ? java[i] : null));
  if (ours === null || typeof ours !== 'object') return ours;
  const members = ours as Record<string, unknown>;
  const javaMembers = (java ?? {}) as Record<string, ExactJson>;
  return Object.fromEntries(Object.keys(javaMembers).map((name) => [name, asJava(members[name], javaMembers[name] as ExactJson)]));
}

describe('messages as the Java client writes them', () => {
  test('every version that is described is covered, both ways', () => {
    for (const { name, minVersion, maxVersion } of messages) {
      for (const kind of ['request', 'reply']) {
        const versions = new Set(golden.filter((one) => one.message === name && one.kind === kind).map(({ version }) => version));
        expect([...versions], `${name} ${kind}`).toEqual(Array.from({ length: maxVersion - minVersion + 1 }, (_, i) => minVersion + i));
      }
    }
  });

  test.each(golden.map((one) => [`${one.message} ${one.kind} v${one.version}`, one] as const))('%s', (_, one) => {
    const message = messageOf(one.message);
    const reader = new WireReader(Buffer.from(one.hex, 'hex'));
    const body = read(message, one.kind, one.version, reader);
    expect(reader.remaining).toBe(0);
    expect(asJava(body, one.body)).toEqual(one.body);
    const writer = new WireWriter();
    if (one.kind === 'request') message.encodeRequest(writer, one.version, body as never);
    else message.encodeReply(writer, one.version, body);
    expect(writer.bytes().toString('hex')).toBe(one.hex);
  });
});

describe('bytes from anybody', () => {
  test('flipped and cut replies end with the room’s own error only', () => {
    fc.assert(
      fc.property(fc.constantFrom(...golden), fc.nat(), fc.nat(255), fc.nat(), (one, at, value, cut) => {
        const content = Buffer.from(one.hex, 'hex');
        content[at % content.length] = value;
        const message = messageOf(one.message);
        for (const bytes of [content, content.subarray(0, cut % content.length)]) {
          try {
            read(message, one.kind, one.version, new WireReader(bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(KafkaProtocolError);
          }
        }
      }),
      { numRuns: 3000 },
    );
  });
});
