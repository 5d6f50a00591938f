/** What the first pane shows when nothing is wrong: one calm page of figures. */
import { formatAge, formatBytes, formatCount, formatRate, plural } from '../../src/base/format.ts';
import type { ConnectorRow } from '../../src/store/connect-model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { type Line, span } from '../parts/line.ts';
import { sparkText } from '../parts/state.ts';
import { lastedText } from './incident-rows.ts';

const LABEL = 14;
const SHOWN_OVER = 4;
const label = (text: string) => span(`   ${text.padEnd(LABEL)}`, 'dim');

export function quietPage(data: ConsoleData): Line[] {
  const { context } = data;
  if (!context.hasConnect && !context.hasKafka) return nothingConfigured();
  const waiting = waitingLines(data);
  if (waiting.length > 0) return [[], ...waiting];
  return [
    [],
    [span('   ● ', 'ok'), span('all is well')],
    [],
    ...connectLines(data),
    ...kafkaLines(data),
    ...overLines(data),
    [],
    ...wayOn(data),
  ];
}

/** What was wrong until a moment ago. */
function overLines({ resolvedIncidents, nowMs }: ConsoleData): Line[] {
  if (resolvedIncidents.length === 0) return [];
  const shown = resolvedIncidents
    .slice(0, SHOWN_OVER)
    .map(
      (one): Line => [
        span('   ✓ ', 'dim'),
        span(`${one.what} ${one.state}  ${lastedText(one)}, ${formatAge(nowMs - one.endedAtMs)} ago`, 'dim'),
      ],
    );
  const more = resolvedIncidents.length - shown.length;
  return [[], ...shown, ...(more > 0 ? [[span(`     and ${more} more`, 'dim')]] : [])];
}

function nothingConfigured(): Line[] {
  return [
    [],
    [span('   Neither a Kafka cluster nor a Connect worker is given.')],
    [],
    [span('   kconsole -b HOST:9092', 'accent'), span('                    look at a cluster', 'dim')],
    [span('   kconsole --attach http://HOST:8083', 'accent'), span('       look at a Connect cluster', 'dim')],
    [span('   kconsole standalone worker.properties …', 'accent'), span('  run a worker under this console', 'dim')],
    [span('   kconsole demo', 'accent'), span('                            a local Kafka with pipelines', 'dim')],
  ];
}

function waitingLines({ context, connect, cluster }: ConsoleData): Line[] {
  const out: Line[] = [];
  if (context.hasKafka && (!cluster || cluster.reach.lastOkMs === null))
    out.push([span('   ○ ', 'dim'), span('connecting to Kafka …', 'dim')]);
  if (context.hasConnect && (!connect || connect.reach.lastOkMs === null))
    out.push([span('   ○ ', 'dim'), span('connecting to the Connect worker …', 'dim')]);
  return out;
}

function connectLines({ connect }: ConsoleData): Line[] {
  if (!connect) return [];
  const { connectors } = connect;
  const count = (state: string) => connectors.filter((row) => row.health === state).length;
  const states = (['RUNNING', 'PAUSED', 'STOPPED', 'RESTARTING'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${state.toLowerCase()}`);
  const tasks = connectors.reduce((all, row) => all + row.tasks.length, 0);
  return [
    [
      label('connectors'),
      span(connectors.length === 0 ? 'none' : `${states.join(' · ')}`),
      span(connect.workers.length === 0 ? '' : `   ${plural(tasks, 'task')} on ${plural(connect.workers.length, 'worker')}`, 'dim'),
    ],
    ...flowLine('read', connectors, 'source'),
    ...flowLine('written', connectors, 'sink'),
    ...(connect.server ? [[label('worker'), span(`Kafka Connect ${connect.server.version}`, 'dim')]] : []),
  ];
}

function flowLine(word: string, connectors: readonly ConnectorRow[], type: string): Line[] {
  const rows = connectors.filter((row) => row.type === type);
  if (rows.length === 0) return [];
  const known = rows.filter((row) => row.recordsPerSec !== null);
  const rate = known.length === 0 ? null : known.reduce((all, row) => all + (row.recordsPerSec ?? 0), 0);
  const length = Math.max(0, ...rows.map((row) => row.spark.length));
  const points = Array.from({ length }, (_, i) => rows.reduce((all, row) => all + (row.spark[row.spark.length - length + i] ?? 0), 0));
  // What was stopped or paused is meant to wait.
  const lags = rows.flatMap((row) => (row.state !== 'RUNNING' || row.lagRecords === null ? [] : [row.lagRecords]));
  const lag = type === 'sink' && lags.length > 0 ? `   lag ${formatCount(lags.reduce((all, one) => all + one, 0n))}` : '';
  return [[label(word), span(`${formatRate(rate).padStart(9)} rec/s `), span(sparkText(points, 30), 'accent'), span(lag, 'text')]];
}

function kafkaLines({ cluster }: ConsoleData): Line[] {
  if (!cluster?.info) return [];
  const partitions = cluster.topics.reduce((all, topic) => all + topic.info.partitions.length, 0);
  const size = cluster.brokers.reduce(
    (all: bigint | null, broker) => (broker.sizeBytes === null ? all : (all ?? 0n) + broker.sizeBytes),
    null,
  );
  const fullest = Math.max(-1, ...cluster.brokers.map((broker) => broker.usedShare ?? -1));
  return [
    [
      label('brokers'),
      span(`${cluster.brokers.length} of ${cluster.brokers.length}`),
      span(
        `   controller ${cluster.info.controllerId ?? '?'}${cluster.quorum ? ` · quorum ${cluster.quorum.voters.map((voter) => voter.id).join(' ')}` : ''}`,
        'dim',
      ),
    ],
    [
      label('topics'),
      span(`${plural(cluster.topics.length, 'topic')} · ${plural(partitions, 'partition')}`),
      span('   every replica in sync', 'dim'),
    ],
    ...(size === null
      ? []
      : [[label('disk'), span(formatBytes(size)), span(fullest >= 0 ? `   fullest ${Math.round(fullest * 100)} % used` : '', 'dim')]]),
  ];
}

function wayOn({ context }: ConsoleData): Line[] {
  const keys: Line = [
    ...(context.hasConnect ? [span('   1 ', 'key'), span('connectors', 'dim')] : []),
    ...(context.hasKafka
      ? [
          span('   2 ', 'key'),
          span('topics', 'dim'),
          span('   3 ', 'key'),
          span('groups', 'dim'),
          span('   4 ', 'key'),
          span('brokers', 'dim'),
        ]
      : []),
    span('   ? ', 'key'),
    span('help', 'dim'),
  ];
  return [keys];
}
