/** `kconsole brokers what-if ID…`: exit code 1 when a partition could not be written to then. */
import { formatRanges, listInWords, plural } from '../../base/format.ts';
import { TopicRulesCache } from '../../cluster/topic-rules.ts';
import { eligibleIn, FATES, type Forecast, forecast } from '../../cluster/what-if.ts';
import type { Admin } from '../../kafka/contract.ts';
import { type Answer, EXIT, UsageError } from './context.ts';
import { formatTable } from './table.ts';

export async function whatIf(admin: Admin, words: readonly string[], nowMs: number): Promise<Answer> {
  const { brokers } = await admin.cluster();
  const alive = new Set(brokers.map(({ id }) => id));
  const named = words.flatMap((word) => word.split(','));
  const unknown = named.filter((word) => !alive.has(Number(word)));
  if (unknown.length > 0) throw new UsageError(`There is no broker ${unknown.join(', ')}; there are ${[...alive].join(', ')}.`);
  const topics = await admin.topics();
  const rules = new TopicRulesCache(admin);
  // What may not be asked is not known: the answer says so.
  const [, eligible, voters] = await Promise.all([
    rules
      .refresh(
        topics.map(({ name }) => name),
        nowMs,
      )
      .catch(() => undefined),
    admin.eligibleReplicas().catch(() => []),
    admin.quorum().then(
      (quorum) => quorum.voters.map(({ id }) => id),
      () => [],
    ),
  ]);
  const told = forecast({
    topics,
    alive,
    lost: new Set(named.map(Number)),
    voters,
    terms: (topic) => rules.get(topic),
    eligible: eligibleIn(eligible),
  });
  return {
    table: `${headOf(told).join('\n')}\n\n${tableOf(told)}`,
    json: { ...told, newLeaders: Object.fromEntries(told.newLeaders) },
    exit: told.counts.writable === told.partitions ? EXIT.healthy : EXIT.failed,
  };
}

function headOf({ lost, partitions, counts, quorum, unknownTerms }: Forecast): string[] {
  const words = { offline: 'offline', unclean: 'need an unclean election', 'read-only': 'read only', writable: 'stay writable' };
  const parts = FATES.toReversed().flatMap((fate) => (counts[fate] > 0 || fate === 'writable' ? [`${counts[fate]} ${words[fate]}`] : []));
  return [
    `what if ${listInWords(lost)} ${lost.length === 1 ? 'is' : 'are'} lost: ${plural(partitions, 'partition')}: ${parts.join(', ')}`,
    ...(quorum === null
      ? []
      : [`metadata quorum ${quorum.left} of ${quorum.of}: ${quorum.hasMajority ? 'goes on' : 'no majority, nobody elects leaders'}`]),
    ...(unknownTerms > 0 ? [`min.insync.replicas of ${plural(unknownTerms, 'topic')} is not known: taken as 1`] : []),
  ];
}

function tableOf({ topics }: Forecast): string {
  return formatTable(
    topics,
    [
      { title: 'THEN', cell: (row) => row.fate },
      { title: 'TOPIC', cell: (row) => row.topic },
      { title: 'PARTITIONS', cell: (row) => formatRanges(row.partitions) },
      { title: 'MIN ISR', align: 'right', cell: (row) => row.minIsr },
      { title: 'UNCLEAN ELECTION', cell: (row) => (row.isUncleanAllowed ? 'on' : 'off') },
    ],
    'every partition stays writable',
  );
}
