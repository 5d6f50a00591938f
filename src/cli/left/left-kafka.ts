/** The Kafka client of a console that attaches to a worker left on this host: with the settings of the worker's own file. */
import { logFor } from '../../base/log.ts';
import { parseClientProperties } from '../../kafka/client-properties.ts';
import type { Kafka } from '../../kafka/contract.ts';
import { createKafka } from '../../kafka/kafka.ts';
import { configProviders } from '../../plugins/config-providers/index.ts';
import { readPropertiesFile } from '../../spec/properties-file.ts';
import { createConfigResolver } from '../../worker/config-resolver.ts';
import { workerAdminProperties } from '../../worker/plugin-clients.ts';
import type { Registration } from './registration.ts';

/** Throws ConfigError when its file is gone or broken by now, or refers to a config provider of a package. */
export async function openLeftKafka(worker: Registration, defaults: Readonly<Record<string, string>>): Promise<Kafka> {
  const log = logFor('kconsole.cli');
  const own = worker.workerFile === null ? {} : await resolved(readPropertiesFile(worker.workerFile));
  const properties = { ...defaults, ...workerAdminProperties(own), 'bootstrap.servers': worker.bootstrapServers, 'client.id': 'kconsole' };
  return createKafka(parseClientProperties(properties, 'admin', log), log);
}

async function resolved(properties: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const resolver = createConfigResolver(properties, configProviders, logFor('kconsole.cli'));
  try {
    await resolver.open();
    return (await resolver.resolve(properties)).config;
  } finally {
    await resolver.close();
  }
}
