/** A forecast in three lines: the quorum, how many partitions come to what, who leads then. */
import { groupDigits, listInWords, plural } from '../../src/base/format.ts';
import type { Forecast } from '../../src/cluster/what-if.ts';
import { type Line, type Span, span } from '../parts/line.ts';

/** `88 read only`; what does not happen is not named. */
function countSpans(count: number, words: string, token: Span['token']): Span[] {
  return count === 0 ? [] : [span('  '), span(groupDigits(count), token), span(` ${words}`)];
}

/** Also below the brokers while some are marked. */
export function forecastLines(told: Forecast): Line[] {
  const { counts, quorum, lost, newLeaders } = told;
  const moves = [...newLeaders].sort(([a], [b]) => a - b);
  const who: Line = [span(`  what if ${listInWords(lost)} ${lost.length === 1 ? 'is' : 'are'} lost`, 'accent')];
  const voters = quorum && `quorum ${quorum.left} of ${quorum.of}`;
  const majority = quorum?.hasMajority ? span(`   ${voters}: goes on`, 'dim') : span(`   ✖ ${voters}: nobody elects leaders`, 'fail');
  const lines: Line[] = [
    quorum === null ? who : [...who, majority],
    [
      span(`  ${plural(told.partitions, 'partition')}:`, 'dim'),
      span('  '),
      span(groupDigits(counts.writable), counts.writable === told.partitions ? 'ok' : 'text'),
      span(' stay writable'),
      ...countSpans(counts['read-only'], 'read only', 'warn'),
      ...countSpans(counts.offline, 'offline', 'fail'),
      ...countSpans(counts.unclean, 'need an unclean election', 'fail'),
    ],
  ];
  if (moves.length > 0)
    lines.push([span('  new leaders: ', 'dim'), span(moves.map(([id, count]) => `${groupDigits(count)} on ${id}`).join(', '))]);
  if (told.unknownTerms > 0) lines.push([span(`  min.insync of ${plural(told.unknownTerms, 'topic')} is not known: taken as 1`, 'warn')]);
  return lines;
}
