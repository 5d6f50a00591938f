/** `kconsole plugins …`: what the worker can run. */
import type { Command } from 'commander';
import type { ConfigKeyInfo, PluginInfo } from '../../herder/model.ts';
import { type Answer, EXIT, type OneShotDeps, runOnConnect, withConnectOptions } from './context.ts';
import { formatTable } from './table.ts';

export function registerPlugins(program: Command, deps: OneShotDeps): void {
  const plugins = program.command('plugins').description('plugins of the worker: list, look');
  withConnectOptions(plugins.command('list', { isDefault: true }))
    .description('connectors; with --all also converters, transforms and predicates')
    .option('--all', 'every kind of plugin')
    .action(({ all }: { all?: boolean }, command: Command) =>
      runOnConnect(command, deps, async (herder) => listAnswer(await herder.plugins(!all))),
    );
  withConnectOptions(plugins.command('show <class>'))
    .description('the settings of a plugin')
    .action((className: string, _, command: Command) =>
      runOnConnect(command, deps, async (herder) => showAnswer(await herder.pluginConfig(className))),
    );
}

function listAnswer(plugins: readonly PluginInfo[]): Answer {
  const table = formatTable(
    plugins,
    [
      { title: 'CLASS', cell: (row) => row.class },
      { title: 'TYPE', cell: (row) => row.type },
      { title: 'VERSION', cell: (row) => row.version },
    ],
    'no plugins',
  );
  return { table, json: plugins, exit: EXIT.healthy };
}

function showAnswer(keys: readonly ConfigKeyInfo[]): Answer {
  const table = formatTable(
    keys,
    [
      { title: 'KEY', cell: (row) => row.name },
      { title: 'TYPE', cell: (row) => row.type },
      { title: 'REQUIRED', cell: (row) => (row.required ? 'yes' : '') },
      { title: 'DEFAULT', cell: (row) => row.default_value ?? '' },
      { title: 'WHAT IT IS', cell: (row) => row.documentation.split(/(?<=\.)\s/, 1)[0] ?? '' },
    ],
    'no settings',
  );
  return { table, json: keys, exit: EXIT.healthy };
}
