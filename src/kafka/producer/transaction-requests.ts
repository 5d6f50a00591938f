/**
 * What a transactional producer asks its coordinator (KIP-98, KIP-360), in versions that every broker since 2.5 takes. Each is tried again
 * until it is answered or time is up; while the transaction before is still being ended (CONCURRENT_TRANSACTIONS), at once and often.
 */
import { backoffMs } from '../../base/backoff.ts';
import type { TopicPartition } from '../../plugin-api/records.ts';
import type { ClusterLink } from '../cluster-link.ts';
import { byTopic } from '../group/by-topic.ts';
import { type KafkaError, kafkaErrorName, kafkaErrorOf } from '../kafka-error.ts';
import type { Message } from '../wire/codec.ts';
import { addPartitionsToTxnMessage } from '../wire/messages/add-partitions-to-txn.ts';
import { endTxnMessage } from '../wire/messages/end-txn.ts';
import { initProducerIdMessage } from '../wire/messages/init-producer-id.ts';

export interface ProducerIdAndEpoch {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

export interface TransactionCall {
  readonly link: ClusterLink;
  readonly transactionalId: string;
  /** All attempts together. */
  readonly totalMs: number;
  readonly signal?: AbortSignal | undefined;
}

const CONCURRENT = 'CONCURRENT_TRANSACTIONS';
/** Markers of the transaction before are written within milliseconds. */
const CONCURRENT_MS = 5;
const CONCURRENT_MAX_MS = 100;
/** A transaction waits for markers on other brokers: nothing else is to wait behind it. */
const LANE = 'transactions';

/**
 * Takes over the transactional id: ends what an earlier producer of it has left open, which cannot write any more from then on.
 * `previous`: the same producer asks for its next epoch. Rejects with KafkaError.
 */
export async function initProducer(
  call: TransactionCall,
  transactionTimeoutMs: number,
  previous: ProducerIdAndEpoch | null = null,
): Promise<ProducerIdAndEpoch> {
  const body = { transactionalId: call.transactionalId, transactionTimeoutMs, ...previous };
  const subject = `transactional.id "${call.transactionalId}" was to be taken over`;
  const reply = await ask(call, initProducerIdMessage, body, ({ errorCode }) => [{ errorCode, subject }]);
  return { producerId: reply.producerId, producerEpoch: reply.producerEpoch };
}

/** Before the first batch of a partition in a transaction. Rejects with KafkaError naming the partition. */
export async function addPartitions(
  call: TransactionCall,
  identity: ProducerIdAndEpoch,
  partitions: Iterable<TopicPartition>,
): Promise<void> {
  const { transactionalId } = call;
  const topics = [...byTopic([...partitions])].map(([name, list]) => ({ name, partitions: list.map(({ partition }) => partition) }));
  await ask(call, addPartitionsToTxnMessage, { transactionalId, ...identity, topics }, (reply) =>
    reply.topics.flatMap(({ name, partitions: answers }) =>
      answers.map(({ partitionIndex, errorCode }) => ({
        errorCode,
        subject: `topic "${name}" partition ${partitionIndex} in the transaction of "${transactionalId}"`,
      })),
    ),
  );
}

/** Rejects with KafkaError. A repetition of what the coordinator has done already succeeds. */
export async function endTransaction(call: TransactionCall, identity: ProducerIdAndEpoch, isCommit: boolean): Promise<void> {
  const { transactionalId } = call;
  const subject = `${isCommit ? 'commit' : 'abort'} of the transaction of "${transactionalId}"`;
  await ask(call, endTxnMessage, { transactionalId, ...identity, isCommit }, ({ errorCode }) => [{ errorCode, subject }]);
}

interface Answer {
  readonly errorCode: number;
  readonly subject: string;
}

async function ask<Request, Reply>(
  { link, transactionalId, totalMs, signal }: TransactionCall,
  message: Message<Request, Reply>,
  body: Request,
  answersOf: (reply: Reply) => readonly Answer[],
): Promise<Reply> {
  const target = { coordinator: transactionalId, type: 'transaction' } as const;
  const endMs = link.clock.monoMs() + totalMs;
  for (let attempt = 0; ; attempt++) {
    const check = (answer: Reply) => void concurrentOf(answersOf(answer));
    const reply = await link.request(target, message, body, check, { lane: LANE, totalMs: endMs - link.clock.monoMs(), signal });
    const concurrent = concurrentOf(answersOf(reply));
    if (concurrent === null) return reply;
    if (signal?.aborted || link.clock.monoMs() >= endMs) throw concurrent;
    await link.clock.sleep(backoffMs(attempt, CONCURRENT_MS, CONCURRENT_MAX_MS), signal);
  }
}

/** Throws what is final rather than what may pass; gives CONCURRENT_TRANSACTIONS back. */
function concurrentOf(answers: readonly Answer[]): KafkaError | null {
  // Whatever was left out because of another partition tells nothing.
  const errors = answers
    .filter(({ errorCode }) => errorCode !== 0 && kafkaErrorName(errorCode) !== 'OPERATION_NOT_ATTEMPTED')
    .map(({ errorCode, subject }) => kafkaErrorOf(errorCode, subject, transactionHint(errorCode)));
  const first = errors.find(({ isRetriable }) => !isRetriable) ?? errors.find(({ kafkaName }) => kafkaName !== CONCURRENT);
  if (first) throw first;
  return errors[0] ?? null;
}

/** What to do about a refusal; `null`: its name says it. */
export function transactionHint(errorCode: number): string | null {
  switch (kafkaErrorName(errorCode)) {
    case 'PRODUCER_FENCED':
    case 'INVALID_PRODUCER_EPOCH':
      return 'another producer with this transactional.id has taken over, or the transaction was open for longer than transaction.timeout.ms';
    case 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED':
      return 'Write and Describe on this transactional id are needed';
    case 'INVALID_TRANSACTION_TIMEOUT':
      return 'transaction.timeout.ms is larger than the brokers allow (transaction.max.timeout.ms)';
    default:
      return null;
  }
}
