/** What workers of Apache Kafka 4.3.1 answer otherwise than the herder's contract says, standalone and distributed. */
import type { Difference } from './herder-answers.ts';

type Differences = Readonly<Record<string, Difference>>;

const nullPointer = 'a standalone JVM worker runs into a null there instead of looking for the connector';
const wrapped = 'the JVM does not unwrap the error of its validation thread';

const OF_BOTH: Differences = {
  'sink: negative offset': {
    answer: '! 500 Failed to modify offsets for sink connector <name>',
    why: 'the JVM sends its caller away without the reason',
  },
  'validate without a class': {
    answer: '! 500 org.apache.kafka.connect.runtime.rest.errors.BadRequestException: Connector config {} contains no connector type',
    why: wrapped,
  },
  'a name that a path cannot hold everywhere': {
    answer:
      '! 400 http://<worker>/connectors/50%25%2F%5C answered HTTP 400: Error 400 Ambiguous URI path separator, Ambiguous URI path encoding, Suspicious Path Character',
    why: 'the HTTP server of the JVM lets no %25, %2F and %5C through',
  },
  drain: {
    answer:
      "! 400 The worker that was asked is Apache Kafka's, which cannot drain: end its process, and its work moves when the leader has waited for its return. Is another one meant? Give the address of that worker, or of any of kconsole's, to --attach.",
    why: 'draining is ours alone',
  },
  metrics: { answer: '"nothing"', why: 'a JVM worker has its figures in JMX only' },
  log: { answer: '"nothing"', why: 'a JVM worker writes its log and keeps none' },
};

export const DISTRIBUTED_JVM: Differences = OF_BOTH;

export const STANDALONE_JVM: Differences = {
  ...OF_BOTH,
  'stop none': {
    answer: '! 500 No connector `nope` configured',
    why: 'a standalone JVM worker looks at its memory before it looks for the connector',
  },
  'restart none': { answer: '! 500 Cannot invoke "java.util.Map.get(Object)" because "connProps" is null', why: nullPointer },
  'restart a task of none': {
    answer: '! 500 Failed to start task nope-0 since it is not a recognizable type (source or sink)',
    why: nullPointer,
  },
  'topics of a deleted one': { answer: '["<name>-topic"]', why: 'a standalone JVM worker remembers them beyond the connector' },
};
