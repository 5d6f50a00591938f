/** `kconsole connectors …`: looking at connectors and their configurations. What changes them: `connector-changes.ts`. */
import type { Command } from 'commander';
import { maskConfig } from '../../base/mask.ts';
import { fetchOverview } from '../../control/overview.ts';
import { readConnectorFile } from '../../herder/connector-file.ts';
import type { ConnectorInfo, ConnectorOverview, ConnectorStateInfo } from '../../herder/model.ts';
import { registerConnectorChanges } from './connector-changes.ts';
import { type Answer, EXIT, type OneShotDeps, runOnConnect, UsageError, withConnectOptions } from './context.ts';
import { exitOfStatuses, firstError } from './health.ts';
import { formatFacts, formatTable } from './table.ts';

export function registerConnectors(program: Command, deps: OneShotDeps): void {
  const connectors = program.command('connectors').description('connectors: list, look, change');
  registerReading(connectors, deps);
  registerChecking(connectors, deps);
  registerConnectorChanges(connectors, deps);
}

function registerReading(connectors: Command, deps: OneShotDeps): void {
  withConnectOptions(connectors.command('list', { isDefault: true }))
    .description('all connectors with state, tasks and last error')
    .action((_, command: Command) => runOnConnect(command, deps, async (herder) => listAnswer(await fetchOverview(herder))));
  withConnectOptions(connectors.command('show <name>').alias('status'))
    .description('one connector: states, workers, traces')
    .action((name: string, _, command: Command) =>
      runOnConnect(command, deps, async (herder) => {
        const [status, info] = await Promise.all([herder.connectorStatus(name), herder.connectorInfo(name)]);
        return showAnswer(status, info);
      }),
    );
  withConnectOptions(connectors.command('config <name>'))
    .description('the configuration; secrets are hidden')
    .option('--show-secrets', 'show passwords and keys')
    .action((name: string, { showSecrets }: { showSecrets?: boolean }, command: Command) =>
      runOnConnect(command, deps, async (herder) => {
        const stored = await herder.connectorConfig(name);
        const config = showSecrets ? stored : maskConfig(stored);
        return { table: formatFacts(Object.entries(config)), json: config, exit: EXIT.healthy };
      }),
    );
}

function registerChecking(connectors: Command, deps: OneShotDeps): void {
  withConnectOptions(connectors.command('validate'))
    .description('what the worker says of a connector file; changes nothing')
    .requiredOption('-f, --file <file>', 'connector file: .properties or JSON')
    .action(({ file }: { file: string }, command: Command) =>
      runOnConnect(command, deps, async (herder) => {
        const { config } = readConnectorFile(file);
        const className = config['connector.class'];
        if (!className) throw new UsageError(`${file} has no connector.class.`);
        const infos = await herder.validateConfig(className, config);
        const faults = infos.configs.flatMap(({ value }) => value.errors.map((error) => ({ key: value.name, error })));
        const table = formatTable(
          faults,
          [
            { title: 'KEY', cell: (row) => row.key },
            { title: 'FAULT', cell: (row) => row.error },
          ],
          `${file}: no fault found`,
        );
        return { table, json: infos, exit: infos.error_count === 0 ? EXIT.healthy : EXIT.failed };
      }),
    );
}

function listAnswer(overview: ReadonlyMap<string, ConnectorOverview>): Answer {
  const rows = [...overview].map(([name, { status }]) => ({ name, status }));
  const table = formatTable(
    rows,
    [
      { title: 'NAME', cell: (row) => row.name },
      { title: 'TYPE', cell: (row) => row.status.type },
      { title: 'STATE', cell: (row) => row.status.connector.state },
      { title: 'TASKS', cell: (row) => tasksText(row.status) },
      { title: 'WORKER', cell: (row) => row.status.connector.worker_id },
      { title: 'ERROR', cell: (row) => firstError(row.status) ?? '' },
    ],
    'no connectors',
  );
  return {
    table,
    json: Object.fromEntries(rows.map(({ name, status }) => [name, { status, info: masked(overview.get(name)!.info) }])),
    exit: exitOfStatuses(rows.map(({ status }) => status)),
  };
}

/** `2/3 running, 1 FAILED`. */
function tasksText({ tasks }: ConnectorStateInfo): string {
  const running = tasks.filter((task) => task.state === 'RUNNING').length;
  const failed = tasks.filter((task) => task.state === 'FAILED').length;
  return `${running}/${tasks.length}${failed > 0 ? ` ${failed} FAILED` : ''}`;
}

function showAnswer(status: ConnectorStateInfo, info: ConnectorInfo): Answer {
  const { connector, tasks } = status;
  const facts = formatFacts([
    ['name', status.name],
    ['type', status.type],
    ['class', info.config['connector.class'] ?? null],
    ['version', connector.version ?? null],
    ['state', connector.state],
    ['worker', connector.worker_id],
    ...(connector.trace ? [['trace', connector.trace] as const] : []),
  ]);
  const rows = formatTable(
    tasks,
    [
      { title: 'TASK', align: 'right', cell: (task) => task.id },
      { title: 'STATE', cell: (task) => task.state },
      { title: 'WORKER', cell: (task) => task.worker_id },
    ],
    'no tasks',
  );
  const traces = tasks.filter((task) => task.trace).map((task) => `\n${formatFacts([[`task ${task.id}`, task.trace ?? '']])}`);
  return {
    table: `${facts}\n${rows}${traces.join('')}`,
    json: { status, info: masked(info) },
    exit: exitOfStatuses([status]),
  };
}

function masked(info: ConnectorInfo): ConnectorInfo {
  return { ...info, config: maskConfig(info.config) };
}
