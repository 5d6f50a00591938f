/** Commands on dead letters: opening a connector's queue, and what is done there. */

import { plural } from '../base/format.ts';
import type { TailRecord } from '../cluster/record-ring.ts';
import { queueOf } from '../store/connect-model.ts';
import { DEAD_LETTERS } from '../store/record-look.ts';
import { quoted } from '../store/record-query/query.ts';
import { RedriveWizard } from '../store/redrive-wizard.ts';
import type { Session } from '../store/session.ts';
import { type Command, type CommandContext, command } from './command.ts';
import { needsConnector } from './connector-commands.ts';
import { needsConnect } from './needs.ts';
import { recordInSight } from './record-saves.ts';

/** Records that are read when the queue is opened; b reads all. */
const FIRST_LETTERS = 500;

function openQueue({ session, operations, focus: { connector = '' } }: CommandContext): void {
  const row = operations.row(connector);
  const queue = row && queueOf(row.type, row.config);
  session.open('dlq', { connector, ...(queue ? { topics: [queue] } : {}) }, { tailStart: { last: FIRST_LETTERS } });
}

/** What is looked at: one record, or all that pass the filter. */
function recordsInSight({ view, tail }: Session): TailRecord[] {
  if (view.pane === 'dlq') return tail?.passing(view) ?? [];
  const one = view.target.record === undefined ? null : (tail?.tail.ring.get(view.target.record) ?? null);
  return one === null ? [] : [one];
}

function cannotRedrive(context: CommandContext): string | null {
  const { session, operations } = context;
  const { pane, target } = session.view;
  if (pane !== 'dlq' && pane !== 'dead-letter') return 'open the dead letters first (:dlq NAME): what is seen there is redriven';
  if (operations.isRedriving) return 'a redrive is under way: wait for its end';
  return (
    needsConnector(context) ?? (target.topics === undefined || !session.tail ? `${target.connector} has no dead letters to redrive` : null)
  );
}

function unseenText({ tail }: Session): string | null {
  const { dropped = 0, start = 'end', received = 0 } = tail?.tail.status() ?? {};
  if (dropped > 0) return `${plural(dropped, 'older one')} did not fit into this view: not among them`;
  return start !== 'beginning' && received >= FIRST_LETTERS ? `this view began with the last ${FIRST_LETTERS}: b reads all first` : null;
}

function startRedrive({ session, operations, focus: { connector = '' } }: CommandContext): void {
  const row = operations.row(connector);
  const queue = session.view.target.topics?.[0];
  const records = recordsInSight(session);
  if (!row || queue === undefined || records.length === 0) {
    session.flash('warn', 'there is no dead letter in sight: nothing to redrive');
    return;
  }
  const unseen = session.view.pane === 'dlq' ? unseenText(session) : null;
  const subject = { connector, queue, config: row.config, activeTopics: row.topics, records };
  void new RedriveWizard(session, operations, subject, unseen).open();
}

export const DLQ_COMMANDS: readonly Command[] = [
  command({
    id: 'connector.dlq',
    keys: ['b'],
    title: 'dead letters',
    help: 'Dead letters: what could not be processed, and why.',
    scopes: ['connector'],
    argument: 'connector',
    hint: 27,
    words: ['dlq'],
    disabledReason: needsConnector,
    run: openQueue,
  }),
  command({
    id: 'dlq.redrive',
    keys: ['r'],
    title: 'redrive',
    help: 'Write them back where they came from; dry run first.',
    scopes: ['dlq', 'dead-letter'],
    hint: 22,
    danger: 3,
    isMutating: true,
    words: ['redrive'],
    disabledReason: (context) => needsConnect(context) ?? cannotRedrive(context),
    run: startRedrive,
  }),
  command({
    id: 'dlq.alike',
    keys: ['s'],
    title: 'same reason',
    help: 'Only records with the reason under the cursor.',
    scopes: ['dlq'],
    hint: 23,
    disabledReason: needsConnect,
    run: ({ session }) => {
      const record = recordInSight(session);
      if (record)
        session.updateView({
          filter: `reason = ${quoted(DEAD_LETTERS.column(record, 'reason') ?? '')}`,
          cursorId: null,
          isFollowing: true,
        });
    },
  }),
];
