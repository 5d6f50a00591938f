/** A reader of committed records of a topic of one partition, from its start on. */
import { onTestFinished } from 'vitest';
import type { Fetcher, Kafka } from '../../src/kafka/contract.ts';
import { waitUntil } from './wait-until.ts';

export class CommittedReader {
  /** Values, in order. */
  readonly seen: string[] = [];
  readonly #fetcher: Fetcher;

  constructor(kafka: Kafka, topic: string) {
    this.#fetcher = kafka.fetcher({ isolationLevel: 'read_committed', autoOffsetReset: 'earliest' });
    this.#fetcher.assign([{ topic, partition: 0, offset: 'earliest' }]);
    onTestFinished(() => this.#fetcher.close());
  }

  /** Reads until there are so many. `says`: what the writer has to say when they do not come. */
  async upTo(count: number, says: () => string): Promise<void> {
    await waitUntil(
      () => `${count} records are committed; there are ${this.seen.length}, and the writer says: ${says()}`,
      async () => {
        for (const { value } of await this.#fetcher.poll(100)) this.seen.push(String(value));
        return this.seen.length >= count;
      },
    );
  }
}
