/**
 * Connect's metrics in Prometheus' names and back. `group` `source-task-metrics`, `name` `source-record-poll-total` and the tags
 * `connector`, `task` become `kafka_connect_source_task_metrics_source_record_poll_total{connector="…",task="…"}`.
 * Words (`status`, class names, versions) become `…_info{…,value="running"} 1`. Every group of Connect ends in `-metrics`, which is
 * where the name is split on the way back.
 */
const PREFIX = 'kafka_connect_';
const INFO_SUFFIX = '_info';

export function toPrometheusName(group: string, name: string, isWord: boolean): string {
  return `${PREFIX}${group}_${name}`.replace(/[^A-Za-z0-9_]/g, '_') + (isWord ? INFO_SUFFIX : '');
}

export function toPrometheusLabel(tag: string): string {
  return tag.replace(/[^A-Za-z0-9_]/g, '_');
}

/** `null` when the name is none of Connect's. */
export function parsePrometheusName(text: string): { group: string; name: string; isWord: boolean } | null {
  const match = /^kafka_connect_(.+?_metrics)_(.+)$/.exec(text);
  if (!match) return null;
  const isWord = match[2]!.endsWith(INFO_SUFFIX);
  const name = isWord ? match[2]!.slice(0, -INFO_SUFFIX.length) : match[2]!;
  return { group: match[1]!.replaceAll('_', '-'), name: name.replaceAll('_', '-'), isWord };
}

export function parsePrometheusLabel(label: string): string {
  return label.replaceAll('_', '-');
}
