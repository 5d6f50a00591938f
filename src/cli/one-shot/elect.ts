/** `kconsole topics elect TOPIC… | --all [--unclean]`: exit code 1 when a partition was refused. */
import { ConnectError } from '../../base/errors.ts';
import type { Admin, TopicInfo } from '../../kafka/contract.ts';
import { byPartition } from '../../kafka/partition-key.ts';
import { type Answer, confirm, EXIT, type OneShotDeps, type SharedFlags, UsageError } from './context.ts';
import { formatTable } from './table.ts';

export interface ElectFlags extends SharedFlags {
  readonly all?: boolean;
  readonly unclean?: boolean;
}

export async function elect(admin: Admin, names: readonly string[], flags: ElectFlags, deps: OneShotDeps): Promise<Answer> {
  if (flags.all ? names.length > 0 : names.length === 0) throw new UsageError('Name topics, or give --all without names.');
  if (flags.unclean && names.length !== 1) throw new UsageError('An unclean election loses records: name one topic.');
  const topics = names.length === 0 ? [] : await admin.topics(names);
  const missing = topics.find(({ error }) => error !== null);
  if (missing) throw new ConnectError(`Topic ${missing.name}: ${missing.error}.`);
  const places = topics.flatMap((topic) => placesOf(topic, flags.unclean ?? false));
  if (flags.unclean) {
    if (places.length === 0) throw new ConnectError(`Every partition of ${names[0]} has a leader: nothing was done.`);
    const what = `elect a leader that lacks records for ${places.length} partition(s) of ${names[0]}; what it lacks is lost for good`;
    await confirm(deps, flags, what, names[0]!);
  }
  const outcomes = await admin.electLeaders(flags.unclean ? 'unclean' : 'preferred', flags.all ? null : places);
  const rows = outcomes.toSorted(byPartition);
  const table = formatTable(
    rows,
    [
      { title: 'TOPIC', cell: (row) => row.topic },
      { title: 'PARTITION', align: 'right', cell: (row) => row.partition },
      { title: 'RESULT', cell: (row) => (row.error === null ? 'elected' : row.error) },
    ],
    'no partition needed another leader',
  );
  const isRefused = rows.some(({ error }) => error !== null && error !== 'ELECTION_NOT_NEEDED');
  return { table, json: rows, exit: isRefused ? EXIT.failed : EXIT.healthy };
}

function placesOf({ name, partitions }: TopicInfo, isUnclean: boolean) {
  return partitions
    .filter(({ leader, replicas }) => (isUnclean ? leader < 0 : leader !== replicas[0]))
    .map(({ partition }) => ({ topic: name, partition }));
}
