/** A Kafka client from `-b` and `--command-config`. */
import { logFor } from '../../base/log.ts';
import { parseClientProperties } from '../../kafka/client-properties.ts';
import type { Kafka } from '../../kafka/contract.ts';
import { createKafka } from '../../kafka/kafka.ts';
import { readPropertiesFile } from '../../spec/properties-file.ts';
import { UsageError } from './context.ts';

/** Throws UsageError without an address, ConfigError for a broken file. */
export function openKafkaClient(bootstrap: string | undefined, commandConfig: string | undefined): Kafka {
  const properties = commandConfig === undefined ? {} : readPropertiesFile(commandConfig);
  const servers = bootstrap ?? properties['bootstrap.servers'];
  if (!servers) throw new UsageError('Say which Kafka cluster: -b HOST:PORT[,HOST:PORT].');
  const log = logFor('kconsole.cli');
  return createKafka(parseClientProperties({ 'client.id': 'kconsole', ...properties, 'bootstrap.servers': servers }, 'admin', log), log);
}
