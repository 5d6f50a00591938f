/** `kconsole validate FILE…`: connector files looked at without a worker: their settings, and what the connector would do with them. */
import type { Command } from 'commander';
import { messageOf } from '../../base/errors.ts';
import { logFor } from '../../base/log.ts';
import { sanitizeLines } from '../../base/sanitize.ts';
import { type ConnectorFile, readConnectorFile } from '../../herder/connector-file.ts';
import { type OpenPackages, openPackages } from '../../herder/open-packages.ts';
import { type ValidationContext, validateConnectorConfig } from '../../herder/validate.ts';
import type { InspectedPart } from '../../plugin-api/inspection.ts';
import type { Catalog } from '../../plugins/catalog.ts';
import { catalog } from '../../plugins/catalog.ts';
import { type Properties, readPropertiesFile } from '../../spec/properties-file.ts';
import { openWorkerConfig, type WorkerConfig } from '../../worker/worker-config.ts';
import { distributedSpec, standaloneSpec } from '../../worker/worker-spec.ts';
import { type Answer, EXIT, type OneShotDeps, outputOption, runOneShot, UsageError } from './context.ts';
import { formatFacts } from './table.ts';

/** A worker that nobody has named: its converters are JSON, its secrets unknown. */
const NO_WORKER: Properties = {
  'bootstrap.servers': '127.0.0.1:9092',
  'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'offset.storage.file.filename': 'none',
};
const REFERENCE = /\$\{[^}:]+:[^}]*\}/;

interface KeyProblem {
  readonly key: string;
  readonly problem: string;
}

interface Validated {
  readonly file: string;
  readonly name: string;
  readonly class: string;
  readonly errors: readonly KeyProblem[];
  readonly parts: readonly InspectedPart[];
}

export function registerValidate(program: Command, deps: OneShotDeps): void {
  program
    .command('validate <file...>')
    .description('connector files before they are started: their settings; of JDBC sources also the connection, the SQL and its plan')
    .option('--worker <worker.properties>', "the worker's properties: its config providers, converters and plugins")
    .addOption(outputOption())
    .action((files: string[], { worker }: { worker?: string }, command: Command) =>
      runOneShot(command, deps, () =>
        withWorker(worker, deps, async (context) => answerOf(await inTurn(files, (file) => validated(file, context)))),
      ),
    );
}

interface Context extends ValidationContext {
  readonly hasWorker: boolean;
}

async function withWorker<T>(file: string | undefined, { clock }: OneShotDeps, work: (context: Context) => Promise<T>): Promise<T> {
  const properties = file === undefined ? NO_WORKER : readPropertiesFile(file);
  const log = logFor('kconsole.validate');
  const packages = await openPackages(properties, catalog, clock, log);
  const spec = properties['group.id'] === undefined ? standaloneSpec : distributedSpec;
  try {
    const config = await openWorkerConfig<WorkerConfig['settings']>(spec, properties, packages, log);
    try {
      return await work({ ...contextOf(config, packages), hasWorker: file !== undefined });
    } finally {
      await config.resolver.close();
    }
  } finally {
    await packages.close();
  }
}

function contextOf({ converters, overridePolicy, policyFacts, resolver }: WorkerConfig, packages: OpenPackages): ValidationContext {
  const facts = { workerConverters: converters, policy: { ...policyFacts, name: overridePolicy.name }, cluster: null };
  const { tried } = packages;
  return {
    catalog: packages.catalog,
    workerConverters: converters,
    overridePolicy,
    cluster: null,
    resolver,
    validateInThread: tried && ((config) => tried.validate(config, facts)),
  };
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

async function validated(file: string, context: Context): Promise<Validated> {
  const { name, config } = readConnectorFile(file);
  const { config: resolved } = await context.resolver.resolve(config);
  const reference = Object.entries(resolved).find(([, value]) => REFERENCE.test(value));
  if (reference && !context.hasWorker) {
    throw new UsageError(
      `${file}: ${reference[0]} refers to a config provider. Name the properties of the worker that has it: --worker worker.properties.`,
    );
  }
  const infos = await validateConnectorConfig(config, context);
  const errors = infos.configs.flatMap(({ value }) => value.errors.map((problem): KeyProblem => ({ key: value.name, problem })));
  const parts = errors.length > 0 ? [] : await inspected(resolved, context.catalog);
  return { file, name, class: config['connector.class'] ?? '', errors, parts };
}

/** Those of packages run in threads of their own, and are not asked. */
async function inspected(config: ConnectorFile['config'], { find }: Catalog): Promise<readonly InspectedPart[]> {
  const plugin = find(config['connector.class']?.trim() ?? '');
  if (plugin === null || (plugin.kind !== 'source' && plugin.kind !== 'sink') || plugin.location !== undefined) return [];
  try {
    return (await plugin.create().inspect?.(config)) ?? [];
  } catch (error) {
    return [{ title: 'a look at what it would do', facts: [], errors: [messageOf(error)], warnings: [] }];
  }
}

function answerOf(all: readonly Validated[]): Answer {
  const isWrong = all.some(({ errors, parts }) => errors.length > 0 || parts.some((part) => part.errors.length > 0));
  return { table: all.map(textOf).join('\n'), json: all, exit: isWrong ? EXIT.failed : EXIT.healthy };
}

function textOf({ file, name, class: className, errors, parts }: Validated): string {
  const problems = errors.map(({ key, problem }) => line(`error: ${key}: ${problem}`));
  const settings = errors.length === 0 ? '  settings are right\n' : problems.join('');
  return `${sanitizeLines(`${file}: ${name} (${className})`).join(' ')}\n${settings}${parts.map(partText).join('')}`;
}

function partText({ title, facts, errors, warnings }: InspectedPart): string {
  const indented = formatFacts(facts).replace(/^(?=.)/gm, '  ');
  const lines = [...errors.map((problem) => `error: ${problem}`), ...warnings.map((problem) => `warning: ${problem}`)];
  return `\n${sanitizeLines(title).join(' ')}\n${indented}${lines.map(line).join('')}`;
}

function line(text: string): string {
  return `  ${sanitizeLines(text).join('\n    ')}\n`;
}
