/**
 * Where the program is put together: reads the command line and hands over to one of src/cli. Each subcommand is loaded when it
 * is asked for, so that `--daemon` carries no React and the console's first frame waits for nothing it does not draw.
 */
import { Command, CommanderError, Option } from 'commander';
import { messageOf } from './base/errors.ts';
import { kconsoleVersion } from './base/version.ts';
import type { ConsoleFlags, OpenScreen } from './cli/console.ts';
import type { DemoFlags } from './cli/demo.ts';
import { endWithLauncher } from './cli/signals.ts';
import type { StandaloneFlags } from './cli/standalone.ts';
import { tolerateLostReaders } from './cli/standard-streams.ts';

// A terminal user's DEV=true would turn on React's developer tools inside Ink.
delete process.env.DEV;
endWithLauncher();
tolerateLostReaders();

const openScreen: OpenScreen = async (sources) => {
  const { runConsole } = await import('../screens/run.tsx');
  return runConsole(sources);
};

const logFormat = () => new Option('--log-format <format>', 'how log lines are written to stderr').choices(['text', 'json']);

const program = new Command('kconsole')
  .description('Run Kafka Connect pipelines, and see and steer them and Kafka itself, from one terminal.')
  .version(kconsoleVersion, '-V, --version')
  .option('-b, --bootstrap-server <host:port,…>', 'look at a Kafka cluster')
  .option('--command-config <file>', 'Kafka client properties for -b (TLS, SASL …)')
  .option('--attach <url,…>', 'look at and steer a running Connect cluster, JVM or ours')
  .option('--read-only', 'take away every command that changes something')
  .showHelpAfterError('(kconsole --help shows the commands)')
  // Options after a subcommand are the subcommand's own, also those that both have.
  .enablePositionalOptions()
  .exitOverride()
  .allowExcessArguments()
  .helpCommand(true)
  .action(async (flags: ConsoleFlags) => {
    const [unknown] = program.args;
    if (unknown !== undefined) program.error(`error: unknown command '${unknown}'`);
    if (!flags.bootstrapServer && !flags.attach) program.help({ error: true });
    const { runConsoleCommand } = await import('./cli/console.ts');
    process.exitCode = await runConsoleCommand(flags, openScreen);
  });

program
  .command('standalone')
  .description('run a standalone worker with these connectors, and the console on top')
  .argument('<worker.properties>', "the worker's properties, as for connect-standalone")
  .argument('[connectors...]', 'connectors: .properties or .json files, as for connect-standalone')
  .option('--daemon', 'no screen: log to stderr until SIGTERM')
  .option('--read-only', 'take away every command of the screen that changes something')
  .addOption(logFormat())
  .action(async (worker: string, connectors: string[], flags: StandaloneFlags) => {
    const { runStandaloneCommand } = await import('./cli/standalone.ts');
    process.exitCode = await runStandaloneCommand(worker, connectors, flags, openScreen);
  });

program
  .command('demo')
  .description('real local Kafka brokers with real pipelines, and the console on them')
  .option('--brokers <n>', 'how many brokers', '3')
  .option('--once', 'run, check that every line arrived, print figures, end')
  .option('--lines <n>', 'with --once: lines of the access log', '100000')
  .option('--headless', 'no screen, stay until SIGTERM (also without a terminal)')
  .action(async (flags: DemoFlags) => {
    const { runDemoCommand } = await import('./cli/demo.ts');
    process.exitCode = await runDemoCommand(flags, openScreen);
  });

const ONE_SHOT = ['connectors', 'tasks', 'offsets', 'plugins', 'redrive', 'topics', 'groups', 'brokers'];

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
