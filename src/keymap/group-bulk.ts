/** Questions before something is done to many groups: which method for all of them, a dry run of each, then the typed number. */
import { groupDigits, plural } from '../base/format.ts';
import type { GroupRow } from '../cluster/cluster-model.ts';
import { line, type MenuItem, menuDialog, noticeDialog, textDialog } from '../store/dialog.ts';
import { deleteGroupsJob, planResets, resetGroupsJob, resetText, type SharedReset, sumsOf } from '../store/group-bulk.ts';
import { parseTime } from '../store/offset-plan.ts';
import { gateBulk } from './bulk-gate.ts';
import type { CommandContext } from './command.ts';

/** Marked or named groups; none: the one under the cursor is meant. */
export function groupsOf({ targets }: CommandContext): readonly string[] {
  return [...new Set(targets.flatMap(({ group }) => (group === undefined ? [] : [group])))];
}

export function groupRow({ session }: CommandContext, groupId: string): GroupRow | null {
  return session.cluster?.data.groups?.find((row) => row.groupId === groupId) ?? null;
}

export function deleteGroups(context: CommandContext, groupIds: readonly string[]): void {
  gateBulk(context, {
    job: deleteGroupsJob(context.operations, groupIds),
    describe: ({ id }) => groupText(groupRow(context, id)),
    more: [
      line('Where they have read to is forgotten: who joins again begins anew.'),
      line('There is no undo. The offsets are written to the action log.', 'warn'),
    ],
  });
}

function groupText(row: GroupRow | null): string {
  if (row === null) return '';
  const lag = row.lag === null ? 'lag not known' : `${row.isLagWhole ? '' : 'at least '}${groupDigits(row.lag)} records wait`;
  return `${row.type}, ${row.state}, ${lag}${row.memberCount ? ` · ${plural(row.memberCount, 'member')}: Kafka will refuse` : ''}`;
}

export function resetGroups(context: CommandContext, groupIds: readonly string[]): void {
  const { session } = context;
  const title = `offsets of ${plural(groupIds.length, 'group')}`;
  const item = (key: string, label: string, detail: string, run: () => void): MenuItem => ({ key, label, detail, isDisabled: false, run });
  const preview = (how: SharedReset) => void previewResets(context, title, groupIds, how);
  session.openDialog(
    menuDialog({
      title,
      lines: [line('One method for all of them: a dry run first, then the typed number.', 'dim')],
      items: [
        item('e', 'earliest', 'the first record there is', () => preview({ method: 'earliest' })),
        item('l', 'latest', 'the end: skip what waits', () => preview({ method: 'latest' })),
        item('t', 'time', 'the first record at or after a time', () => askValue(context, title, 'time', preview)),
        item('s', 'shift', 'so many records back or ahead', () => askValue(context, title, 'shift', preview)),
        item('d', 'tombstone', 'remove the committed offsets', () => preview({ method: 'tombstone' })),
      ],
    }),
  );
}

const VALUES = {
  time: 'like 2026-11-23 11:00, 11:00, -30m, -2h, -1d (local time)',
  shift: 'records, like -500 or +10; stays within what there is',
} as const;

/** Asked again until it can be read. */
function askValue(
  context: CommandContext,
  title: string,
  method: 'time' | 'shift',
  onValue: (how: SharedReset) => void,
  complaint: string | null = null,
): void {
  const { session } = context;
  session.openDialog(
    textDialog({
      title,
      lines: [line(VALUES[method], 'dim')],
      label: `${method}:`,
      verb: 'preview',
      complaint,
      onText: (text) => {
        const how = resetOf(method, text, session.clock.wallMs());
        if (how) onValue(how);
        else askValue(context, title, method, onValue, `"${text}" is not understood`);
      },
    }),
  );
}

function resetOf(method: 'time' | 'shift', text: string, nowMs: number): SharedReset | null {
  if (method === 'shift') return /^[+-]?\d{1,19}$/.test(text) ? { method, by: text } : null;
  const timestampMs = parseTime(text, nowMs);
  return timestampMs === null ? null : { method, timestampMs };
}

/** Asks Kafka what would become of each, then the operator. Somebody may close it while it is worked out: then nothing is asked. */
async function previewResets(context: CommandContext, title: string, groupIds: readonly string[], how: SharedReset): Promise<void> {
  const { session, operations } = context;
  const admin = session.cluster?.admin;
  if (!admin) return;
  const waiting = noticeDialog(title, [line('working out what would become of each …', 'dim')]);
  session.openDialog(waiting);
  const resets = await planResets(admin, groupIds, how, (groupId) => groupRow(context, groupId)?.partitions ?? []);
  if (session.ui.dialog !== waiting) return;
  if (resets.every(({ refusal }) => refusal !== null)) {
    session.setDialog(
      noticeDialog(title, [line('None of them can be changed.', 'warn'), ...resets.map((one) => line(`${one.groupId}: ${one.refusal}`))]),
    );
    return;
  }
  const { rereads, skips } = sumsOf(resets);
  session.setDialog(null);
  gateBulk(context, {
    job: resetGroupsJob(session, operations, how, resets),
    describe: ({ id }) => resetText(resets.find(({ groupId }) => groupId === id)!),
    more: [
      line(`together re-reads ≈ ${groupDigits(rereads)} records`),
      ...(skips > 0n ? [line(`${groupDigits(skips)} records will never be delivered`, 'fail')] : []),
      line('the offsets before are kept as saved points: z puts them back', 'dim'),
    ],
  });
}
