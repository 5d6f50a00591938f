/**
 * Which settings of a topic are copied, and how. Source: org.apache.kafka.connect.mirror.MirrorSourceConnector.targetConfig, incrementalAlterConfigs,
 * DefaultConfigPropertyFilter.
 */
import type { ConfigChange, ConfigEntry } from '../../../../kafka/contract.ts';
import { patternOf } from '../shared/topic-filter.ts';
import type { MirrorSourceConf } from './spec.ts';

export interface ConfigFilter {
  isCopied(name: string): boolean;
  /** The source's default is written down at the target. */
  readonly areDefaultsCopied: boolean;
}

/** Throws ConfigError for an expression that cannot be run. */
export function configFilterOf(conf: Pick<MirrorSourceConf, 'config.properties.exclude' | 'use.defaults.from'>): ConfigFilter {
  const exclude = patternOf('config.properties.exclude', conf['config.properties.exclude']);
  return { isCopied: (name) => !(exclude?.test(name) ?? false), areDefaultsCopied: conf['use.defaults.from'] === 'source' };
}

/** Settings of a topic that is made: what differs from Kafka's defaults, and with `areDefaultsCopied` those as well. */
export function configsOfNewTopic(entries: readonly ConfigEntry[], filter: ConfigFilter): Record<string, string> {
  const configs: Record<string, string> = {};
  for (const entry of entries) {
    if (!isMovable(entry, filter) || entry.value === null) continue;
    if (entry.source !== 'default' || filter.areDefaultsCopied) configs[entry.name] = entry.value;
  }
  return configs;
}

/** Changes that make the copy's settings those of the source. What a broker's own file says at the source is left as it is at the target. */
export function configChanges(entries: readonly ConfigEntry[], filter: ConfigFilter): Record<string, ConfigChange> {
  const changes: Record<string, ConfigChange> = {};
  for (const entry of entries) {
    if (!isMovable(entry, filter)) continue;
    changes[entry.name] = entry.source === 'default' && !filter.areDefaultsCopied ? null : entry.value;
  }
  return changes;
}

function isMovable({ name, source, isReadOnly, isSensitive }: ConfigEntry, filter: ConfigFilter): boolean {
  return !isReadOnly && !isSensitive && source !== 'static' && filter.isCopied(name);
}
