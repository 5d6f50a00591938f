/** Changing settings of a topic or broker: one in a form, all in the editor, one back to its default. */
import { settingsResource } from '../store/demand.ts';
import { type Setting, SettingsEdit } from '../store/settings-edit.ts';
import { isOwnSetting } from '../store/settings-steps.ts';
import { type Command, type CommandContext, command } from './command.ts';
import { gate } from './gate.ts';

function entriesOf({ session }: CommandContext): readonly Setting[] | null {
  const wanted = settingsResource(session.view.target);
  const settings = session.cluster?.data.details.settings;
  return wanted && settings?.resource.name === wanted.name && settings.resource.type === wanted.type ? settings.entries : null;
}

const entryOf = (context: CommandContext): Setting | null => entriesOf(context)?.find(({ name }) => name === context.focus.setting) ?? null;

function whyNot(context: CommandContext): string | null {
  const entry = entryOf(context);
  if (entry === null) return 'put the cursor on a setting first';
  return entry.isReadOnly ? `${entry.name} cannot be changed while the broker runs: it is read when it starts` : null;
}

function edit(context: CommandContext, run: (edit: SettingsEdit) => void): void {
  const { session, operations } = context;
  const resource = settingsResource(session.view.target);
  const entries = entriesOf(context);
  if (!resource || !entries || !session.cluster) return;
  run(
    new SettingsEdit({
      session,
      operations,
      admin: session.cluster.admin,
      resource,
      entries,
      ask: (question, onYes) => gate(context, question, onYes),
    }),
  );
}

export const SETTINGS_COMMANDS: readonly Command[] = [
  command({
    id: 'settings.change',
    keys: ['enter'],
    title: 'change',
    help: 'Give the setting another value; shows first what follows.',
    scopes: ['settings'],
    hint: 10,
    danger: 2,
    isMutating: true,
    disabledReason: whyNot,
    run: (context) => edit(context, (one) => one.inForm(entryOf(context)!)),
  }),
  command({
    id: 'settings.edit',
    keys: ['e'],
    title: 'edit all',
    help: 'All that is set here in $EDITOR; shows first what follows.',
    scopes: ['settings'],
    hint: 12,
    danger: 2,
    isMutating: true,
    disabledReason: (context) => (entriesOf(context) ? null : 'the settings are not read yet'),
    run: (context) => edit(context, (one) => void one.inEditor()),
  }),
  command({
    id: 'settings.reset',
    keys: ['ctrl-d'],
    title: 'to default',
    help: 'Take the setting away here, so that its default holds again.',
    scopes: ['settings'],
    hint: 14,
    danger: 2,
    isMutating: true,
    disabledReason: (context) => {
      const entry = entryOf(context);
      return whyNot(context) ?? (entry && isOwnSetting(entry) ? null : `${entry?.name} is not set here`);
    },
    run: (context) => edit(context, (one) => void one.preview({ [entryOf(context)!.name]: null })),
  }),
];
