/** What a look at a connector tells of how much it has moved. */
import type { ProgressFacts } from '../cluster/cluster-model.ts';
import type { ConnectorStateInfo } from '../herder/model.ts';
import type { ConnectorHistory } from './connector-history.ts';
import type { ConnectorMetrics } from './connector-metrics.ts';

/** `null`: not told. */
export interface Told {
  readonly metrics: ConnectorMetrics | null;
  readonly facts: ProgressFacts | null;
}

/** The worker's own counters are exact and at once; Kafka's offsets do where it does not count all that runs. */
export function trackProgress(history: ConnectorHistory, { type, tasks }: ConnectorStateInfo, told: Told, nowMs: number): void {
  const { metrics } = told;
  const news = told.facts !== null && history.isNews(told.facts.atMs) ? told.facts : null;
  trackLetters(history, metrics, news, nowMs);
  if (news?.lag) history.addLag(news.lag, news.atMs);
  const recordsOf = (id: number) => metrics?.tasks.get(id)?.records ?? null;
  if (metrics !== null && tasks.every(({ id, state }) => state !== 'RUNNING' || recordsOf(id) !== null)) {
    let total = 0;
    for (const { id } of tasks) {
      const records = recordsOf(id);
      if (records === null) continue;
      history.taskTrack(id).add(nowMs, records);
      total += records;
    }
    history.track('counters', 0).add(nowMs, total);
  } else if (news !== null) {
    // A sink has moved what it has committed; a source what lies in its topics.
    const value = type === 'sink' ? news.committed : news.end;
    if (value !== null) history.track(type === 'sink' ? 'commits' : 'ends', value.known).add(news.atMs, Number(value.value));
  }
}

function trackLetters(history: ConnectorHistory, metrics: ConnectorMetrics | null, news: ProgressFacts | null, nowMs: number): void {
  let [counted, letters] = [0, 0];
  for (const { deadLetters } of metrics?.tasks.values() ?? []) {
    if (deadLetters === null) continue;
    counted++;
    letters += deadLetters;
  }
  if (counted > 0) history.deadLetterTrack('metrics', counted).add(nowMs, letters);
  else if (news?.queueEnd) history.deadLetterTrack('topic', news.queueEnd.known).add(news.atMs, Number(news.queueEnd.value));
}
