/** What lies on the brokers' disks. */
import type { ClusterLink } from '../cluster-link.ts';
import type { Admin, LogDirInfo } from '../contract.ts';
import { kafkaErrorName, toKafkaError } from '../kafka-error.ts';
import { describeLogDirsMessage } from '../wire/messages/describe-log-dirs.ts';
import { reading, throwIfRefused } from './admin-call.ts';

/** All brokers at once. One that does not answer, or may not be asked, has one entry without a path that carries the error. */
export async function describeLogDirs(link: ClusterLink, ...[brokerIds, topics]: Parameters<Admin['logDirs']>): Promise<LogDirInfo[]> {
  const ids = brokerIds ?? (await link.brokers()).map(({ id }) => id);
  const wanted = topics?.map(({ name, partitions }) => ({ topic: name, partitions: partitions.map(({ partition }) => partition) })) ?? null;
  const answers = await Promise.all(ids.map((id) => describeAt(link, id, wanted)));
  return answers.flat();
}

type Wanted = ReadonlyArray<{ readonly topic: string; readonly partitions: number[] }>;

async function describeAt(link: ClusterLink, brokerId: number, topics: Wanted | null): Promise<LogDirInfo[]> {
  try {
    const reply = await link.send(brokerId, describeLogDirsMessage, { topics }, reading(link));
    throwIfRefused([{ errorCode: reply.errorCode, subject: `log directories of ${link.describe(brokerId)}` }]);
    return reply.results.map(({ errorCode, logDir, topics, totalBytes, usableBytes }) => ({
      brokerId,
      path: logDir,
      error: kafkaErrorName(errorCode),
      totalBytes: totalBytes < 0n ? null : totalBytes,
      usableBytes: usableBytes < 0n ? null : usableBytes,
      partitions: topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, partitionSize, offsetLag, isFutureKey }) => ({
          topic: name,
          partition: partitionIndex,
          sizeBytes: partitionSize,
          offsetLag,
          isFuture: isFutureKey,
        })),
      ),
    }));
  } catch (error) {
    const { kafkaName } = toKafkaError(error, `log directories of ${link.describe(brokerId)}`);
    return [{ brokerId, path: '', error: kafkaName, totalBytes: null, usableBytes: null, partitions: [] }];
  }
}
