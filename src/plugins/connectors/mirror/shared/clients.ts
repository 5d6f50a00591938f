/** The Kafka clients of one mirror connector or task: made when they are first asked for, ended together. */
import { ConfigError, messageOf } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import { parseClientProperties } from '../../../../kafka/client-properties.ts';
import type { ClientRole } from '../../../../kafka/client-role.ts';
import type { ClientOptions, Kafka } from '../../../../kafka/contract.ts';
import { createKafka } from '../../../../kafka/kafka.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import { type MirrorClientRole, mirrorClientProperties, type Side } from './client-properties.ts';

export type CreateKafka = (options: ClientOptions, log: Log) => Kafka;

export interface MirrorClient {
  readonly kafka: Kafka;
  readonly options: ClientOptions;
}

export class MirrorClients {
  readonly #config: Config;
  readonly #log: Log;
  readonly #create: CreateKafka;
  readonly #open = new Map<string, MirrorClient>();

  constructor(config: Config, log: Log, create: CreateKafka = createKafka) {
    this.#config = config;
    this.#log = log;
    this.#create = create;
  }

  /** Connects when something is asked for. Throws ConfigError for properties that no client can have. */
  of(side: Side, kind: ClientRole, role: MirrorClientRole): MirrorClient {
    const key = `${side} ${kind} ${role}`;
    let client = this.#open.get(key);
    if (!client) {
      const options = this.#options(side, kind, role);
      client = { kafka: this.#create(options, this.#log), options };
      this.#open.set(key, client);
    }
    return client;
  }

  #options(side: Side, kind: ClientRole, role: MirrorClientRole): ClientOptions {
    try {
      return parseClientProperties(mirrorClientProperties(this.#config, side, kind, role), kind, this.#log);
    } catch (error) {
      // The client's own sentence names keys without the prefix that they were given with.
      throw new ConfigError(`${side}.cluster.*, ${kind}.* or ${side}.${kind}.*: ${messageOf(error)}`, { cause: error });
    }
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map(({ kafka }) => kafka.close()));
  }
}
