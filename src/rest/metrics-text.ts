/**
 * Connect's metrics and those of the process in Prometheus' text. The naming scheme is that of `src/herder/metric-names.ts`; what ends in
 * `-total` is a counter, the rest are gauges. A value that does not exist yet is NaN there, as in JMX.
 */
import { Counter, Gauge, Registry } from 'prom-client';
import { EventLoopLag } from '../base/event-loop-lag.ts';
import { toPrometheusLabel, toPrometheusName } from '../herder/metric-names.ts';
import type { MetricSample } from '../herder/model.ts';

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const loopLag = new EventLoopLag();

export async function formatMetrics(samples: readonly MetricSample[]): Promise<string> {
  const registry = new Registry();
  addProcessMetrics(registry);
  for (const [name, group] of groupByName(samples)) addMetric(registry, name, group);
  // prom-client writes «Nan», which not every reader takes.
  return (await registry.metrics()).replaceAll(/ Nan$/gm, ' NaN');
}

function groupByName(samples: readonly MetricSample[]): Map<string, MetricSample[]> {
  const groups = new Map<string, MetricSample[]>();
  for (const sample of samples) {
    const name = toPrometheusName(sample.group, sample.name, typeof sample.value === 'string');
    const group = groups.get(name);
    if (group) group.push(sample);
    else groups.set(name, [sample]);
  }
  return groups;
}

function addMetric(registry: Registry, name: string, samples: readonly MetricSample[]): void {
  const [first] = samples;
  const help = `${first?.name} of Kafka Connect's ${first?.group}`;
  const labelNames = [
    ...new Set(
      samples.flatMap((sample) => [
        ...Object.keys(sample.tags).map(toPrometheusLabel),
        ...(typeof sample.value === 'string' ? ['value'] : []),
      ]),
    ),
  ];
  const options = { name, help, labelNames, registers: [registry] };
  if (name.endsWith('_total')) {
    const counter = new Counter(options);
    for (const sample of samples) if (typeof sample.value === 'number' && sample.value >= 0) counter.inc(labelsOf(sample), sample.value);
    return;
  }
  const gauge = new Gauge(options);
  for (const sample of samples) gauge.set(labelsOf(sample), typeof sample.value === 'number' ? sample.value : 1);
}

function labelsOf(sample: MetricSample): Record<string, string> {
  const labels = Object.entries(sample.tags).map(([tag, value]) => [toPrometheusLabel(tag), value]);
  if (typeof sample.value === 'string') labels.push(['value', sample.value]);
  return Object.fromEntries(labels);
}

function addProcessMetrics(registry: Registry): void {
  const gauge = (name: string, help: string, value: number) => new Gauge({ name, help, registers: [registry] }).set(value);
  const cpu = process.cpuUsage();
  new Counter({ name: 'process_cpu_seconds_total', help: 'CPU time of the process, user and system.', registers: [registry] }).inc(
    (cpu.user + cpu.system) / 1e6,
  );
  const memory = process.memoryUsage();
  gauge('process_resident_memory_bytes', 'Memory of the process in RAM.', memory.rss);
  gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use (main thread).', memory.heapUsed);
  gauge('nodejs_external_memory_bytes', 'Buffers and other memory outside the JavaScript heap.', memory.external);
  gauge('process_start_time_seconds', 'Start of the process, seconds since the epoch.', Math.round(Date.now() / 1000 - process.uptime()));
  addEventLoopLag(gauge);
}

/** Since the scrape before this one; NaN in the first. */
function addEventLoopLag(gauge: (name: string, help: string, value: number) => void): void {
  const isKnown = loopLag.isWatching;
  const { meanMs, p99Ms, maxMs } = loopLag.read();
  const seconds = (ms: number) => (isKnown ? ms / 1_000 : Number.NaN);
  gauge('nodejs_eventloop_lag_mean_seconds', 'Mean delay of the main event loop since the last scrape.', seconds(meanMs));
  gauge('nodejs_eventloop_lag_p99_seconds', '99th percentile of that delay.', seconds(p99Ms));
  gauge('nodejs_eventloop_lag_max_seconds', 'Longest such delay.', seconds(maxMs));
}
