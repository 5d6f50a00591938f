import { expect, test } from 'vitest';
import { EventLoopLag } from '../../../src/base/event-loop-lag.ts';
import { parsePrometheusText } from '../../../src/control/prometheus-text.ts';
import type { MetricSample } from '../../../src/herder/model.ts';
import { formatMetrics } from '../../../src/rest/metrics-text.ts';

const hostile = 'a"b\\c\nd{}=, 한글';
const SAMPLES: readonly MetricSample[] = [
  { group: 'connect-worker-metrics', tags: {}, name: 'task-count', value: 3 },
  { group: 'source-task-metrics', tags: { connector: hostile, task: '0' }, name: 'source-record-poll-total', value: 12345678901 },
  { group: 'source-task-metrics', tags: { connector: 'b', task: '1' }, name: 'source-record-poll-total', value: 0 },
  { group: 'connector-task-metrics', tags: { connector: 'b', task: '1' }, name: 'batch-size-avg', value: Number.NaN },
  { group: 'connector-task-metrics', tags: { connector: 'b', task: '1' }, name: 'status', value: 'running' },
  { group: 'connect-metrics', tags: { 'client-id': 'x-1' }, name: 'outgoing-byte-rate', value: 1.5e-7 },
  { group: 'task-error-metrics', tags: { connector: 'b', task: '1' }, name: 'last-error-timestamp', value: 1_795_549_018_000 },
];

test('every sample comes back as it was, by the documented names', async () => {
  const text = await formatMetrics(SAMPLES);
  expect(text).toContain('kafka_connect_source_task_metrics_source_record_poll_total{connector="b",task="1"} 0');
  expect(text).toContain('# TYPE kafka_connect_source_task_metrics_source_record_poll_total counter');
  expect(text).toContain('kafka_connect_connector_task_metrics_status_info{connector="b",task="1",value="running"} 1');
  expect(parsePrometheusText(text)).toEqual(expect.arrayContaining([...SAMPLES]));
  expect(parsePrometheusText(text)).toHaveLength(SAMPLES.length);
});

test('the process is in it: memory, CPU, event loop', async () => {
  // The first scrape begins to watch the event loop, and has nothing to say of it.
  await formatMetrics([]);
  const text = await formatMetrics([]);
  for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_eventloop_lag_p99_seconds'])
    expect(Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])).toBeGreaterThanOrEqual(0);
});

test('a figure that is not known yet is NaN', async () => {
  const unknown: MetricSample = { group: 'connector-task-metrics', name: 'batch-size-avg', tags: { task: 'a Nan' }, value: Number.NaN };
  expect((await formatMetrics([unknown])).split('\n')).toContain('kafka_connect_connector_task_metrics_batch_size_avg{task="a Nan"} NaN');
});

test('the lag of an event loop is not told as none before it was watched', () => {
  const lag = new EventLoopLag();
  expect(lag.isWatching).toBe(false);
  lag.read();
  expect(lag.isWatching).toBe(true);
});

test('a busy event loop shows as lag', async () => {
  await formatMetrics([]);
  await new Promise((resolve) => setTimeout(resolve, 120));
  const untilMs = performance.now() + 300;
  while (performance.now() < untilMs);
  await new Promise((resolve) => setTimeout(resolve, 120));
  const text = await formatMetrics([]);
  const maxSeconds = Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1]);
  expect(maxSeconds).toBeGreaterThan(0.1);
  expect(maxSeconds).toBeLessThan(5);
});

test('lines that are not ours or are broken are passed over', () => {
  expect(
    parsePrometheusText('up 1\n# HELP x\nkafka_connect_x_metrics_y{a="b 1\nkafka_connect_x_metrics_y nope\nkafka_connect_x_metrics_z{} 2'),
  ).toEqual([{ group: 'x-metrics', tags: {}, name: 'z', value: 2 }]);
});
