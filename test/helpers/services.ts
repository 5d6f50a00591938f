/**
 * Real brokers and a real MariaDB for the suite: one cluster of three and one server for all test files, unless KCONSOLE_TEST_BOOTSTRAP and
 * KCONSOLE_TEST_MARIADB (`mysql://root@host:port`) name some that run. Test files read both and KCONSOLE_TEST_KAFKA_LIBS, kafka-peer.ts
 * KCONSOLE_TEST_PEER_CLASSES; each uses topics and databases of its own (mariadb.ts).
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kafkaJars } from '../../src/demo/java.ts';
import { removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import { removeMariaDb, startMariaDb } from '../../src/demo/mariadb.ts';
import { compileKafkaPeer } from './kafka-peer.ts';

type Stop = () => Promise<void>;

export async function setup(): Promise<Stop> {
  process.env.KCONSOLE_TEST_KAFKA_LIBS ??= (await kafkaJars()).folder;
  const started = await Promise.allSettled([
    process.env.KCONSOLE_TEST_BOOTSTRAP ? null : startBrokers(process.env.KCONSOLE_TEST_KAFKA_LIBS),
    process.env.KCONSOLE_TEST_MARIADB ? null : startDatabase(),
  ]);
  const stopAll: Stop = async () => {
    await Promise.all(started.map((part) => (part.status === 'fulfilled' ? part.value?.() : undefined)));
  };
  const failed = started.find((part) => part.status === 'rejected');
  if (failed) {
    await stopAll();
    throw failed.reason;
  }
  return stopAll;
}

async function startBrokers(libs: string): Promise<Stop> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-brokers-'));
  const classes = path.join(folder, 'peer');
  const [cluster] = await Promise.all([
    startKafkaCluster({ brokers: 3, folder, properties: { 'log.cleaner.backoff.ms': '1000' } }),
    compileKafkaPeer(libs, classes).then(
      () => {
        process.env.KCONSOLE_TEST_PEER_CLASSES = classes;
      },
      // Then each start compiles it, and says what is wrong.
      () => undefined,
    ),
  ]);
  process.env.KCONSOLE_TEST_BOOTSTRAP = cluster.bootstrap;
  return async () => {
    await cluster.stop();
    removeCluster(folder);
  };
}

async function startDatabase(): Promise<Stop> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-mariadb-'));
  const server = await startMariaDb({
    folder,
    firstStatements: ["CREATE USER kafka@'%' IDENTIFIED BY 'kafka123'", "GRANT ALL ON *.* TO kafka@'%'"],
    options: { 'general-log': '1' },
  });
  process.env.KCONSOLE_TEST_MARIADB = `mysql://root@${server.host}:${server.port}`;
  return async () => {
    await server.stop();
    removeMariaDb(folder);
  };
}
