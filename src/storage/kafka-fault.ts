/** Faults of Kafka in the words of who asked for something. */
import { ConnectError, messageOf } from '../base/errors.ts';
import { KafkaError } from '../kafka/kafka-error.ts';

/** `what: message`. Kafka's errors stay what they are, for who must know whether to try again. */
export function kafkaFault(error: unknown, what: string, advice = ''): ConnectError {
  const message = `${what}: ${messageOf(error)}${advice === '' ? '' : `${messageOf(error).endsWith('.') ? '' : '.'} ${advice}`}`;
  return error instanceof KafkaError
    ? new KafkaError(error.kafkaName, message, { cause: error })
    : new ConnectError(message, { cause: error });
}
