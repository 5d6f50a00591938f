/** `kconsole brokers …` */
import type { Command } from 'commander';
import { formatBytes } from '../../base/format.ts';
import type { Admin } from '../../kafka/contract.ts';
import { type Answer, EXIT, type OneShotDeps, runOnKafka, UsageError, withKafkaOptions } from './context.ts';
import { formatFacts, formatTable } from './table.ts';
import { whatIf } from './what-if.ts';

export function registerBrokers(program: Command, deps: OneShotDeps): void {
  const brokers = program.command('brokers').description('brokers: list, describe, what-if');
  withKafkaOptions(brokers.command('list', { isDefault: true }))
    .description('brokers of the cluster')
    .action((_, command: Command) => runOnKafka(command, deps, (kafka) => list(kafka.admin())));
  withKafkaOptions(brokers.command('describe <id>').alias('show'))
    .description('log folders and settings that differ from the default')
    .action((id: string, _, command: Command) => runOnKafka(command, deps, (kafka) => describe(kafka.admin(), id)));
  withKafkaOptions(brokers.command('what-if <ids...>'))
    .description('what becomes of the partitions when these brokers are lost')
    .action((ids: string[], _, command: Command) => runOnKafka(command, deps, (kafka) => whatIf(kafka.admin(), ids, deps.clock.monoMs())));
}

async function list(admin: Admin): Promise<Answer> {
  const cluster = await admin.cluster();
  const table = formatTable(
    cluster.brokers.toSorted((a, b) => a.id - b.id),
    [
      { title: 'BROKER', align: 'right', cell: (row) => row.id },
      { title: 'ADDRESS', cell: (row) => `${row.host}:${row.port}` },
      { title: 'RACK', cell: (row) => row.rack ?? '' },
      { title: 'NOTE', cell: (row) => (row.id === cluster.controllerId ? 'controller' : '') },
    ],
    'no brokers',
  );
  return { table: `${formatFacts([['cluster', cluster.clusterId]])}\n${table}`, json: cluster, exit: EXIT.healthy };
}

async function describe(admin: Admin, text: string): Promise<Answer> {
  const id = Number(text);
  const { brokers } = await admin.cluster();
  const broker = brokers.find((at) => at.id === id);
  if (!broker) throw new UsageError(`There is no broker ${text}; there are ${brokers.map((at) => at.id).join(', ')}.`);
  const [folders, configs] = await Promise.all([admin.logDirs([id]), admin.describeConfigs({ type: 'broker', name: String(id) })]);
  const own = configs.filter((entry) => entry.source !== 'default');
  const sizeOf = (partitions: ReadonlyArray<{ readonly sizeBytes: bigint }>) => partitions.reduce((sum, at) => sum + at.sizeBytes, 0n);
  const table = formatTable(
    folders,
    [
      { title: 'FOLDER', cell: (row) => row.path },
      { title: 'PARTITIONS', align: 'right', cell: (row) => row.partitions.length },
      { title: 'SIZE', align: 'right', cell: (row) => formatBytes(sizeOf(row.partitions)) },
      { title: 'FREE', align: 'right', cell: (row) => formatBytes(row.usableBytes) },
      { title: 'NOTE', cell: (row) => row.error ?? '' },
    ],
    'no log folders',
  );
  const facts = formatFacts([
    ['broker', id],
    ['address', `${broker.host}:${broker.port}`],
    ['rack', broker.rack],
  ]);
  const settings = formatFacts(own.map((entry) => [entry.name, entry.isSensitive ? '[hidden]' : entry.value]));
  const isSick = folders.some((folder) => folder.error !== null);
  return {
    table: `${facts}\n${table}\n${settings}`,
    json: { ...broker, folders, configs: own },
    exit: isSick ? EXIT.failed : EXIT.healthy,
  };
}
