/** `kconsole plugins …`: what the worker can run. */
import path from 'node:path';
import type { Command } from 'commander';
import { sanitizeLines } from '../../base/sanitize.ts';
import type { ConfigKeyInfo, PluginInfo } from '../../herder/model.ts';
import { type Answer, EXIT, type OneShotDeps, runOnConnect, runOneShot, withConnectOptions } from './context.ts';
import { createPlugin } from './new-plugin.ts';
import { formatTable } from './table.ts';

export function registerPlugins(program: Command, deps: OneShotDeps): void {
  const plugins = program.command('plugins').description('plugins of the worker: list, look; write one');
  withConnectOptions(plugins.command('list', { isDefault: true }))
    .description('connectors; with --all also converters, transforms and predicates')
    .option('--all', 'every kind of plugin')
    .action(({ all }: { all?: boolean }, command: Command) =>
      runOnConnect(command, deps, async (herder) => {
        const [plugins, { plugin_faults: faults = [] }] = await Promise.all([herder.plugins(!all), herder.serverInfo()]);
        for (const fault of faults) deps.err(`kconsole: plugin.path: ${sanitizeLines(fault).join(' ')}\n`);
        return listAnswer(plugins);
      }),
    );
  withConnectOptions(plugins.command('show <class>'))
    .description('the settings of a plugin')
    .action((className: string, _, command: Command) =>
      runOnConnect(command, deps, async (herder) => showAnswer(await herder.pluginConfig(className))),
    );
  plugins
    .command('new <name>')
    .description('a package to write plugins in: a folder of that name with an example, its types and its tests')
    .option('--in <folder>', 'where', '.')
    .action((name: string, { in: parent }: { in: string }, command: Command) =>
      runOneShot(command, deps, async () => newAnswer(createPlugin(name, path.resolve(parent)))),
    );
}

function newAnswer(folder: string): Answer {
  const table = `${folder}\n\n  cd ${folder} && npm test     its tests (Node 22.18 or newer)\n  plugin.path=${folder}     in the worker's properties loads it\n`;
  return { table, json: { folder }, exit: EXIT.healthy };
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
