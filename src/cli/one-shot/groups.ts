/** `kconsole groups …` */
import type { Command } from 'commander';
import { ConnectError } from '../../base/errors.ts';
import { plural } from '../../base/format.ts';
import { fetchOffsets, fetchStarts, lagRows } from '../../cluster/progress.ts';
import type { Admin, GroupDescription } from '../../kafka/contract.ts';
import { partitionKey } from '../../kafka/partition-key.ts';
import { fetchGroup, fetchOffsetsOfGroup } from '../../store/group-offsets.ts';
import { type Answer, confirm, EXIT, type OneShotDeps, runOnKafka, withKafkaOptions, yesOption } from './context.ts';
import { registerGroupReset } from './group-reset.ts';
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
  const groups = program.command('groups').description('groups of every type: list, describe, reset, delete');
  withKafkaOptions(groups.command('list', { isDefault: true }))
    .description('all groups with their state')
    .action((_, command: Command) => runOnKafka(command, deps, (kafka) => list(kafka.admin())));
  withKafkaOptions(groups.command('describe <group>').alias('show'))
    .description('members, committed offsets and lag')
    .action((group: string, _, command: Command) => runOnKafka(command, deps, (kafka) => describe(kafka.admin(), group)));
  registerGroupReset(groups, deps);
  withKafkaOptions(groups.command('delete <group>'))
    .description('delete a group that nobody is in; what it has read is forgotten')
    .addOption(yesOption())
    .action((group: string, _, command: Command) =>
      runOnKafka(command, deps, async (kafka, flags) => {
        await confirm(deps, flags, `delete group ${group}`, group);
        await kafka.admin().deleteGroups([group]);
        return { table: `group ${group} deleted\n`, json: { group, deleted: true }, exit: EXIT.healthy };
      }),
    );
  withKafkaOptions(groups.command('delete-offsets <group> <topic>'))
    .description('delete the offsets of one topic; the group begins there anew')
    .addOption(yesOption())
    .action((group: string, topic: string, _, command: Command) =>
      runOnKafka(command, deps, async (kafka, flags) => {
        await confirm(deps, flags, `delete the offsets of ${topic} in group ${group}`, topic);
        return deleteOffsets(kafka.admin(), group, topic);
      }),
    );
}

async function deleteOffsets(admin: Admin, groupId: string, topic: string): Promise<Answer> {
  const { groupType } = await fetchGroup(admin, groupId);
  const before = (await offsetsOf(admin, groupId, groupType)).filter((one) => one.topic === topic);
  if (before.length === 0) throw new ConnectError(`Group ${groupId} has no offsets of ${topic}.`);
  if (groupType === 'share') await admin.deleteShareGroupOffsets(groupId, [topic]);
  else await admin.deleteGroupOffsets(groupId, before);
  const json = { group: groupId, topic, before };
  return { table: `${plural(before.length, 'offset')} of ${topic} deleted in group ${groupId}\n`, json, exit: EXIT.healthy };
}

async function offsetsOf(admin: Admin, groupId: string, groupType: string) {
  const answer = await fetchOffsetsOfGroup(admin, groupId, groupType === 'share');
  if (answer?.error) throw new ConnectError(`Offsets of group ${groupId}: ${answer.error}.`);
  return answer?.offsets ?? [];
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
    ['type', group.groupType],
    ['state', group.state],
    ...(group.epoch === null ? [] : ([['epoch', group.epoch]] as const)),
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
  const members = group.members.map(({ rawAssignment: _, rawMetadata: __, ...member }) => member);
  return { table: `${facts}\n${table}`, json: { ...group, members, partitions: lags }, exit: EXIT.healthy };
}

/** Partitions that were assigned and never committed count from their first record; of a share group nobody knows. */
async function lagsOf(admin: Admin, group: GroupDescription): Promise<LagRow[]> {
  const offsets = await offsetsOf(admin, group.groupId, group.groupType);
  const assigned = group.members.flatMap((member) => member.assignment);
  const places = [...new Map([...offsets, ...assigned].map((at) => [partitionKey(at), at])).values()];
  const [ends, starts] = await Promise.all([
    fetchOffsets(admin, places, 'latest'),
    group.groupType === 'share' ? new Map<string, bigint>() : fetchStarts(admin, [{ assigned, offsets }]),
  ]);
  const members = new Map(group.members.flatMap((member) => member.assignment.map((at) => [partitionKey(at), member.clientId] as const)));
  return lagRows({ offsets, assigned, ends, starts, members }).map(({ lag, ...row }) => ({ ...row, lagRecords: lag }));
}
