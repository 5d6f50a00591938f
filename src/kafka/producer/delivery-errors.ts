/** What records are told that were given up. */
import { KafkaError } from '../kafka-error.ts';
import type { ProducerBatch } from './producer-batch.ts';

/** `where`: what is known of the leader. `isOpen`: an attempt is under way, or ended without an answer. */
export function timeoutError(batch: ProducerBatch, deliveryTimeoutMs: number, where: string, isOpen: boolean): KafkaError {
  const text = `${batch.count} record(s) for topic "${batch.topic}" partition ${batch.partition} were not acknowledged within delivery.timeout.ms (${deliveryTimeoutMs} ms)`;
  const last = batch.lastError ? `, the last: ${batch.lastError.message}` : '';
  const fate = isOpen ? 'they may have been written or not' : 'they were not written';
  return new KafkaError('REQUEST_TIMED_OUT', `${text}: ${where}, ${batch.attempts} attempt(s)${last}; ${fate}`, { cause: batch.lastError });
}

/** `error`: the broker's answer to the batch of one record. */
export function tooLargeError(batch: ProducerBatch, error: KafkaError): KafkaError {
  const text = `one record for topic "${batch.topic}" partition ${batch.partition} makes a batch of ${batch.sizeBytes} bytes, more than the broker takes (max.message.bytes of the topic)`;
  return new KafkaError('MESSAGE_TOO_LARGE', `${text}: ${error.message}`, { cause: error });
}
