/** A Kafka client from `-b` and `--command-config`. */
import { logFor } from '../../base/log.ts';
import { parseClientProperties } from '../../kafka/client-properties.ts';
import type { Kafka } from '../../kafka/contract.ts';
import { createKafka } from '../../kafka/kafka.ts';
import { readPropertiesFile } from '../../spec/properties-file.ts';
import { UsageError } from './context.ts';

/** `defaults` give way to the file. Throws UsageError without an address, ConfigError for a broken file. */
export function openKafkaClient(
  bootstrap: string | undefined,
  commandConfig: string | undefined,
  defaults: Readonly<Record<string, string>> = {},
): Kafka {
  const properties = commandConfig === undefined ? {} : readPropertiesFile(commandConfig);
  const servers = bootstrap ?? properties['bootstrap.servers'];
  if (!servers) throw new UsageError('Say which Kafka cluster: -b HOST:PORT[,HOST:PORT].');
  const log = logFor('kconsole.cli');
  const all = { 'client.id': 'kconsole', ...defaults, ...properties, 'bootstrap.servers': servers };
  return createKafka(parseClientProperties(all, 'admin', log), log);
}
