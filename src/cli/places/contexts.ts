/**
 * The user's contexts: one JSON file each in the config folder's `contexts`. Secrets are not among them: they stay in the client
 * properties that a context names. Which one was used last lies with the state.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CONTEXT_COLOURS, contextColour } from '../../base/context-colour.ts';
import { ConfigError, messageOf } from '../../base/errors.ts';
import { configFolder, stateFolder } from '../../base/user-folders.ts';
import { writePrivateFile } from '../private-file.ts';

export interface ConsoleContext {
  readonly name: string;
  /** `host:port,…` */
  readonly brokers: string | null;
  /** Whole path of a client properties file. */
  readonly commandConfig: string | null;
  readonly connect: readonly string[];
  /** Name of a colour or `#rrggbb`, for its name on the screen. */
  readonly colour: string | null;
  readonly readOnly: boolean;
  readonly protected: boolean;
  readonly skin: string | null;
}

const CONTEXT_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u;

const contextsFolder = (): string => path.join(configFolder(), 'contexts');
const lastFile = (): string => path.join(stateFolder(), 'last-context');

export function contextFile(name: string): string {
  return path.join(contextsFolder(), `${name}.json`);
}

/** By name; a file that is wrong is told in `problems`. */
export function readContexts(): { readonly contexts: readonly ConsoleContext[]; readonly problems: readonly string[] } {
  const contexts: ConsoleContext[] = [];
  const problems: string[] = [];
  for (const name of contextNames()) {
    try {
      contexts.push(readContext(name));
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  return { contexts, problems };
}

export function contextNames(): string[] {
  try {
    const files = readdirSync(contextsFolder()).filter((file) => file.endsWith('.json'));
    return files.map((file) => path.basename(file, '.json')).sort();
  } catch {
    return [];
  }
}

/** Throws ConfigError naming the file and what is wrong, or which contexts there are. */
export function readContext(name: string): ConsoleContext {
  let text: string;
  try {
    text = readFileSync(contextFile(name), 'utf8');
  } catch (error) {
    const names = contextNames();
    throw new ConfigError(
      `There is no context "${name}": ${contextFile(name)} cannot be read. ${names.length > 0 ? `There are: ${names.join(', ')}.` : 'There is none yet; kconsole makes one.'}`,
      { cause: error },
    );
  }
  return parseContext(name, text, contextFile(name));
}

/** Throws ConfigError naming file, member and value. */
export function parseContext(name: string, text: string, file: string): ConsoleContext {
  const fail = (problem: string, cause?: unknown) => new ConfigError(`Context ${file}: ${problem}`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fail(`it is not JSON (${messageOf(error)})`, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fail('it must be an object');
  const given = value as Record<string, unknown>;
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(MEMBERS, key));
  if (unknown !== undefined) throw fail(`there is no member "${unknown}". There are: ${Object.keys(MEMBERS).join(', ')}`);
  for (const [key, [isRight, should]] of Object.entries(MEMBERS))
    if (given[key] !== undefined && !isRight(given[key])) throw fail(`${key} is ${JSON.stringify(given[key])}, not ${should}`);
  const text_ = (key: string) => (given[key] as string | undefined) ?? null;
  const commandConfig = text_('commandConfig');
  const context = {
    name,
    brokers: text_('brokers'),
    commandConfig: commandConfig === null ? null : path.resolve(path.dirname(file), commandConfig),
    connect: (given.connect as readonly string[] | undefined) ?? [],
    colour: text_('colour'),
    readOnly: given.readOnly === true,
    protected: given.protected === true,
    skin: text_('skin'),
  };
  if (context.brokers === null && context.connect.length === 0) throw fail('it names neither brokers nor connect');
  return context;
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isFlag = (value: unknown) => typeof value === 'boolean';
const MEMBERS: Readonly<Record<string, readonly [check: (value: unknown) => boolean, should: string]>> = {
  brokers: [isText, 'addresses like "host:9092,host:9093"'],
  commandConfig: [isText, 'the path of a client properties file'],
  connect: [(value) => Array.isArray(value) && value.every(isText), 'a list of addresses like ["http://host:8083"]'],
  colour: [
    (value) => typeof value === 'string' && contextColour(value) !== null,
    `one of ${Object.keys(CONTEXT_COLOURS).join(', ')}, or a colour like "#ff8700"`,
  ],
  readOnly: [isFlag, 'true or false'],
  protected: [isFlag, 'true or false'],
  skin: [isText, 'the name of a skin'],
};

/** Throws ConfigError when the name cannot be or is taken. The file is the user's alone: addresses may hold a password. */
export function saveContext(context: Pick<ConsoleContext, 'name' | 'brokers' | 'commandConfig' | 'connect'>): void {
  const { name, brokers, commandConfig, connect } = context;
  if (!CONTEXT_NAME.test(name)) throw new ConfigError(`"${name}" cannot be a name: letters, digits, . _ - and at most 40 of them`);
  if (contextNames().includes(name)) throw new ConfigError(`there is a context "${name}" already`);
  const members = {
    ...(brokers === null ? {} : { brokers }),
    ...(commandConfig === null ? {} : { commandConfig }),
    ...(connect.length > 0 ? { connect } : {}),
  };
  writePrivateFile(contextFile(name), `${JSON.stringify(members, null, 2)}\n`);
}

/** What a plain `kconsole` opens next time. A disk that refuses it costs only that. */
export function rememberContext(name: string): void {
  try {
    writePrivateFile(lastFile(), `${name}\n`);
  } catch {
    // The next console asks.
  }
}

export function lastContext(): string | null {
  try {
    return readFileSync(lastFile(), 'utf8').trim();
  } catch {
    return null;
  }
}

/** A sentence when others may read the secrets in a context's client properties; `null`: they may not. */
export function secretsWarning({ commandConfig }: Pick<ConsoleContext, 'commandConfig'>): string | null {
  if (commandConfig === null) return null;
  try {
    const mode = statSync(commandConfig).mode & 0o777;
    return mode & 0o044 ? `${commandConfig} may be read by others (mode ${mode.toString(8)}): chmod 600 keeps its secrets` : null;
  } catch {
    return null;
  }
}
