/** Commands on a connector's config: edit and validate. */
import type { ConfigFormat } from '../store/config-text.ts';
import { ConnectorCreation } from '../store/connector-create.ts';
import { ConnectorEdit, validateConnector } from '../store/connector-edit.ts';
import { type Dialog, menuDialog, noticeDialog, paragraph } from '../store/dialog.ts';
import { type Command, type CommandContext, command } from './command.ts';
import { needsConnector, withRow } from './connector-commands.ts';
import { needsConnect } from './needs.ts';

const creation = ({ session, operations }: CommandContext) => new ConnectorCreation(session, operations);

/** From the plugin or the connector that is pointed at; with neither, the plugins to choose from. */
function createConnector(context: CommandContext): void {
  const { session, focus } = context;
  if (focus.plugin !== undefined) createOf(context, focus.plugin);
  else if (session.ui.form?.isBegun) {
    session.open('form');
    session.flash('info', 'this one was begun before; :new begins another');
  } else if (focus.connector !== undefined && session.view.pane !== 'home') session.openDialog(copyMenu(context, focus.connector));
  else session.open('new');
}

function createOf(context: CommandContext, plugin: string): void {
  const type = context.session.connect?.details.plugins.plugins?.find((one) => one.class === plugin)?.type;
  if (type === undefined || type === 'source' || type === 'sink') creation(context).begin(plugin);
  else context.session.flash('warn', `a connector is made of a source or a sink, and ${plugin} is a ${type}`);
}

function copyMenu(context: CommandContext, connector: string): Dialog {
  return menuDialog({
    title: 'new connector',
    lines: [],
    items: [
      { key: 'n', label: 'new', detail: 'of a plugin', isDisabled: false, run: () => context.session.open('new') },
      {
        key: 'c',
        label: 'copy',
        detail: `of ${connector}, under another name`,
        isDisabled: false,
        run: () => void creation(context).beginCopy(connector),
      },
    ],
  });
}

export const CONFIG_COMMANDS: readonly Command[] = [
  command({
    scopes: ['connector'],
    argument: 'connector',
    id: 'connector.edit',
    keys: ['e'],
    title: 'edit',
    help: 'Edit its config in $EDITOR; :edit NAME json as JSON.',
    hint: 41,
    danger: 2,
    isMutating: true,
    words: ['edit'],
    disabledReason: (context) => {
      const odd = context.args.find((word) => word !== 'json' && word !== 'properties');
      return needsConnector(context) ?? (odd === undefined ? null : `"${odd}" is not understood here: json and properties are`);
    },
    run: (context) =>
      withRow(context, (row) => {
        const { session, operations, args } = context;
        const format: ConfigFormat = args.includes('json') ? 'json' : 'properties';
        if (session.connect) void new ConnectorEdit(session, operations, session.connect.herder, row.name, format).begin();
      }),
  }),
  command({
    scopes: ['connector'],
    argument: 'connector',
    id: 'connector.validate',
    keys: ['v'],
    title: 'validate',
    help: 'Let the worker judge its config; nothing is applied.',
    words: ['validate'],
    disabledReason: needsConnector,
    run: (context) =>
      withRow(context, (row) => {
        const { session } = context;
        if (session.connect) void validateConnector(session, session.connect.herder, row.name);
      }),
  }),
  command({
    scopes: ['all'],
    argument: 'plugin',
    id: 'connector.create',
    keys: ['ctrl-n'],
    title: 'create',
    help: 'A new connector, of a plugin or a copy; goes on with one that was begun.',
    danger: 2,
    isMutating: true,
    words: ['create'],
    disabledReason: needsConnect,
    run: createConnector,
  }),
  command({
    id: 'connector.new',
    title: 'new',
    help: 'Another new connector: choose its plugin.',
    danger: 2,
    isMutating: true,
    words: ['new'],
    disabledReason: needsConnect,
    run: ({ session }) => session.open('new'),
  }),
  command({
    argument: 'connector',
    id: 'connector.clone',
    title: 'clone',
    help: 'A new connector like this one, under another name.',
    danger: 2,
    isMutating: true,
    words: ['clone'],
    disabledReason: needsConnector,
    run: (context) => withRow(context, (row) => void creation(context).beginCopy(row.name)),
  }),
  command({
    scopes: ['form', 'form-preview'],
    id: 'form.create',
    keys: ['ctrl-n'],
    title: 'create',
    help: 'Create the connector: asks first, and shows its config.',
    hint: 11,
    danger: 2,
    isMutating: true,
    disabledReason: needsConnect,
    run: (context) => void creation(context).ask(),
  }),
  command({
    scopes: ['new'],
    id: 'new.choose',
    keys: ['enter'],
    title: 'choose',
    help: 'Begin a connector of this plugin: a form with its settings.',
    hint: 10,
    disabledReason: needsConnect,
    run: (context) => {
      if (context.focus.plugin !== undefined) createOf(context, context.focus.plugin);
    },
  }),
  command({
    scopes: ['plugin'],
    id: 'plugin.setting',
    keys: ['enter'],
    title: 'read',
    help: 'The whole documentation of a setting.',
    hint: 10,
    disabledReason: needsConnect,
    run: ({ session, focus }) => {
      const key = session.connect?.details.pluginConfig?.keys?.find((one) => one.name === focus.setting);
      if (key) session.openDialog(noticeDialog(key.name, [...key.documentation.split('\n').map((text) => paragraph(text.trim()))]));
    },
  }),
  command({
    scopes: ['form'],
    id: 'form.field',
    keys: ['enter'],
    title: 'set',
    help: 'Set the setting under the cursor; the worker judges while it is typed.',
    hint: 10,
    disabledReason: needsConnect,
    run: (context) => {
      if (context.focus.setting !== undefined) creation(context).field(context.focus.setting);
    },
  }),
  command({
    scopes: ['form'],
    id: 'form.edit',
    keys: ['e'],
    title: 'edit all',
    help: 'All of it in $EDITOR, with what could be set as comments.',
    hint: 20,
    disabledReason: needsConnect,
    run: (context) => void creation(context).edit(),
  }),
  command({
    scopes: ['form'],
    id: 'form.preview',
    keys: ['y'],
    title: 'as files',
    help: 'As .properties and as JSON, secrets hidden.',
    hint: 21,
    disabledReason: needsConnect,
    run: ({ session }) => session.open('form-preview'),
  }),
];
