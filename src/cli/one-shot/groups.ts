/** `kconsole groups …` */
import type { Command } from 'commander';
import { ConnectError } from '../../base/errors.ts';
import type { Admin, GroupDescription } from '../../kafka/contract.ts';
import { type Answer, EXIT, type OneShotDeps, runOnKafka, withKafkaOptions } from './context.ts';
import { formatFacts, formatTable } from './table.ts';

interface LagRow {
  readonly topic: string;
  readonly partition: number;
  readonly committed: bigint | null;
  readonly end: bigint | null;
  readonly lagRecords: bigint | null;
  readonly member: string | null;
}

export function registerGroups(program: Command, deps: OneShotDeps): void {
  const groups = program.command('groups').description('consumer groups: list, describe');
  withKafkaOptions(groups.command('list', { isDefault: true }))
    .description('all groups with their state')
    .action((_, command: Command) => runOnKafka(command, deps, (kafka) => list(kafka.admin())));
  withKafkaOptions(groups.command('describe <group>').alias('show'))
    .description('members, committed offsets and lag')
    .action((group: string, _, command: Command) => runOnKafka(command, deps, (kafka) => describe(kafka.admin(), group)));
}

async function list(admin: Admin): Promise<Answer> {
  const rows = (await admin.groups()).toSorted((a, b) => (a.groupId < b.groupId ? -1 : 1));
  const table = formatTable(
    rows,
    [
      { title: 'GROUP', cell: (row) => row.groupId },
      { title: 'TYPE', cell: (row) => row.groupType },
      { title: 'PROTOCOL', cell: (row) => row.protocolType },
      { title: 'STATE', cell: (row) => row.state },
    ],
    'no groups',
  );
  return { table, json: rows, exit: EXIT.healthy };
}

async function describe(admin: Admin, groupId: string): Promise<Answer> {
  const [group] = await admin.describeGroups([groupId]);
  if (!group || group.error === 'GROUP_ID_NOT_FOUND') {
    throw new ConnectError(`There is no group ${groupId}. \`kconsole groups\` lists those that this user may see.`);
  }
  if (group.error !== null) throw new ConnectError(`Group ${groupId}: ${group.error}.`);
  const lags = await lagsOf(admin, group);
  const facts = formatFacts([
    ['group', groupId],
    ['state', group.state],
    ['protocol', `${group.protocolType} ${group.protocol}`.trim()],
    ['coordinator', group.coordinator],
    ['members', group.members.length],
    ['lag', lags.reduce((sum, row) => sum + (row.lagRecords ?? 0n), 0n)],
  ]);
  const table = formatTable(
    lags,
    [
      { title: 'TOPIC', cell: (row) => row.topic },
      { title: 'PARTITION', align: 'right', cell: (row) => row.partition },
      { title: 'COMMITTED', align: 'right', cell: (row) => row.committed },
      { title: 'END', align: 'right', cell: (row) => row.end },
      { title: 'LAG', align: 'right', cell: (row) => row.lagRecords },
      { title: 'CLIENT', cell: (row) => row.member ?? '' },
    ],
    'no partitions',
  );
  const members = group.members.map(({ memberId, clientId, host, assignment }) => ({ memberId, clientId, host, assignment }));
  return { table: `${facts}\n${table}`, json: { ...group, members, partitions: lags }, exit: EXIT.healthy };
}

async function lagsOf(admin: Admin, group: GroupDescription): Promise<LagRow[]> {
  const committed = await admin.groupOffsets(group.groupId);
  const owners = new Map(
    group.members.flatMap((member) => member.assignment.map((at) => [`${at.topic} ${at.partition}`, member.clientId])),
  );
  const offsets = new Map(committed.map((at) => [`${at.topic} ${at.partition}`, at.offset]));
  const places = [
    ...new Map(
      [...committed, ...group.members.flatMap((member) => member.assignment)].map((at) => [`${at.topic} ${at.partition}`, at]),
    ).values(),
  ];
  const ends =
    places.length === 0
      ? []
      : await admin.listOffsets(
          places.map(({ topic, partition }) => ({ topic, partition })),
          'latest',
        );
  const endOf = new Map(ends.map((at) => [`${at.topic} ${at.partition}`, at.offset]));
  return places
    .map(({ topic, partition }): LagRow => {
      const key = `${topic} ${partition}`;
      const at = offsets.get(key) ?? null;
      const end = endOf.get(key) ?? null;
      const lagRecords = at === null || end === null ? null : end > at ? end - at : 0n;
      return { topic, partition, committed: at, end, lagRecords, member: owners.get(key) ?? null };
    })
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
}
