/** Commands on a group: other offsets, and its end. */
import { messageOf } from '../base/errors.ts';
import { groupDigits, plural } from '../base/format.ts';
import type { GroupRow } from '../cluster/cluster-model.ts';
import { type DialogLine, line, noticeDialog, paragraph } from '../store/dialog.ts';
import { fetchGroup, groupTarget, whyNotChangeable } from '../store/group-offsets.ts';
import { deleteGroupStep, deleteOffsetsStep } from '../store/group-steps.ts';
import { partitionLabel, sinkPartition } from '../store/offset-plan.ts';
import { targetTitle } from '../store/offset-target.ts';
import { OffsetWizard } from '../store/offset-wizard.ts';
import { type Command, type CommandContext, command } from './command.ts';
import { gate } from './gate.ts';
import { deleteGroups, groupRow, groupsOf, resetGroups } from './group-bulk.ts';
import { needsKafka } from './needs.ts';

function needsGroup(context: CommandContext): string | null {
  return needsKafka(context) ?? (context.focus.group === undefined ? 'put the cursor on a group first, or name it' : null);
}

const needsGroups = (context: CommandContext): string | null => (groupsOf(context).length > 0 ? needsKafka(context) : needsGroup(context));

/** As it is listed; `null` while it is not. */
function rowOf(context: CommandContext): GroupRow | null {
  const { group } = context.focus;
  return group === undefined ? null : groupRow(context, group);
}

/** The group that is meant, or all that are marked or named. */
function withGroups(context: CommandContext, one: (groupId: string) => void, many: (groupIds: readonly string[]) => void): void {
  const [first = context.focus.group, ...rest] = groupsOf(context);
  if (rest.length > 0) many(groupsOf(context));
  else if (first !== undefined) one(first);
}

/** Asks Kafka whether somebody is in the group before anything is asked of the operator. */
async function openWizard(context: CommandContext, groupId: string): Promise<void> {
  const { session, operations, focus, targets } = context;
  const admin = session.cluster?.admin;
  if (!admin) return;
  const title = targetTitle({ name: groupId, kind: 'group' });
  const waiting = noticeDialog(title, [line('asking who is in the group …', 'dim')]);
  session.setDialog(waiting);
  const say = (text: string) => {
    if (session.ui.dialog === waiting) session.setDialog(noticeDialog(title, [paragraph(text, 'warn')]));
  };
  try {
    const group = await fetchGroup(admin, groupId);
    const refusal = whyNotChangeable(group);
    if (refusal !== null) {
      say(`${refusal}.`);
      return;
    }
    if (session.ui.dialog !== waiting) return;
    const places = groupRow(context, groupId)?.partitions ?? [];
    const chosen = session.view.pane !== 'group' ? [] : targets.length > 0 ? targets : focus.topic === undefined ? [] : [focus];
    const labels = chosen.map(({ topic = '', partition = 0 }) => partitionLabel(sinkPartition({ topic, partition })));
    await new OffsetWizard(
      session,
      operations,
      groupTarget(groupId, group.groupType === 'share', admin, () => places),
    ).open(labels);
  } catch (error) {
    say(`The group cannot be asked: ${messageOf(error)}`);
  }
}

function lossLines(row: GroupRow | null): DialogLine[] {
  if (!row) return [];
  const lag = row.lag === null ? 'lag not known' : `${row.isLagWhole ? '' : 'at least '}${groupDigits(row.lag)} records wait`;
  return [
    line(`${row.type} group, ${row.state}, ${plural(row.memberCount ?? 0, 'member')}, ${plural(row.topics.length, 'topic')}, ${lag}`),
    ...(row.memberCount ? [line('Members are in it now: Kafka will refuse.', 'warn')] : []),
  ];
}

function deleteGroup(context: CommandContext, groupId: string): void {
  const { operations } = context;
  const lines = [
    ...lossLines(groupRow(context, groupId)),
    line('Where it has read to is forgotten: who joins again begins anew.'),
    line('There is no undo. The offsets are written to the action log.', 'warn'),
  ];
  gate(context, { danger: 3, title: `delete group ${groupId}`, lines, verb: 'delete it', name: groupId }, () => {
    void operations.run(deleteGroupStep(groupId));
  });
}

function deleteOffsets(context: CommandContext): void {
  const { operations, focus } = context;
  const [groupId, topic, row] = [focus.group!, focus.topic!, rowOf(context)];
  const partitions = (row?.partitions ?? []).filter((one) => one.topic === topic);
  const committed = partitions.filter((one) => one.committed !== null);
  const lines = [
    line(`${plural(committed.length, 'committed offset')} of ${topic}`),
    line('The group begins there anew, where its consumers say (auto.offset.reset).'),
    line('There is no undo. The offsets are written to the action log.', 'warn'),
  ];
  gate(context, { danger: 3, title: `delete offsets of ${topic}`, lines, verb: 'delete them', name: topic }, () => {
    void operations.run(deleteOffsetsStep(groupId, row?.type === 'share', topic, committed));
  });
}

const changing = { scopes: ['groups', 'group'] as const, danger: 3 as const, isMutating: true };

export const GROUP_COMMANDS: readonly Command[] = [
  command({
    id: 'group.members',
    keys: ['tab'],
    title: 'members',
    help: 'Who is in the group and what each reads; again: back.',
    scopes: ['groups', 'group', 'members'],
    hint: 22,
    words: ['members'],
    argument: 'group',
    disabledReason: needsGroup,
    run: ({ session, focus }) =>
      session.view.pane === 'members' && session.view.target.group === focus.group
        ? void session.back()
        : session.open('members', { group: focus.group! }),
  }),
  command({
    ...changing,
    id: 'group.offsets-reset',
    keys: ['x'],
    title: 'reset',
    help: 'Change its offsets: a wizard with a preview first; of many groups by one method.',
    hint: 25,
    words: ['reset-group'],
    argument: 'group',
    disabledReason: needsGroups,
    isBulk: true,
    run: (context) =>
      withGroups(
        context,
        (groupId) => void openWizard(context, groupId),
        (groupIds) => resetGroups(context, groupIds),
      ),
  }),
  command({
    ...changing,
    id: 'group.delete',
    keys: ['ctrl-d'],
    title: 'delete',
    help: 'Delete the group; its name must be typed.',
    words: ['delete-group'],
    argument: 'group',
    disabledReason: needsGroups,
    isBulk: true,
    run: (context) =>
      withGroups(
        context,
        (groupId) => deleteGroup(context, groupId),
        (groupIds) => deleteGroups(context, groupIds),
      ),
  }),
  command({
    ...changing,
    id: 'group.delete-offsets',
    scopes: ['group'],
    title: 'delete offsets',
    help: 'Delete its offsets of one topic; the name must be typed.',
    words: ['delete-offsets'],
    disabledReason: (context) =>
      needsGroup(context) ?? (context.focus.topic === undefined ? 'put the cursor on a partition of the topic first' : null),
    run: deleteOffsets,
  }),
];
