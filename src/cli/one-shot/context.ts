/**
 * What every one-shot command shares: addresses, output, questions, exit codes.
 * Exit code: 0 nothing is wrong, 1 something has failed or was refused, 2 the command line is wrong, 3 nobody answers.
 */
import { type Command, Option } from 'commander';
import { type Clock, systemClock } from '../../base/clock.ts';
import { ConfigError, ConnectError, messageOf, UnreachableError } from '../../base/errors.ts';
import { formatExactJson } from '../../base/exact-json.ts';
import { escapeUnsafe } from '../../base/safe-json.ts';
import { sanitizeLines } from '../../base/sanitize.ts';
import { createHttpHerder, type HttpHerder } from '../../control/over-http.ts';
import type { Kafka } from '../../kafka/contract.ts';
import { urlsIn } from '../../store/addresses.ts';

export const EXIT = { healthy: 0, failed: 1, usage: 2, unreachable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface OneShotDeps {
  openHerder(urls: readonly string[]): HttpHerder;
  /** `commandConfig`: path of a client properties file. */
  openKafka(bootstrap: string | undefined, commandConfig: string | undefined): Promise<Kafka>;
  out(text: string): void;
  err(text: string): void;
  /** Somebody sits there who can be asked. */
  readonly isInteractive: boolean;
  ask(question: string): Promise<string>;
  setExitCode(code: ExitCode): void;
  readonly clock: Clock;
}

/** The command line asks for something that cannot be done so. */
export class UsageError extends ConnectError {}

export interface SharedFlags {
  readonly attach?: string;
  readonly bootstrapServer?: string;
  readonly commandConfig?: string;
  readonly output?: 'table' | 'json';
  readonly yes?: boolean;
}

/** Somebody waits for the answer: shorter than a worker's. */
const PATIENCE = { 'default.api.timeout.ms': '10000', 'request.timeout.ms': '10000' };

export const DEFAULT_CONNECT_URL = 'http://127.0.0.1:8083';

export const outputOption = () => new Option('-o, --output <format>', 'how the answer is written').choices(['table', 'json']);

export function withConnectOptions(command: Command): Command {
  return connectAddress(command).addOption(outputOption());
}

export function withKafkaOptions(command: Command): Command {
  return kafkaAddress(command).addOption(outputOption());
}

export function withBothOptions(command: Command): Command {
  return kafkaAddress(connectAddress(command)).addOption(outputOption());
}

function connectAddress(command: Command): Command {
  return command.option('--attach <url,…>', `Connect's REST API (default: ${DEFAULT_CONNECT_URL})`);
}

function kafkaAddress(command: Command): Command {
  return command
    .option('-b, --bootstrap-server <host:port,…>', 'the Kafka cluster')
    .option('--command-config <file>', 'Kafka client properties (TLS, SASL …)');
}

export const yesOption = () => new Option('-y, --yes', 'do not ask');

/** An answer: the same facts as a table for people and as JSON for programs. */
export interface Answer {
  readonly table: string;
  readonly json: unknown;
  readonly exit: ExitCode;
}

/** Runs `work`, writes its answer, and turns errors into one line and an exit code. Never rejects. */
export async function runOneShot(command: Command, deps: OneShotDeps, work: (flags: SharedFlags) => Promise<Answer>): Promise<void> {
  const flags = command.optsWithGlobals<SharedFlags>();
  try {
    const answer = await work(flags);
    deps.out(flags.output === 'json' ? `${escapeUnsafe(formatExactJson(answer.json))}\n` : answer.table);
    deps.setExitCode(answer.exit);
  } catch (error) {
    deps.err(`kconsole: ${sanitizeLines(messageOf(error)).join('\n')}\n`);
    deps.setExitCode(exitOf(error));
  }
}

export function runOnConnect(
  command: Command,
  deps: OneShotDeps,
  work: (herder: HttpHerder, flags: SharedFlags) => Promise<Answer>,
): Promise<void> {
  return runOneShot(command, deps, (flags) => withHerder(deps, flags, (herder) => work(herder, flags)));
}

async function withHerder<T>(deps: OneShotDeps, flags: SharedFlags, work: (herder: HttpHerder) => Promise<T>): Promise<T> {
  const herder = deps.openHerder(urlsIn(flags.attach ?? DEFAULT_CONNECT_URL));
  try {
    return await work(herder);
  } finally {
    herder.close();
  }
}

/** For what is about a connector and its topics. */
export function runOnBoth(
  command: Command,
  deps: OneShotDeps,
  work: (sources: { readonly herder: HttpHerder; readonly kafka: Kafka }, flags: SharedFlags) => Promise<Answer>,
): Promise<void> {
  return runOnKafka(command, deps, (kafka, flags) => withHerder(deps, flags, (herder) => work({ herder, kafka }, flags)));
}

export function runOnKafka(
  command: Command,
  deps: OneShotDeps,
  work: (kafka: Kafka, flags: SharedFlags) => Promise<Answer>,
): Promise<void> {
  return runOneShot(command, deps, async (flags) => {
    const kafka = await deps.openKafka(flags.bootstrapServer, flags.commandConfig);
    try {
      return await work(kafka, flags);
    } catch (error) {
      const kafkaName = error instanceof Error && 'kafkaName' in error ? String(error.kafkaName) : '';
      if (!UNREACHABLE_KAFKA.includes(kafkaName)) throw error;
      throw new UnreachableError(
        `${messageOf(error)}. Check the address, that a broker runs there, and whether it wants TLS or a login (--command-config).`,
        { cause: error },
      );
    } finally {
      await kafka.close();
    }
  });
}

/**
 * Asks before something that cannot be taken back: the object's name must be typed. Throws UsageError when nobody can be asked
 * and `--yes` was not given, ConnectError when the answer is another one.
 */
export async function confirm(deps: OneShotDeps, flags: SharedFlags, what: string, name: string): Promise<void> {
  if (flags.yes) return;
  if (!deps.isInteractive) throw new UsageError(`To ${what} without a terminal, add --yes.`);
  const answer = await deps.ask(`This will ${what}. Type its name to go on: `);
  if (answer.trim() !== name) throw new ConnectError('The name is another one. Nothing was done.');
}

const UNREACHABLE_KAFKA = ['DISCONNECTED', 'NETWORK_EXCEPTION', 'BROKER_NOT_AVAILABLE', 'REQUEST_TIMED_OUT'];

function exitOf(error: unknown): ExitCode {
  if (error instanceof UnreachableError) return EXIT.unreachable;
  return error instanceof UsageError || error instanceof ConfigError ? EXIT.usage : EXIT.failed;
}

export function processDeps(): OneShotDeps {
  return {
    openHerder: (urls) => createHttpHerder(urls),
    openKafka: async (bootstrap, commandConfig) => {
      // The Kafka room is loaded for the commands that need it.
      const { openKafkaClient } = await import('./kafka-client.ts');
      return openKafkaClient(bootstrap, commandConfig, PATIENCE);
    },
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isInteractive: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    ask: async (question) => {
      const { createInterface } = await import('node:readline/promises');
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
    setExitCode: (code) => {
      process.exitCode = code;
    },
    clock: systemClock,
  };
}
