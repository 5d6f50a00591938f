/**
 * Where the program is put together: reads the command line and hands over to one of src/cli. Each subcommand is loaded when it
 * is asked for, so that `--daemon` carries no React and the console's first frame waits for nothing it does not draw.
 */
import { Command, CommanderError, Option } from 'commander';
import { messageOf } from './base/errors.ts';
import { kconsoleVersion } from './base/version.ts';
import type { ConsoleFlags, OpenScreen } from './cli/console.ts';
import type { DemoFlags } from './cli/demo.ts';
import { lookOf, type ScreenFlags, withScreenOptions } from './cli/screen-flags.ts';
import { endWithLauncher } from './cli/signals.ts';
import { tolerateLostReaders } from './cli/standard-streams.ts';
import type { WorkerFlags } from './cli/worker-command.ts';

// A terminal user's DEV=true would turn on React's developer tools inside Ink.
delete process.env.DEV;
endWithLauncher();
tolerateLostReaders();

const openScreen =
  (flags: ScreenFlags): OpenScreen =>
  async (sources) => {
    const { runConsole } = await import('../screens/run.tsx');
    return runConsole({ ...sources, ...lookOf(flags) });
  };

const DEMO_BROKERS = '3';
const DEMO_LINES = '100000';

/** Instead of the screen: one view, printed. */
const printOnce =
  (line: string, format: NonNullable<ConsoleFlags['output']>): OpenScreen =>
  async (sources) => {
    const { runOnce } = await import('../screens/once.ts');
    return runOnce(sources, { line, format });
  };

const logFormat = () => new Option('--log-format <format>', 'how log lines are written to stderr').choices(['text', 'json']);

const program = withScreenOptions(new Command('kconsole'))
  .description('Run Kafka Connect pipelines, and see and steer them and Kafka itself, from one terminal.')
  .version(kconsoleVersion, '-V, --version')
  .option('-b, --bootstrap-server <host:port,…>', 'look at a Kafka cluster')
  .option('--command-config <file>', 'Kafka client properties for -b (TLS, SASL …)')
  .option('--attach <url,…>', 'look at and steer a running Connect cluster, JVM or ours')
  .option('--schema-registry <url,…>', 'schemas of this registry (also schema.registry.url in the properties)')
  .option('--context <name>', 'look at one of your contexts')
  .option('--read-only', 'take away every command that changes something')
  .option(
    '--once <view…>',
    'print a view as the : line opens it (incidents, "tasks NAME", "topics /log"), and end: 0 well, 1 not, 3 no answer',
  )
  .addOption(new Option('-o, --output <format>', 'with --once: how it is written').choices(['text', 'json', 'ndjson', 'csv']))
  .showHelpAfterError('(kconsole --help shows the commands)')
  // Options after a subcommand are the subcommand's own, also those that both have.
  .enablePositionalOptions()
  .exitOverride()
  .allowExcessArguments()
  .helpCommand(true)
  .action(async (flags: ConsoleFlags) => {
    const [unknown] = program.args;
    if (unknown !== undefined && flags.once === undefined) program.error(`error: unknown command '${unknown}'`);
    const { runConsoleCommand } = await import('./cli/console.ts');
    const screen = openScreen(flags);
    const open = flags.once === undefined ? screen : printOnce([flags.once, ...program.args].join(' '), flags.output ?? 'text');
    process.exitCode = await runConsoleCommand(flags, open, async () => {
      const { runDemoCommand } = await import('./cli/demo.ts');
      return runDemoCommand({ brokers: DEMO_BROKERS, lines: DEMO_LINES, accessible: flags.accessible ?? false }, screen);
    });
  });

withScreenOptions(program.command('standalone'))
  .description('run a standalone worker with these connectors, and the console on top')
  .argument('<worker.properties>', "the worker's properties, as for connect-standalone")
  .argument('[connectors...]', 'connectors: .properties or .json files, as for connect-standalone')
  .option('--daemon', 'no screen: log to stderr until SIGTERM')
  .option('--read-only', 'take away every command of the screen that changes something')
  .addOption(logFormat())
  .action(async (worker: string, connectors: string[], flags: WorkerFlags) => {
    const [{ runWorkerCommand }, { standaloneKind }] = await Promise.all([
      import('./cli/worker-command.ts'),
      import('./cli/standalone.ts'),
    ]);
    process.exitCode = await runWorkerCommand(standaloneKind(connectors), worker, flags, openScreen(flags));
  });

withScreenOptions(program.command('distributed'))
  .description('run a worker of a Connect cluster, and the console on top')
  .argument('<worker.properties>', "the worker's properties, as for connect-distributed")
  .option('--daemon', 'no screen: log to stderr until SIGTERM')
  .option('--read-only', 'take away every command of the screen that changes something')
  .addOption(logFormat())
  .action(async (worker: string, flags: WorkerFlags) => {
    const [{ runWorkerCommand }, { distributedKind }] = await Promise.all([
      import('./cli/worker-command.ts'),
      import('./cli/distributed.ts'),
    ]);
    process.exitCode = await runWorkerCommand(distributedKind, worker, flags, openScreen(flags));
  });

withScreenOptions(program.command('demo'))
  .description('real local Kafka brokers with real pipelines, and the console on them')
  .option('--brokers <n>', 'how many brokers', DEMO_BROKERS)
  .option('--once', 'run, check that every line arrived, print figures, end')
  .option('--lines <n>', 'with --once: lines of the access log, and rows of the database', DEMO_LINES)
  .option('--with <part>', 'mariadb: a local database too, with JDBC sources in four modes and sinks into a second database')
  .option('--headless', 'no screen, stay until SIGTERM (also without a terminal)')
  .action(async (flags: DemoFlags) => {
    const { runDemoCommand } = await import('./cli/demo.ts');
    process.exitCode = await runDemoCommand(flags, openScreen(flags));
  });

const ONE_SHOT = ['connectors', 'tasks', 'offsets', 'plugins', 'validate', 'redrive', 'report', 'topics', 'groups', 'brokers', 'workers'];

/** One-shot commands bring the clients along; they are registered only when asked for, or for the help text. */
async function registerOneShotWhenNeeded(words: readonly string[]): Promise<void> {
  if (!words.some((word) => ['--help', '-h', 'help', ...ONE_SHOT].includes(word))) return;
  const { registerOneShot } = await import('./cli/one-shot.ts');
  registerOneShot(program);
}

try {
  await registerOneShotWhenNeeded(process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`kconsole: ${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
