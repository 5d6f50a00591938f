/** The forecast for what the console knows of a cluster, made once for each answer of it. */
import type { ClusterData } from './cluster-model.ts';
import { eligibleIn, type Forecast, forecast } from './what-if.ts';

let last: { readonly topics: ClusterData['topics']; readonly eligible: unknown; readonly key: string; readonly forecast: Forecast } | null =
  null;

export function forecastLoss(cluster: ClusterData, lost: readonly number[]): Forecast {
  const key = `${lost.join(' ')}/${cluster.brokers.flatMap(({ id, isUp }) => (isUp ? [id] : [])).join(' ')}/${cluster.quorum?.voters.map(({ id }) => id).join(' ')}`;
  const { topics, details } = cluster;
  const eligible = details.eligible.value;
  if (last?.topics === topics && last.eligible === eligible && last.key === key) return last.forecast;
  const rules = new Map(topics.map((row) => [row.info.name, row.rules]));
  const made = forecast({
    topics: topics.map((row) => row.info),
    alive: new Set(cluster.brokers.flatMap(({ id, isUp }) => (isUp ? [id] : []))),
    lost: new Set(lost),
    terms: (topic) => rules.get(topic) ?? null,
    eligible: eligibleIn(eligible ?? []),
    voters: cluster.quorum?.voters.map(({ id }) => id) ?? [],
  });
  last = { topics, eligible, key, forecast: made };
  return made;
}
