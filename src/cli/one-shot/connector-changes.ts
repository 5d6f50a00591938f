/** `kconsole connectors …`: pause, resume, stop, restart, delete, create, set. */
import type { Command } from 'commander';
import { maskConfig } from '../../base/mask.ts';
import type { HttpHerder } from '../../control/over-http.ts';
import { readConnectorFile } from '../../herder/connector-file.ts';
import type { ConnectorInfo, ConnectorState } from '../../herder/model.ts';
import { type Answer, confirm, EXIT, type OneShotDeps, runOnConnect, UsageError, withConnectOptions, yesOption } from './context.ts';
import { exitOfStatuses, waitForState } from './health.ts';
import { WAIT_FLAG, WAIT_TEXT, waitIn } from './wait.ts';

interface StateVerb {
  readonly verb: string;
  readonly text: string;
  /** What is said when it is done. */
  readonly past: string;
  readonly state: ConnectorState;
  run(herder: HttpHerder, name: string): Promise<void>;
}

const STATE_VERBS: readonly StateVerb[] = [
  {
    verb: 'pause',
    past: 'pause requested',
    state: 'PAUSED',
    text: 'tasks stay, nothing is read or written',
    run: (herder, name) => herder.pauseConnector(name),
  },
  { verb: 'resume', past: 'resume requested', state: 'RUNNING', text: 'run again', run: (herder, name) => herder.resumeConnector(name) },
  {
    verb: 'stop',
    past: 'stop requested',
    state: 'STOPPED',
    text: 'end the tasks, keep the configuration',
    run: (herder, name) => herder.stopConnector(name),
  },
];

export function registerConnectorChanges(connectors: Command, deps: OneShotDeps): void {
  for (const verb of STATE_VERBS) registerStateVerb(connectors, deps, verb);
  registerRestart(connectors, deps);
  registerCreate(connectors, deps);
  registerSet(connectors, deps);
  registerDelete(connectors, deps);
}

function registerStateVerb(connectors: Command, deps: OneShotDeps, { verb, text, past, state, run }: StateVerb): void {
  withConnectOptions(connectors.command(`${verb} <name>`))
    .description(text)
    .option(WAIT_FLAG, WAIT_TEXT)
    .action((name: string, { wait }: { wait?: string }, command: Command) =>
      runOnConnect(command, deps, async (herder) => {
        const waitMs = waitIn(wait);
        await run(herder, name);
        return waitMs === null ? done(name, past) : settled(herder, name, state, waitMs, deps);
      }),
    );
}

function registerRestart(connectors: Command, deps: OneShotDeps): void {
  withConnectOptions(connectors.command('restart <name>'))
    .description('start again: the connector only, unless a flag says more')
    .option('--tasks', 'its tasks too')
    .option('--only-failed', 'only what has failed')
    .option(WAIT_FLAG, WAIT_TEXT)
    .action((name: string, flags: { tasks?: boolean; onlyFailed?: boolean; wait?: string }, command: Command) =>
      runOnConnect(command, deps, async (herder) => {
        const waitMs = waitIn(flags.wait);
        const options = { includeTasks: flags.tasks ?? false, onlyFailed: flags.onlyFailed ?? false };
        if (options.includeTasks || options.onlyFailed) await herder.restartConnectorAndTasks(name, options);
        else await herder.restartConnector(name);
        return waitMs === null ? done(name, 'restart requested') : settled(herder, name, 'RUNNING', waitMs, deps);
      }),
    );
}

function registerCreate(connectors: Command, deps: OneShotDeps): void {
  withConnectOptions(connectors.command('create'))
    .description('a new connector; with --replace also a changed one')
    .requiredOption('-f, --file <file>', 'connector file: .properties or JSON; /dev/stdin reads standard input')
    .option('--replace', 'change it when it exists')
    .option(WAIT_FLAG, WAIT_TEXT)
    .action(({ file, replace, wait }: { file: string; replace?: boolean; wait?: string }, command: Command) =>
      runOnConnect(command, deps, async (herder) => {
        const waitMs = waitIn(wait);
        const { name, config, initialState } = readConnectorFile(file);
        const options = { allowReplace: replace ?? false, ...(initialState ? { initialState } : {}) };
        const { created, info } = await herder.putConnectorConfig(name, config, options);
        if (waitMs === null || (initialState ?? 'STARTED') !== 'STARTED') return configAnswer(info, created ? 'created' : 'changed');
        return settled(herder, name, 'RUNNING', waitMs, deps);
      }),
    );
}

function registerSet(connectors: Command, deps: OneShotDeps): void {
  withConnectOptions(connectors.command('set <name> <settings...>'))
    .description('change settings: key=value sets, key- removes')
    .action((name: string, settings: string[], _, command: Command) =>
      runOnConnect(command, deps, async (herder) => {
        const patch = Object.fromEntries(settings.map(parseSetting));
        return configAnswer(await herder.patchConnectorConfig(name, patch), 'changed');
      }),
    );
}

function registerDelete(connectors: Command, deps: OneShotDeps): void {
  withConnectOptions(connectors.command('delete <name>'))
    .description('delete the connector; its offsets stay')
    .addOption(yesOption())
    .action((name: string, _, command: Command) =>
      runOnConnect(command, deps, async (herder, flags) => {
        await confirm(deps, flags, `delete the connector ${name}`, name);
        await herder.deleteConnector(name);
        return done(name, 'deleted');
      }),
    );
}

function parseSetting(text: string): [string, string | null] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  if (at === -1 && text.length > 1 && text.endsWith('-')) return [text.slice(0, -1), null];
  throw new UsageError(`"${text}" is no setting: write key=value to set, key- to remove.`);
}

function done(name: string, outcome: string): Answer {
  return { table: `${name}: ${outcome}\n`, json: { name, outcome }, exit: EXIT.healthy };
}

async function settled(herder: HttpHerder, name: string, state: ConnectorState, waitMs: number, deps: OneShotDeps): Promise<Answer> {
  const status = await waitForState(herder, name, state, waitMs, deps.clock);
  const exit = exitOfStatuses([status]);
  return { table: `${name}: ${exit === EXIT.healthy ? state : 'FAILED'}\n`, json: status, exit };
}

function configAnswer(info: ConnectorInfo, outcome: string): Answer {
  return { table: `${info.name}: ${outcome}\n`, json: { ...info, config: maskConfig(info.config) }, exit: EXIT.healthy };
}
