/** `kconsole redrive CONNECTOR`: dead letters go back to the topics they came from. What was written before is told by the action log. */
import type { Command } from 'commander';
import { ConnectError } from '../../base/errors.ts';
import { formatBytes } from '../../base/format.ts';
import { logFor } from '../../base/log.ts';
import { readQueue } from '../../cluster/queue-reader.ts';
import { recordBytes } from '../../cluster/record-ring.ts';
import { type RedriveResult, redrive } from '../../cluster/redrive.ts';
import { placeOf, type QueuedRecord, type RedrivePlan } from '../../cluster/redrive-plan.ts';
import type { FetchedRecord, Kafka } from '../../kafka/contract.ts';
import { ActionLog, defaultActionLogFile } from '../../store/action-log.ts';
import { queueOf } from '../../store/connect-model.ts';
import { DEAD_LETTERS } from '../../store/record-look.ts';
import { recordFilter } from '../../store/record-query/record-filter.ts';
import { headerConverterWarning, readRedriveFacts } from '../../store/redrive-facts.ts';
import { REDRIVE_ACTION, redriveRequest } from '../../store/redrive-history.ts';
import {
  type Answer,
  confirm,
  EXIT,
  type OneShotDeps,
  runOnBoth,
  type SharedFlags,
  UsageError,
  withBothOptions,
  yesOption,
} from './context.ts';
import { formatTable } from './table.ts';

interface RedriveFlags {
  readonly dryRun?: boolean;
  readonly max?: string;
  readonly limitRedrives?: string;
  readonly filter?: string;
  readonly topic?: string;
}

const DEFAULT_MAX = 1_000;

export function registerRedrive(program: Command, deps: OneShotDeps): void {
  withBothOptions(program.command('redrive <connector>'))
    .description('write the dead letters of a sink back to the topics they came from')
    .option('--dry-run', 'say what would be written, write nothing')
    .option('--max <n>', `at most so many, the oldest first (default: ${DEFAULT_MAX})`)
    .option('--limit-redrives <n>', 'leave out what was redriven so many times before (default: 1)')
    .option('--filter <text>', 'only those that pass: as after / in the console, e.g. reason:DataException')
    .option('--topic <name>', 'where those go that do not tell where they came from')
    .addOption(yesOption())
    .action((connector: string, own: RedriveFlags, command: Command) =>
      runOnBoth(command, deps, ({ herder, kafka }, flags) => run({ connector, own, herder, kafka, deps, flags })),
    );
}

interface Run {
  readonly connector: string;
  readonly own: RedriveFlags;
  readonly herder: Parameters<Parameters<typeof runOnBoth>[2]>[0]['herder'];
  readonly kafka: Kafka;
  readonly deps: OneShotDeps;
  readonly flags: SharedFlags;
}

async function run({ connector, own, herder, kafka, deps, flags }: Run): Promise<Answer> {
  const [max, limit] = [count('--max', own.max, DEFAULT_MAX), count('--limit-redrives', own.limitRedrives, 1)];
  const [{ config, type }, activeTopics] = await Promise.all([
    herder.connectorInfo(connector),
    herder.activeTopics(connector).catch(() => []),
  ]);
  const queue = queueOf(type, config);
  if (queue === null)
    throw new ConnectError(`${connector} has no dead-letter queue: errors.deadletterqueue.topic.name is not set (sinks only).`);
  const records = await collect(kafka, queue, own.filter ?? '', max);
  const actions = new ActionLog({ file: defaultActionLogFile(), context: 'redrive', onProblem: (text) => deps.err(`kconsole: ${text}\n`) });
  const facts = await readRedriveFacts(kafka, { connector, queue, config, activeTopics, records }, actions.records);
  const plan = await facts.plan({ limit, fallbackTopic: own.topic ?? null });
  if (own.dryRun || plan.sends.length === 0) return answer(plan, null);
  const warning = headerConverterWarning(config);
  if (!flags.yes && deps.isInteractive) deps.err(`${planTable(plan)}${warning === null ? '' : `${warning}\n`}`);
  await confirm(
    deps,
    flags,
    `write ${plan.sends.length} dead letters of ${connector} to ${plan.targets.map((one) => one.topic).join(', ')}`,
    connector,
  );
  const startedMs = deps.clock.monoMs();
  const result = await redrive({ kafka, plan, log: logFor('kconsole.redrive').for({ connector }), onProgress: () => undefined });
  const isOk = result.failed.length === 0;
  actions.add(
    {
      action: REDRIVE_ACTION,
      target: connector,
      request: redriveRequest(facts.clusterId, queue, result.written),
      before: null,
      result: isOk ? 'ok' : 'failed',
      detail: `${result.written.length} written, ${result.failed.length} failed`,
      durationMs: Math.round(deps.clock.monoMs() - startedMs),
    },
    deps.clock.wallMs(),
  );
  return answer(plan, result);
}

/** The oldest `max` records of the queue that pass the filter. */
async function collect(kafka: Kafka, queue: string, filterText: string, max: number): Promise<QueuedRecord[]> {
  const filter = recordFilter(filterText, DEAD_LETTERS, Date.now());
  if (filter.problem !== null) throw new UsageError(`--filter ${filterText}: ${filter.problem.text} (column ${filter.problem.column + 1})`);
  const records: QueuedRecord[] = [];
  await readQueue(kafka, queue, (record) => {
    const owned = ownBytes(record);
    if (filter.test({ ...owned, sizeBytes: recordBytes(owned), problem: null })) records.push(owned);
    return records.length < max;
  });
  return records;
}

function ownBytes({ topic, partition, offset, timestampMs, key, value, headers }: FetchedRecord): QueuedRecord {
  return {
    topic,
    partition,
    offset,
    timestampMs,
    key: key && Buffer.from(key),
    value: value && Buffer.from(value),
    headers: headers?.map((header) => ({ key: header.key, value: header.value && Buffer.from(header.value) })) ?? null,
  };
}

function count(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < 1) throw new UsageError(`${flag} ${text}: give a whole number, 1 or more.`);
  return value;
}

/** Exit code 1 when a record could not be written. */
function answer(plan: RedrivePlan, result: RedriveResult | null): Answer {
  const failed = (result?.failed ?? []).map(({ record, error }) => ({ place: placeOf(record.place), topic: record.topic, error }));
  const done = result === null ? 'nothing was written' : `${result.written.length} written, ${failed.length} failed`;
  const failures = failed.map(({ place, topic, error }) => `${place} → ${topic}: ${error}\n`).join('');
  return {
    table: `${planTable(plan)}${done}\n${failures}`,
    json: {
      connector: plan.connector,
      queue: plan.queue,
      planned: plan.targets,
      leftOut: plan.leftOut,
      written: result?.written.length ?? 0,
      failed,
    },
    exit: failed.length === 0 ? EXIT.healthy : EXIT.failed,
  };
}

function planTable({ targets, leftOut }: RedrivePlan): string {
  const rows = [
    ...targets.map(({ topic, records, sizeBytes }) => ({ records, what: `→ ${topic}`, size: formatBytes(sizeBytes) })),
    ...leftOut.map(({ why, records }) => ({ records, what: `left out: ${why}`, size: '' })),
  ];
  return formatTable(
    rows,
    [
      { title: 'RECORDS', align: 'right', cell: (row) => row.records },
      { title: 'WHAT', cell: (row) => row.what },
      { title: 'BYTES', align: 'right', cell: (row) => row.size },
    ],
    'there are no dead letters',
  );
}
