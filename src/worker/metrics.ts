/** Connect's metrics (reference 11) from what tasks and worker record. Source: ConnectMetricsRegistry. Times in ms, ratios 0 to 1. */

import { messageOf } from '../base/errors.ts';
import type { MetricSample } from '../herder/model.ts';
import type { ErrorCounts } from '../pipeline/error-operator.ts';
import type { TaskFigures } from '../plugin-api/plugin.ts';
import type { SampledStat } from '../task/sampled-stats.ts';
import { SinkTaskMetrics, SourceTaskMetrics, type TaskMetrics } from '../task/task-metrics.ts';
import type { TaskStart } from './protocol.ts';
import type { BuiltTask } from './task-builder.ts';

type Values = Readonly<Record<string, number | string>>;

export function taskSamples(start: TaskStart, built: BuiltTask): MetricSample[] {
  const tags = { connector: start.connector, task: String(start.taskId) };
  const { metrics, errors } = built;
  return [
    ...samples('connector-task-metrics', tags, taskValues(metrics, built)),
    ...samples('task-error-metrics', tags, errorValues(errors.counts)),
    ...(metrics instanceof SourceTaskMetrics
      ? [
          ...samples('source-task-metrics', tags, sourceValues(metrics)),
          ...samples('producer-metrics', tags, { 'outgoing-byte-total': metrics.sentBytes() }),
        ]
      : []),
    ...(metrics instanceof SinkTaskMetrics
      ? [
          ...samples('sink-task-metrics', tags, sinkValues(metrics)),
          ...samples('consumer-fetch-manager-metrics', tags, { 'bytes-consumed-total': metrics.consumedBytes() }),
        ]
      : []),
    ...ownFigures(built.task).flatMap((figures) => figureSamples(figures, tags)),
  ];
}

/** A plugin that cannot tell must not keep the others from telling. */
function ownFigures(task: BuiltTask['task']): readonly TaskFigures[] {
  try {
    return task.figures?.() ?? [];
  } catch (error) {
    return [{ group: 'plugin-metrics', tags: {}, values: { 'figures-error': messageOf(error) } }];
  }
}

function figureSamples({ group, tags, values, details }: TaskFigures, task: Readonly<Record<string, string>>): MetricSample[] {
  const all = { ...tags, ...task };
  return [...samples(group, all, values), ...samples(group, all, details ?? {}).map((sample) => ({ ...sample, isDetail: true as const }))];
}

export function samples(group: string, tags: Readonly<Record<string, string>>, values: Values): MetricSample[] {
  return Object.entries(values).map(([name, value]) => ({ group, tags, name, value }));
}

function taskValues(m: TaskMetrics, built: BuiltTask): Values {
  const now = m.clock.monoMs();
  const { plugin, converters } = built;
  return {
    status: m.phase.state,
    'running-ratio': m.phase.ratio('running', now),
    'pause-ratio': m.phase.ratio('paused', now),
    'offset-commit-max-time-ms': orZero(m.commitTimeMs.max(now)),
    'offset-commit-avg-time-ms': orZero(m.commitTimeMs.avg(now)),
    'offset-commit-success-percentage': orZero(m.commitOutcome.avg(now)),
    'offset-commit-failure-percentage': m.commitOutcome.avg(now) >= 0 ? 1 - m.commitOutcome.avg(now) : 0,
    'batch-size-max': orZero(m.batchSize.max(now)),
    'batch-size-avg': orZero(m.batchSize.avg(now)),
    'connector-class': plugin.className,
    'connector-version': plugin.version,
    'connector-type': plugin.kind,
    'task-class': plugin.taskClass,
    'task-version': plugin.version,
    'key-converter-class': converters.keyClass,
    'value-converter-class': converters.valueClass,
    'header-converter-class': converters.headerClass,
  };
}

function sourceValues(m: SourceTaskMetrics): Values {
  const now = m.clock.monoMs();
  return {
    ...rateAndTotal('source-record-poll', m.polled, now),
    ...rateAndTotal('source-record-write', m.written, now),
    'poll-batch-max-time-ms': orZero(m.pollTimeMs.max(now)),
    'poll-batch-avg-time-ms': orZero(m.pollTimeMs.avg(now)),
    'source-record-active-count': m.activeNow,
    'source-record-active-count-max': orZero(m.active.max(now)),
    'source-record-active-count-avg': orZero(m.active.avg(now)),
    ...(m.transactionSize === null ? {} : transactionValues(m.transactionSize, now)),
  };
}

function transactionValues(size: SampledStat, now: number): Values {
  return {
    'transaction-size-min': orZero(size.min(now)),
    'transaction-size-max': orZero(size.max(now)),
    'transaction-size-avg': orZero(size.avg(now)),
  };
}

function sinkValues(m: SinkTaskMetrics): Values {
  const now = m.clock.monoMs();
  return {
    ...rateAndTotal('sink-record-read', m.read, now),
    ...rateAndTotal('sink-record-send', m.sent, now),
    'partition-count': m.partitionCount,
    'offset-commit-seq-no': m.commitSeqNo,
    ...rateAndTotal('offset-commit-completion', m.commitCompletions, now),
    ...rateAndTotal('offset-commit-skip', m.commitSkips, now),
    'put-batch-max-time-ms': orZero(m.putTimeMs.max(now)),
    'put-batch-avg-time-ms': orZero(m.putTimeMs.avg(now)),
    'sink-record-active-count': m.activeNow,
    'sink-record-active-count-max': orZero(m.active.max(now)),
    'sink-record-active-count-avg': orZero(m.active.avg(now)),
    'sink-record-lag-max': m.lagMax(),
  };
}

function errorValues(c: ErrorCounts): Values {
  return {
    'total-record-failures': c.failures,
    'total-record-errors': c.errors,
    'total-records-skipped': c.skipped,
    'total-retries': c.retries,
    'total-errors-logged': c.logged,
    'deadletterqueue-produce-requests': c.deadLetterRequests,
    'deadletterqueue-produce-failures': c.deadLetterFailures,
    'last-error-timestamp': c.lastErrorMs,
  };
}

function rateAndTotal(name: string, stat: SampledStat, now: number): Values {
  return { [`${name}-rate`]: stat.ratePerSecond(now), [`${name}-total`]: stat.total };
}

function orZero(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
