/** `kconsole topics …`: exit code 1 when a partition has no leader or misses replicas. */
import type { Command } from 'commander';
import { ConnectError } from '../../base/errors.ts';
import type { Admin, PartitionInfo, TopicInfo } from '../../kafka/contract.ts';
import { type Answer, EXIT, type OneShotDeps, runOnKafka, withKafkaOptions, yesOption } from './context.ts';
import { type ElectFlags, elect } from './elect.ts';
import { formatFacts, formatTable } from './table.ts';

export function registerTopics(program: Command, deps: OneShotDeps): void {
  const topics = program.command('topics').description('topics: list, describe, elect');
  withKafkaOptions(topics.command('list', { isDefault: true }))
    .description('all topics with their health')
    .action((_, command: Command) => runOnKafka(command, deps, async (kafka) => listAnswer(await kafka.admin().topics())));
  withKafkaOptions(topics.command('describe <topic>').alias('show'))
    .description('partitions with leader, replicas and offsets, and settings that differ from the default')
    .action((topic: string, _, command: Command) => runOnKafka(command, deps, (kafka) => describe(kafka.admin(), topic)));
  withKafkaOptions(topics.command('elect [topic...]'))
    .description('give partitions back to their preferred leaders; --unclean: a leader where none is left, with loss')
    .option('--all', 'all topics of the cluster')
    .option('--unclean', "a replica that lacks records leads; the topic's name is asked for")
    .addOption(yesOption())
    .action((names: string[], _, command: Command) =>
      runOnKafka(command, deps, (kafka, flags: ElectFlags) => elect(kafka.admin(), names, flags, deps)),
    );
}

const isOffline = (partition: PartitionInfo) => partition.leader < 0;
const isUnderReplicated = (partition: PartitionInfo) => partition.isr.length < partition.replicas.length;

function exitOfTopics(topics: readonly TopicInfo[]): Answer['exit'] {
  const isSick = topics.some((topic) => topic.error !== null || topic.partitions.some((at) => isOffline(at) || isUnderReplicated(at)));
  return isSick ? EXIT.failed : EXIT.healthy;
}

function listAnswer(topics: readonly TopicInfo[]): Answer {
  const rows = topics.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const table = formatTable(
    rows,
    [
      { title: 'TOPIC', cell: (row) => row.name },
      { title: 'PARTITIONS', align: 'right', cell: (row) => row.partitions.length },
      { title: 'REPLICAS', align: 'right', cell: (row) => row.partitions[0]?.replicas.length ?? 0 },
      { title: 'UNDER-REPLICATED', align: 'right', cell: (row) => row.partitions.filter(isUnderReplicated).length },
      { title: 'OFFLINE', align: 'right', cell: (row) => row.partitions.filter(isOffline).length },
      { title: 'NOTE', cell: (row) => row.error ?? (row.isInternal ? 'internal' : '') },
    ],
    'no topics',
  );
  return { table, json: rows, exit: exitOfTopics(rows) };
}

async function describe(admin: Admin, name: string): Promise<Answer> {
  const topic = (await admin.topics([name]))[0];
  if (!topic || topic.error === 'UNKNOWN_TOPIC_OR_PARTITION') {
    throw new ConnectError(`There is no topic ${name}. \`kconsole topics\` lists those that this user may see.`);
  }
  if (topic.error !== null) throw new ConnectError(`Topic ${name}: ${topic.error}.`);
  const places = topic.partitions.map(({ partition }) => ({ topic: name, partition }));
  const [starts, ends, configs] = await Promise.all([
    admin.listOffsets(places, 'earliest'),
    admin.listOffsets(places, 'latest'),
    admin.describeConfigs({ type: 'topic', name }),
  ]);
  const offsetIn = (rows: typeof starts, partition: number) => rows.find((row) => row.partition === partition)?.offset ?? null;
  const rows = topic.partitions.map((at) => ({ ...at, start: offsetIn(starts, at.partition), end: offsetIn(ends, at.partition) }));
  const own = configs.filter((entry) => entry.source === 'topic');
  const table = formatTable(
    rows,
    [
      { title: 'PARTITION', align: 'right', cell: (row) => row.partition },
      { title: 'LEADER', align: 'right', cell: (row) => (isOffline(row) ? 'none' : row.leader) },
      { title: 'REPLICAS', cell: (row) => row.replicas.join(',') },
      { title: 'ISR', cell: (row) => row.isr.join(',') },
      { title: 'START', align: 'right', cell: (row) => row.start },
      { title: 'END', align: 'right', cell: (row) => row.end },
      { title: 'NOTE', cell: (row) => row.error ?? (isUnderReplicated(row) ? 'under-replicated' : '') },
    ],
    'no partitions',
  );
  const settings = own.length === 0 ? '' : `\n${formatFacts(own.map((entry) => [entry.name, entry.value]))}`;
  return { table: table + settings, json: { ...topic, partitions: rows, configs: own }, exit: exitOfTopics([topic]) };
}
