/** A Kafka client from `-b` and `--command-config`. */
import { logFor } from '../../base/log.ts';
import { parseClientProperties } from '../../kafka/client-properties.ts';
import type { ClientOptions, Kafka } from '../../kafka/contract.ts';
import { createKafka } from '../../kafka/kafka.ts';
import { readPropertiesFile } from '../../spec/properties-file.ts';
import { UsageError } from './context.ts';

const LOGGER = 'kconsole.cli';

/** `defaults` give way to the file. Throws UsageError without an address, ConfigError for a broken file. */
export function openKafkaClient(
  bootstrap: string | undefined,
  commandConfig: string | undefined,
  defaults: Readonly<Record<string, string>> = {},
): Kafka {
  return createKafka(clientOptions(bootstrap, commandConfig, defaults), logFor(LOGGER));
}

/** What the client of `openKafkaClient` is made from. */
export function clientOptions(
  bootstrap: string | undefined,
  commandConfig: string | undefined,
  defaults: Readonly<Record<string, string>> = {},
): ClientOptions {
  const properties = commandConfig === undefined ? {} : readPropertiesFile(commandConfig);
  const servers = bootstrap ?? properties['bootstrap.servers'];
  if (!servers) throw new UsageError('Say which Kafka cluster: -b HOST:PORT[,HOST:PORT].');
  const all = { 'client.id': 'kconsole', ...defaults, ...properties, 'bootstrap.servers': servers };
  return parseClientProperties(all, 'admin', logFor(LOGGER));
}
