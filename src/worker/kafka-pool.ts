/**
 * Kafka clients of one thread, shared per distinct configuration: two users of equal properties get the same connections; the last one
 * to let go closes them.
 */
import type { Log } from '../base/log.ts';
import { type ClientRole, parseClientProperties } from '../kafka/client-properties.ts';
import type { ClientOptions, Kafka } from '../kafka/contract.ts';

export type CreateKafka = (options: ClientOptions, log: Log) => Kafka;

export interface KafkaLease {
  readonly kafka: Kafka;
  readonly options: ClientOptions;
  release(): Promise<void>;
}

interface Shared {
  readonly kafka: Kafka;
  readonly options: ClientOptions;
  users: number;
}

export class KafkaPool {
  readonly #shared = new Map<string, Shared>();
  readonly #createKafka: CreateKafka;
  readonly #log: Log;

  constructor(createKafka: CreateKafka, log: Log) {
    this.#createKafka = createKafka;
    this.#log = log;
  }

  /** Throws ConfigError for properties that no client can have. */
  acquire(role: ClientRole, properties: Readonly<Record<string, string>>): KafkaLease {
    const key = JSON.stringify([role, ...Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1))]);
    let shared = this.#shared.get(key);
    if (!shared) {
      const options = parseClientProperties(properties, role, this.#log);
      shared = { kafka: this.#createKafka(options, this.#log), options, users: 0 };
      this.#shared.set(key, shared);
    }
    shared.users++;
    const { kafka, options } = shared;
    let isReleased = false;
    return {
      kafka,
      options,
      release: async () => {
        if (isReleased) return;
        isReleased = true;
        if (--shared.users > 0) return;
        this.#shared.delete(key);
        await kafka.close();
      },
    };
  }
}
