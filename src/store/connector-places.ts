/** Where connectors read and write: made once for each config, not for each look at it. */
import type { Watch } from '../cluster/cluster-model.ts';
import type { ConnectorOverview } from '../herder/model.ts';
import { groupOf, queueOf, splitList } from './connect-model.ts';

export interface Places extends Watch {
  /** What they were made of. */
  readonly of: ConnectorOverview;
  readonly active: readonly string[];
}

export class ConnectorPlaces {
  readonly #known = new Map<string, Places>();

  /** `active`: topics that it was seen to use. */
  of(overview: ConnectorOverview, active: readonly string[]): Places {
    const { name, type } = overview.status;
    const known = this.#known.get(name);
    if (known && known.of.info === overview.info && known.of.status.type === type && known.active === active) return known;
    const places = toPlaces(overview, active);
    this.#known.set(name, places);
    return places;
  }

  retain(isKnown: (name: string) => boolean): void {
    for (const name of this.#known.keys()) if (!isKnown(name)) this.#known.delete(name);
  }
}

/** Topics as they were really used, and as they are configured. */
function toPlaces(of: ConnectorOverview, active: readonly string[]): Places {
  const { name, type } = of.status;
  const { config } = of.info;
  return {
    of,
    active,
    connector: name,
    groupId: groupOf(name, type, config),
    topics: [...new Set([...active, ...splitList(config.topics), ...splitList(config.topic)])].sort(),
    isByPattern: (config['topics.regex'] ?? '') !== '',
    queue: queueOf(type, config),
    readsFromStart: config['consumer.override.auto.offset.reset'] !== 'latest',
  };
}
