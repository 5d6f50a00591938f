/** Two clusters for mirroring: one broker of its own with an authorizer as source A, the suite's brokers as target B, and a worker on the target. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import type { FetchedRecord, Kafka } from '../../src/kafka/contract.ts';
import { readTopic, type StandaloneRig, startRig, testBootstrap, testKafka, uniqueName } from './standalone-rig.ts';

const BYTES = 'org.apache.kafka.connect.converters.ByteArrayConverter';

/** Of workers and connectors that mirror. */
export const BYTE_CONVERTERS = { 'key.converter': BYTES, 'value.converter': BYTES, 'header.converter': BYTES };

export interface MirrorClusters extends AsyncDisposable {
  readonly rig: StandaloneRig;
  readonly source: Kafka;
  readonly sourceBootstrap: string;
  readonly target: Kafka;
}

export async function startMirrorClusters(): Promise<MirrorClusters> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-mirror-'));
  const cluster = await startKafkaCluster({
    ...{ brokers: 1, folder },
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
      'log.retention.check.interval.ms': '1000',
    },
  });
  const rig = await startRig(BYTE_CONVERTERS);
  const source = testKafka(cluster.bootstrap);
  return {
    rig,
    source,
    sourceBootstrap: cluster.bootstrap,
    target: rig.kafka,
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]();
      await source.close();
      await cluster.stop();
      removeCluster(folder);
    },
  };
}

/** Aliases that nobody else's topics begin with. */
export function uniqueAliases(): { readonly a: string; readonly b: string } {
  const unique = uniqueName('m').replaceAll('.', '-');
  return { a: `${unique}A`, b: `${unique}B` };
}

/** A connector from A to B, quick and with one replica. */
export function mirrorConfig(
  { a, b }: { readonly a: string; readonly b: string },
  sourceBootstrap: string,
  topics: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    'connector.class': 'MirrorSourceConnector',
    'source.cluster.alias': a,
    'source.cluster.bootstrap.servers': sourceBootstrap,
    'target.cluster.alias': b,
    'target.cluster.bootstrap.servers': testBootstrap(),
    topics,
    'heartbeats.replication.enabled': 'false',
    'replication.factor': '1',
    'offset-syncs.topic.replication.factor': '1',
    ...more,
  };
}

/** What makes a record, as text that compares. */
export function contentOfFetched({ partition, timestampMs, key, value, headers }: FetchedRecord): string {
  const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('base64'));
  return JSON.stringify([partition, timestampMs, text(key), text(value), (headers ?? []).map((one) => [one.key, text(one.value)])]);
}

/** Every record of a topic now, partition by partition. */
export async function contentsOf(kafka: Kafka, topic: string): Promise<string[]> {
  const byPartition = new Map<number, string[]>();
  await readTopic(kafka, topic, (record) => {
    byPartition.set(record.partition, [...(byPartition.get(record.partition) ?? []), contentOfFetched(record)]);
  });
  return [...byPartition].sort(([a], [b]) => a - b).flatMap(([, contents]) => contents);
}
