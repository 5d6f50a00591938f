/**
 * Writes to the config topic that only the leader may do: in transactions of one transactional id, which the newest leader has taken over. One
 * that leads no longer, and does not know it yet, is refused by the brokers. Source: KafkaConfigBackingStore.{claimWritePrivileges,sendPrivileged}.
 */
import { messageOf } from '../../base/errors.ts';
import type { DeliveryCallback, RecordPlace, TransactionalProducer } from '../../kafka/contract.ts';
import type { RecordText } from '../record-fields.ts';
import { PrivilegesLostError } from './port.ts';

interface Write {
  readonly records: readonly RecordText[];
  /** Of its last record, once that was sent. */
  place: RecordPlace;
  resolve(place: RecordPlace): void;
  reject(error: Error): void;
}

const CLOSE_MS = 5_000;
const UNKNOWN: RecordPlace = { partition: 0, offset: -1n };

export class LeaderWriter {
  readonly #topic: string;
  readonly #openProducer: () => TransactionalProducer;
  #producer: TransactionalProducer | null = null;
  /** Those that come while a transaction is under way go together into the next. */
  #waiting: Write[] = [];
  #isWriting = false;

  /** `openProducer`: a new one of the leaders' transactional id. */
  constructor(topic: string, openProducer: () => TransactionalProducer) {
    this.#topic = topic;
    this.#openProducer = openProducer;
  }

  /** From now on this worker may write, and none before it. Rejects with KafkaError. */
  async claim(): Promise<void> {
    await this.#give();
    const producer = this.#openProducer();
    try {
      await producer.initTransactions();
    } catch (error) {
      await producer.close(0);
      throw error;
    }
    this.#producer = producer;
  }

  /** All or none, in the order of the calls; tells where the last one lies. Rejects with PrivilegesLostError: claim again, if this worker leads still. */
  write(records: readonly RecordText[]): Promise<RecordPlace> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, place: UNKNOWN, resolve, reject });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  async stop(): Promise<void> {
    await this.#give();
  }

  async #give(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    await producer?.close(CLOSE_MS);
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const writes = this.#waiting;
      this.#waiting = [];
      try {
        await this.#transact(writes);
        for (const { place, resolve } of writes) resolve(place);
      } catch (error) {
        // Whatever it was: another producer, after reading to the end, is the safe way on.
        await this.#give();
        const lost = new PrivilegesLostError(`the write as leader was not accepted: ${messageOf(error)}`, { cause: error });
        for (const { reject } of writes) reject(lost);
      }
    }
    this.#isWriting = false;
  }

  async #transact(writes: readonly Write[]): Promise<void> {
    const producer = this.#producer;
    if (!producer) throw new PrivilegesLostError('this worker has not claimed to lead, or was fenced by another leader');
    producer.beginTransaction();
    for (const write of writes) {
      const onDelivery: DeliveryCallback = (_, partition, offset, __, count) => {
        write.place = { partition, offset: offset < 0n ? -1n : offset + BigInt(count - 1) };
      };
      for (const { key, value } of write.records)
        while (!producer.send(this.#topic, null, key, value, null, null, onDelivery)) await producer.ready(this.#topic);
    }
    await producer.commitTransaction();
  }
}
