/** plugin.path of a worker: finds its packages, tries each, names those that are left out, and validates with the others. */
import type { Clock } from '../base/clock.ts';
import { ConfigError, ConnectError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { ConfigProviderPlugin } from '../plugin-api/config-provider.ts';
import type { Config } from '../plugin-api/plugin.ts';
import { type AcceptedPackages, acceptPackages } from '../plugin-path/accept-packages.ts';
import { findPackages } from '../plugin-path/find-packages.ts';
import { packagePluginsOf } from '../plugin-path/package-plugins.ts';
import type { Catalog } from '../plugins/catalog.ts';
import { configProviders as builtInProviders, findConfigProvider } from '../plugins/config-providers/index.ts';
import { parseKey } from '../spec/parse.ts';
import { refersTo } from '../worker/config-resolver.ts';
import { BUILT_IN_POLICY_CLASSES } from '../worker/override-policy.ts';
import { RemoteError } from '../worker/protocol.ts';
import { standaloneSpec } from '../worker/worker-spec.ts';
import type { ConfigInfos } from './model.ts';
import { packagedProvider } from './packaged-provider.ts';
import { PluginThread, type StartingConnector } from './plugin-thread.ts';
import type { SubmittedConfig, WorkerFacts } from './validate.ts';

export interface OpenPackages extends Omit<AcceptedPackages, 'configProviders'> {
  /** Built-in ones and those of the packages; the latter run in threads of their own. */
  readonly configProviders: readonly ConfigProviderPlugin[];
  /** Null when there are no packages. */
  readonly tried: TriedPackages | null;
  close(): Promise<void>;
}

/** What the thread of the packages does. Everything rejects with ConnectError that names the plugins when one of them throws or hangs. */
export interface TriedPackages {
  validate(config: SubmittedConfig, worker: WorkerFacts): Promise<ConfigInfos>;
  /** Makes the worker's override policy, which is of a package. */
  openPolicy(worker: WorkerFacts): Promise<void>;
  /** Rejects when the worker's policy, which is of a package, refuses client overrides of a connector that is to start. */
  checkOverrides(connector: StartingConnector, worker: WorkerFacts): Promise<void>;
}

/** `properties`: the worker's. References to config providers in plugin.path are not resolved. Throws ConfigError. */
export async function openPackages(properties: Config, builtIn: Catalog, clock: Clock, log: Log): Promise<OpenPackages> {
  const entries = setting('plugin.path', properties) as readonly string[] | null;
  if (entries === null || entries.length === 0) {
    const nothing = { catalog: builtIn, configProviders: builtInProviders, overridePolicies: [], packages: [], faults: [] };
    return { ...nothing, tried: null, close: async () => undefined };
  }
  refusePackagedReferences(properties);
  const timeoutMs = Number(setting('kconsole.plugin.timeout.ms', properties));
  const thread = new PluginThread(clock, timeoutMs, log);
  const found = findPackages(entries);
  const taken = [...builtInProviders.map(({ className }) => className), ...BUILT_IN_POLICY_CLASSES];
  const accepted = await acceptPackages(found.packages, builtIn, taken, (pack) => thread.run({ job: 'load', package: pack }));
  await thread.use(accepted.packages);
  const faults = [...found.faults, ...accepted.faults];
  for (const { name, version, folder } of accepted.packages) log.info(`plugin.path: package ${name} ${version} of ${folder} is loaded.`);
  for (const fault of faults) log.error(`plugin.path: ${fault.package} is left out: ${fault.message}`);
  const providers = accepted.configProviders.map((facts) => {
    const own = accepted.packages.filter(({ folder }) => folder === facts.location);
    return packagedProvider(facts, (providerLog) => new PluginThread(clock, timeoutMs, providerLog, own));
  });
  return {
    ...accepted,
    configProviders: [...builtInProviders, ...providers],
    faults,
    tried: accepted.packages.length === 0 ? null : tried(thread, accepted),
    close: () => thread.close(),
  };
}

function tried(thread: PluginThread, { catalog, overridePolicies }: AcceptedPackages): TriedPackages {
  const run = async <T>(job: Promise<T>, what: string): Promise<T> => {
    try {
      return await job;
    } catch (error) {
      const problem = error instanceof RemoteError ? `${error.javaClass}: ${error.message}` : messageOf(error);
      throw new ConnectError(`${what}: ${problem}`, { cause: error });
    }
  };
  return {
    validate: (config, worker) => {
      const policies = overridePolicies.filter(({ className }) => className === worker.policy.name);
      const names = new Set([...packagePluginsOf(config, catalog), ...policies].map(({ className }) => className));
      const what = `The configuration could not be validated with ${[...names].join(', ')}`;
      return run(thread.run({ job: 'validate', config, worker }), what);
    },
    openPolicy: (worker) => run(thread.run({ job: 'openPolicy', worker }), `The override policy ${worker.policy.name} cannot be used`),
    checkOverrides: async (connector, worker) => {
      const what = `The override policy ${worker.policy.name} could not be asked`;
      const reasons = await run(thread.run({ job: 'refusedOverrides', connector, worker }), what);
      if (reasons.length > 0) throw new ConnectError(`Client configuration overrides are not allowed: ${reasons.join(' ')}`);
    },
  };
}

/** plugin.path says where packages are, so that none of them can say what it is. */
function refusePackagedReferences(properties: Config): void {
  const path = properties['plugin.path'] ?? '';
  for (const name of (properties['config.providers'] ?? '').split(',').map((text) => text.trim())) {
    const className = properties[`config.providers.${name}.class`]?.trim();
    if (className === undefined || !refersTo(name, path) || findConfigProvider(className, builtInProviders) !== null) continue;
    throw new ConfigError(
      `plugin.path refers to config provider ${name} (${className}), which is in a package of plugin.path itself. Write the folders of the packages there.`,
    );
  }
}

function setting(name: 'plugin.path' | 'kconsole.plugin.timeout.ms', properties: Config): unknown {
  return parseKey(standaloneSpec.keys.get(name)!, properties);
}
