/** About one topic: how whole it is, its partitions, who writes and reads it. */
import { formatBytes, formatCount, formatRate, plural } from '../../src/base/format.ts';
import { Memo } from '../../src/base/memo.ts';
import type { TopicRow } from '../../src/cluster/cluster-model.ts';
import { partitionHealth } from '../../src/cluster/partition-health.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { usersOf } from '../../src/store/users.ts';
import { fact, section } from '../parts/facts.ts';
import { type Line, type Span, span } from '../parts/line.ts';
import { isrWord } from '../topics/index.ts';

const SHOWN = 100;

/** How a topic is, beside its name. */
export function topicWord({ cluster }: ConsoleData, name: string): Span {
  const row = cluster?.topics.find((one) => one.info.name === name);
  return row ? isrWord(row) : span(cluster ? 'there is no such topic' : '', 'dim');
}

const made = new Memo<Line[]>();

export function describeTopic(row: TopicRow, data: ConsoleData): Line[] {
  return made.get([data.cluster, data.connect, row], () => makeLines(row, data));
}

function makeLines(row: TopicRow, data: ConsoleData): Line[] {
  const { info } = row;
  const partitions = info.partitions.slice(0, SHOWN).map((one): Line => {
    const health = partitionHealth(one, row.minIsr);
    return fact(`p${one.partition}`, [
      span(`leader ${one.leader < 0 ? 'none' : one.leader}  replicas ${one.replicas.join(',')}  `, 'dim'),
      span(`ISR ${one.isr.join(',') || 'none'}`, health === 'ok' ? 'dim' : health === 'under' ? 'warn' : 'fail'),
    ]);
  });
  const more = info.partitions.length - partitions.length;
  return [
    [span('topic ', 'dim'), span(info.name, 'accent'), span('  '), isrWord(row)],
    fact('id', info.topicId),
    fact('partitions', `${info.partitions.length}, ${plural(row.replicationFactor, 'replica')} each${info.isInternal ? ', internal' : ''}`),
    fact('min.insync', row.minIsr === null ? '?' : String(row.minIsr)),
    fact('records', `${formatRate(row.recordsPerSec)}/s  end ${formatCount(row.endOffset)}`),
    fact('size', formatBytes(row.sizeBytes)),
    ...section(
      'who uses it',
      usersOf(data, { topic: info.name }).map((one) => fact(one.relation, [span(`${one.kind} ${one.name}  `), span(one.note, 'dim')])),
    ),
    ...section('partitions', more > 0 ? [...partitions, fact('', `and ${more} more`, 'dim')] : partitions),
  ];
}
