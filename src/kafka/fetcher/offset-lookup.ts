/** Offsets of partitions by time, from their leaders. */
import type { ClusterLink } from '../cluster-link.ts';
import type { FetcherOptions, OffsetSpec } from '../contract.ts';
import { type KafkaError, kafkaErrorOf, toKafkaError } from '../kafka-error.ts';
import { listOffsetsMessage } from '../wire/messages/list-offsets.ts';

export interface OffsetQuestion {
  readonly topic: string;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly spec: Exclude<OffsetSpec, bigint>;
}

export type OffsetAnswer = { readonly offset: bigint; readonly error: null } | { readonly offset: null; readonly error: KafkaError };

const EARLIEST = -2n;
const LATEST = -1n;

/** One answer a question, in their order; never rejects. A time after the last record is answered with the end of the partition. */
export async function lookUpOffsets(
  link: ClusterLink,
  nodeId: number,
  isolation: FetcherOptions['isolationLevel'],
  questions: readonly OffsetQuestion[],
): Promise<OffsetAnswer[]> {
  const answers = await ask(link, nodeId, isolation, questions);
  const late = questions.filter((question, i) => answers[i]?.offset === -1n && typeof question.spec === 'object');
  if (late.length === 0) return answers;
  const ends = await ask(
    link,
    nodeId,
    isolation,
    late.map((question) => ({ ...question, spec: 'latest' as const })),
  );
  return questions.map((question, i) => ends[late.indexOf(question)] ?? (answers[i] as OffsetAnswer));
}

async function ask(
  link: ClusterLink,
  nodeId: number,
  isolation: FetcherOptions['isolationLevel'],
  questions: readonly OffsetQuestion[],
): Promise<OffsetAnswer[]> {
  try {
    const topics = [...new Set(questions.map(({ topic }) => topic))].map((name) => ({
      name,
      partitions: questions
        .filter(({ topic }) => topic === name)
        .map(({ partition, leaderEpoch, spec }) => ({
          partitionIndex: partition,
          currentLeaderEpoch: leaderEpoch,
          timestamp: timestampOf(spec),
        })),
    }));
    const reply = await link.send(nodeId, listOffsetsMessage, { topics, isolationLevel: isolation === 'read_committed' ? 1 : 0 });
    const found = new Map<string, { readonly errorCode: number; readonly offset: bigint }>();
    for (const { name, partitions } of reply.topics) for (const answer of partitions) found.set(`${name} ${answer.partitionIndex}`, answer);
    return questions.map(({ topic, partition }) => {
      const answer = found.get(`${topic} ${partition}`) ?? { errorCode: -1, offset: -1n };
      if (answer.errorCode === 0) return { offset: answer.offset, error: null };
      return {
        offset: null,
        error: kafkaErrorOf(answer.errorCode, `offsets of topic "${topic}" partition ${partition} from ${link.describe(nodeId)}`),
      };
    });
  } catch (error) {
    const fault = toKafkaError(error, `offsets from ${link.describe(nodeId)}`);
    return questions.map(() => ({ offset: null, error: fault }));
  }
}

function timestampOf(spec: Exclude<OffsetSpec, bigint>): bigint {
  if (spec === 'earliest') return EARLIEST;
  return spec === 'latest' ? LATEST : BigInt(Math.trunc(spec.timestampMs));
}
