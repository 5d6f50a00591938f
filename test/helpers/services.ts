/**
 * Real brokers for the suite: one cluster of three for all test files, unless KCONSOLE_TEST_BOOTSTRAP names one that runs.
 * Test files read KCONSOLE_TEST_BOOTSTRAP and KCONSOLE_TEST_KAFKA_LIBS; each uses topic names of its own.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kafkaJars } from '../../src/demo/java.ts';
import { removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';

export async function setup(): Promise<(() => Promise<void>) | undefined> {
  process.env.KCONSOLE_TEST_KAFKA_LIBS ??= (await kafkaJars()).folder;
  if (process.env.KCONSOLE_TEST_BOOTSTRAP) return undefined;
  const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-brokers-'));
  const cluster = await startKafkaCluster({ brokers: 3, folder, properties: { 'log.cleaner.backoff.ms': '1000' } });
  process.env.KCONSOLE_TEST_BOOTSTRAP = cluster.bootstrap;
  return async () => {
    await cluster.stop();
    removeCluster(folder);
  };
}
