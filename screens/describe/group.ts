/** About one group: its state, its lag, who its members are and what they read. */
import { formatCount, plural } from '../../src/base/format.ts';
import type { GroupRow } from '../../src/cluster/cluster-model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { usersOf } from '../../src/store/users.ts';
import { lagTimeSpan } from '../groups/lag.ts';
import { fact, section } from '../parts/facts.ts';
import { type Line, span } from '../parts/line.ts';
import { trendText } from '../parts/state.ts';

export function describeGroup(row: GroupRow, data: ConsoleData): Line[] {
  const byMember = Map.groupBy(row.partitions, (one) => one.member ?? '');
  return [
    [span('group ', 'dim'), span(row.groupId, 'accent'), span(`  ${row.state}`)],
    fact('type', row.type),
    ...(row.error === null ? [] : [fact('error', row.error, 'fail')]),
    fact('members', row.memberCount === null ? '?' : String(row.memberCount)),
    fact('coordinator', row.coordinator === null ? '?' : `broker ${row.coordinator}`),
    fact('lag time', lagTimeSpan(row.lag, row.lagMs, row.isLagMsWhole)),
    fact('lag', `${row.lag === null ? '?' : `${row.isLagWhole ? '' : '≥ '}${formatCount(row.lag)}`}${trendText(row)}`),
    ...section(
      'what it is about',
      usersOf(data, { group: row.groupId }).map((one) => fact(one.relation, [span(`${one.kind} ${one.name}  `), span(one.note, 'dim')])),
    ),
    ...[...byMember].flatMap(([member, partitions]) =>
      section(
        member === '' ? 'read by nobody now' : `member ${member}`,
        partitions.map((one) =>
          fact(
            `${one.topic} p${one.partition}`,
            `at ${one.committed ?? 'no commit'} of ${one.end ?? '?'}  lag ${one.lag === null ? '?' : formatCount(one.lag)}`,
          ),
        ),
      ),
    ),
    ...(row.partitions.length === 0 ? [[], [span(`  ${plural(0, 'committed offset')}`, 'dim')]] : []),
  ];
}
