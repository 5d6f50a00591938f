/**
 * An incident as text for those who were not there: what is wrong and since when, on which versions, with which configurations, what
 * the traces say, how the replicas stand, and what was done. Markdown; secrets hidden; a pure function of the facts.
 */
import { formatAge, formatCount, formatTimestamp, plural } from '../../base/format.ts';
import { maskText } from '../../base/mask.ts';
import { kconsoleVersion } from '../../base/version.ts';
import type { ClusterData } from '../../cluster/cluster-model.ts';
import type { ActionRecord } from '../action-log.ts';
import type { Since } from '../connect-model.ts';
import { causeLine, innermostCause, parseTrace } from '../trace.ts';
import type { ReportConnector, ReportFacts } from './facts.ts';
import { fenced, inline, table } from './markdown.ts';

const MOST_INCIDENTS = 100;
const MOST_PARTITIONS = 40;
const TRACE_FRAMES = 6;

export function incidentReport(facts: ReportFacts): string {
  const sections = [
    header(facts),
    wrongNow(facts),
    facts.resolved.length > 0 ? over(facts) : [],
    versions(facts),
    facts.cluster ? clusterSection(facts.cluster) : [],
    ...facts.connectors.map((one) => connectorSection(one, facts.nowMs)),
    facts.leftOut > 0 ? ['', `${plural(facts.leftOut, 'more connector')} concerned, not written out here.`] : [],
    actionsSection(facts.actions),
  ];
  return `${sections.flat().join('\n')}\n`;
}

function header({ context, nowMs, by }: ReportFacts): string[] {
  return [
    `# Incident report: ${inline(context)}`,
    '',
    `Written ${utc(nowMs)} by ${inline(by)} with kconsole ${kconsoleVersion}. All times are UTC.`,
  ];
}

function wrongNow({ incidents, acknowledged, nowMs, connect, cluster }: ReportFacts): string[] {
  const old = [
    ...(connect?.reach.error
      ? [`Connect cannot be reached: ${inline(maskText(connect.reach.error))}. What is said of connectors may be old.`]
      : []),
    ...(cluster?.reach.error
      ? [`Kafka cannot be reached: ${inline(maskText(cluster.reach.error))}. What is said of topics and brokers may be old.`]
      : []),
  ];
  const rows = incidents
    .slice(0, MOST_INCIDENTS)
    .map((one) => [
      sinceText(one.since, nowMs),
      `${one.partOf === null ? '' : '↳ '}${one.what}${acknowledged.has(one.id) ? ' (acknowledged)' : ''}`,
      one.state,
      maskText(one.cause) +
        (one.lossAtMs === null ? '' : ` · records are lost ${one.lossAtMs <= nowMs ? 'now' : `in ${formatAge(one.lossAtMs - nowMs)}`}`),
    ]);
  const more = incidents.length - rows.length;
  return [
    '',
    '## Wrong now',
    '',
    ...old.flatMap((text) => [text, '']),
    ...(rows.length === 0 ? ['Nothing that kconsole knows of.'] : table(['since', 'what', 'state', 'cause'], rows)),
    ...(more > 0 ? ['', `… and ${more} more.`] : []),
  ];
}

function over({ resolved, nowMs }: ReportFacts): string[] {
  const rows = resolved.map((one) => [sinceText(one.since, nowMs), utc(one.endedAtMs), one.what, one.state, maskText(one.cause)]);
  return ['', '## Over by now', '', ...table(['since', 'until', 'what', 'state', 'cause'], rows)];
}

function versions({ connect, cluster, features }: ReportFacts): string[] {
  const server = connect?.server;
  const level = features?.finalized.find((one) => one.name === 'metadata.version')?.level;
  const rows = [
    ['kconsole', kconsoleVersion],
    ...(connect ? [['Connect worker', server ? `${server.version}, commit ${server.commit}` : 'not known']] : []),
    ...(cluster ? [['Kafka', level === undefined ? 'not known' : `metadata.version level ${level}`]] : []),
    ...(cluster?.info || server ? [['Kafka cluster id', cluster?.info?.clusterId ?? server?.kafka_cluster_id ?? 'not known']] : []),
    ['Node.js', process.version],
  ];
  return ['', '## Versions', '', ...table(['part', 'version'], rows)];
}

function clusterSection({ brokers, info, isr, topics, quorum }: ClusterData): string[] {
  const up = brokers.filter((one) => one.isUp).length;
  const down = brokers.filter((one) => !one.isUp).map((one) => one.id);
  const lacking = topics.flatMap(({ info: topic, minIsr }) =>
    topic.partitions
      .filter((one) => one.isr.length < one.replicas.length)
      .map((one) => [
        `${topic.name} p${one.partition}`,
        one.leader < 0 ? 'none' : String(one.leader),
        one.replicas.join(','),
        one.isr.join(',') || 'none',
        minIsr === null ? '?' : String(minIsr),
      ]),
  );
  const controller = info?.controllerId ?? null;
  return [
    '',
    '## Kafka',
    '',
    `- brokers: ${up} of ${brokers.length} up${down.length > 0 ? `; down: ${down.join(', ')}` : ''}`,
    `- controller: ${controller === null ? 'not known' : controller < 0 ? 'none' : controller}${quorum ? `; quorum leader ${quorum.leaderId}, epoch ${quorum.leaderEpoch}` : ''}`,
    `- partitions: ${isr.offline} offline, ${isr.belowMin} below min.insync.replicas, ${isr.under} under-replicated`,
    ...(lacking.length === 0
      ? []
      : ['', ...table(['partition', 'leader', 'replicas', 'in sync', 'min'], lacking.slice(0, MOST_PARTITIONS))]),
    ...(lacking.length > MOST_PARTITIONS ? ['', `… and ${lacking.length - MOST_PARTITIONS} more.`] : []),
  ];
}

function connectorSection({ row, config }: ReportConnector, nowMs: number): string[] {
  const traces = [
    ...(row.trace ? [{ who: 'connector', trace: row.trace }] : []),
    ...row.tasks.flatMap((task) => (task.trace ? [{ who: `task ${task.id}`, trace: task.trace }] : [])),
  ];
  const lag = row.lagRecords === null ? 'not known' : `${row.isLagWhole ? '' : 'at least '}${formatCount(row.lagRecords)}`;
  return [
    '',
    `## Connector ${inline(row.name)}`,
    '',
    `- ${row.type}, ${inline(row.className)}`,
    `- ${row.health} since ${sinceText(row.since, nowMs)}; state ${row.state}${row.workerId ? ` on ${inline(row.workerId)}` : ''}`,
    `- tasks: ${row.tasks.length === 0 ? 'none' : row.tasks.map((task) => `${task.id} ${task.state} on ${inline(task.workerId)}`).join(', ')}`,
    `- restarts in the last hour: ${row.restartsLastHour}; records not yet read: ${lag}`,
    ...(row.topics.length > 0 ? [`- topics: ${row.topics.map(inline).join(', ')}`] : []),
    ...byCause(traces).flatMap(({ who, trace }) => ['', `Root cause (${who.join(', ')}):`, '', ...fenced(shortTrace(trace))]),
    '',
    'Configuration, secrets hidden:',
    '',
    ...fenced(JSON.stringify(config, null, 2), 'json'),
  ];
}

/** Tasks that failed alike are told once. */
function byCause(traces: ReadonlyArray<{ who: string; trace: string }>): Array<{ who: string[]; trace: string }> {
  const found = new Map<string, { who: string[]; trace: string }>();
  for (const { who, trace } of traces) {
    const cause = innermostCause(trace);
    const key = cause ? causeLine(cause) : trace;
    const known = found.get(key);
    if (known) known.who.push(who);
    else found.set(key, { who: [who], trace });
  }
  return [...found.values()];
}

/** What happened first with its place, then what it led to. */
function shortTrace(trace: string): string {
  const causes = parseTrace(trace).toReversed();
  const [first, ...rest] = causes;
  if (!first) return maskText(trace);
  return [
    causeLine(first),
    ...first.frames.slice(0, TRACE_FRAMES).map((one) => `    ${one}`),
    ...rest.map((one) => `led to: ${causeLine(one)}`),
  ].join('\n');
}

function actionsSection(actions: readonly ActionRecord[]): string[] {
  const rows = actions.map((one) => [
    one.time.slice(0, 19).replace('T', ' '),
    one.from === null ? one.user : `${one.user} from ${one.from}`,
    `${one.action}${one.undoOf === null ? '' : ' (undo)'}`,
    one.target,
    `${one.result}${one.response === null ? '' : ` ${one.response}`}`,
    one.detail ?? one.after ?? '',
  ]);
  return [
    '',
    '## Last actions from this console',
    '',
    ...(rows.length === 0
      ? ['None.']
      : table(
          ['time', 'who', 'action', 'target', 'result', 'detail'],
          rows.map((row) => row.map(shortened)),
        )),
  ];
}

function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}

function sinceText({ atMs, isExact }: Since, nowMs: number): string {
  return `${isExact ? '' : 'before '}${utc(atMs)} (${isExact ? '' : '> '}${formatAge(nowMs - atMs)})`;
}

function utc(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? formatTimestamp(ms) : date.toISOString().slice(0, 19).replace('T', ' ');
}
