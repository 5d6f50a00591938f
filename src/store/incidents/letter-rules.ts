/** Records that could not be processed: put aside, skipped, or lost. */
import { formatCount, formatRate, plural } from '../../base/format.ts';
import type { ConnectorRow } from '../connect-model.ts';
import { type Facts, type Finding, type Rule, rule } from './rule.ts';
import { topicTrouble } from './topic-rules.ts';
import type { Counted } from './trends.ts';

function find({ connect, trends }: Facts, what: Counted, causeOf: (grown: number, row: ConnectorRow) => string): Finding[] {
  return (connect?.connectors ?? []).flatMap((row) => {
    const grown = trends.grown(row.name, what);
    if (grown <= 0) return [];
    const { queue } = row.recordErrors;
    const explainedBy = queue === null ? [] : topicTrouble(queue);
    return [{ subject: row.name, what: row.name, cause: causeOf(grown, row), target: { connector: row.name }, explainedBy }];
  });
}

export const LETTER_RULES: readonly Rule[] = [
  rule({
    id: 'letters-lost',
    state: 'LOST',
    severity: 1,
    key: 'l',
    about: 'The dead-letter queue did not take them: these records are in neither place.',
    find: (facts) =>
      find(
        facts,
        'refused',
        (grown, row) => `${plural(grown, 'dead letter')} not taken by ${row.recordErrors.queue ?? 'its queue'} in 5 min`,
      ),
  }),
  rule({
    id: 'letters-queue',
    state: 'LETTERS',
    severity: 3,
    key: 'b',
    about: 'Records that cannot be processed go to the dead-letter queue instead of where they belong. b reads them with their reasons.',
    find: (facts) =>
      find(facts, 'letters', (grown, { recordErrors: { perSec, everWritten, deadLetters, queue } }) => {
        const rate = perSec ? ` · ${formatRate(perSec)}/s` : '';
        return `${plural(grown, 'dead letter')} in 5 min${rate} · ${formatCount(everWritten ?? deadLetters)} in ${queue}`;
      }),
  }),
  rule({
    id: 'letters-skipped',
    state: 'SKIPPED',
    severity: 3,
    key: 'l',
    about: 'With errors.tolerance=all and no dead-letter queue, what cannot be processed is passed over and kept nowhere.',
    find: (facts) => find(facts, 'skipped', (grown) => `${plural(grown, 'record')} passed over in 5 min, kept nowhere`),
  }),
];
