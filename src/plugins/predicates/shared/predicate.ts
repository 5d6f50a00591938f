/** A predicate of Apache Kafka by its simple name. `create` throws ConfigError for settings that cannot be. */
import { KAFKA_VERSION } from '../../../plugin-api/kafka-version.ts';
import type { Config, Predicate, PredicatePlugin } from '../../../plugin-api/plugin.ts';
import type { ConfigDef } from '../../../spec/config-def.ts';

export function predicate(name: string, spec: ConfigDef, create: (config: Config) => Predicate): PredicatePlugin {
  return { kind: 'predicate', className: `org.apache.kafka.connect.transforms.predicates.${name}`, version: KAFKA_VERSION, spec, create };
}
