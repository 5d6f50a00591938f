/** Status and info of every connector, by one call where the herder offers that, else connector by connector. */
import { NotFoundError } from '../base/errors.ts';
import type { Herder } from '../herder/herder.ts';
import type { ConnectorOverview } from '../herder/model.ts';

/** Connectors that vanish meanwhile are left out; sorted by name. */
export async function fetchOverview(herder: Herder): Promise<ReadonlyMap<string, ConnectorOverview>> {
  const entries = herder.overview ? Object.entries(await herder.overview()) : await eachOf(herder);
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

async function eachOf(herder: Herder): Promise<[string, ConnectorOverview][]> {
  const names = await herder.connectors();
  const found = await Promise.all(
    names.map(async (name): Promise<[string, ConnectorOverview] | null> => {
      try {
        const [status, info] = await Promise.all([herder.connectorStatus(name), herder.connectorInfo(name)]);
        return [name, { status, info }];
      } catch (error) {
        if (error instanceof NotFoundError) return null;
        throw error;
      }
    }),
  );
  return found.filter((entry) => entry !== null);
}
