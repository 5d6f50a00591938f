/** plugin.path of a worker: finds its packages, tries each, names those that are left out, and validates with the others. */
import type { Clock } from '../base/clock.ts';
import { ConnectError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { type AcceptedPackages, acceptPackages } from '../plugin-path/accept-packages.ts';
import { findPackages } from '../plugin-path/find-packages.ts';
import { packagePluginsOf } from '../plugin-path/package-plugins.ts';
import type { Catalog } from '../plugins/catalog.ts';
import { parseKey } from '../spec/parse.ts';
import { RemoteError } from '../worker/protocol.ts';
import { standaloneSpec } from '../worker/worker-config.ts';
import type { ConfigInfos } from './model.ts';
import { PluginThread } from './plugin-thread.ts';
import type { SubmittedConfig, WorkerFacts } from './validate.ts';

export interface OpenPackages extends AcceptedPackages {
  /** Null when there are no packages. Rejects with ConnectError that names the plugins when one of them throws or hangs. */
  readonly validate: ((config: SubmittedConfig, worker: WorkerFacts) => Promise<ConfigInfos>) | null;
  close(): Promise<void>;
}

/** `properties`: the worker's. References to config providers in plugin.path are not resolved. Throws ConfigError. */
export async function openPackages(
  properties: Readonly<Record<string, string>>,
  builtIn: Catalog,
  clock: Clock,
  log: Log,
): Promise<OpenPackages> {
  const entries = setting('plugin.path', properties) as readonly string[] | null;
  if (entries === null || entries.length === 0) {
    return { catalog: builtIn, packages: [], faults: [], validate: null, close: async () => undefined };
  }
  const thread = new PluginThread(clock, Number(setting('kconsole.plugin.timeout.ms', properties)), log);
  const found = findPackages(entries);
  const accepted = await acceptPackages(found.packages, builtIn, (pack) => thread.load(pack));
  await thread.use(accepted.packages);
  const faults = [...found.faults, ...accepted.faults];
  for (const { name, version, folder } of accepted.packages) log.info(`plugin.path: package ${name} ${version} of ${folder} is loaded.`);
  for (const fault of faults) log.error(`plugin.path: ${fault.package} is left out: ${fault.message}`);
  const { catalog } = accepted;
  const validate = async (config: SubmittedConfig, worker: WorkerFacts) => {
    try {
      return await thread.validate(config, worker);
    } catch (error) {
      const names = [...new Set(packagePluginsOf(config, catalog).map(({ className }) => className))];
      const problem = error instanceof RemoteError ? `${error.javaClass}: ${error.message}` : messageOf(error);
      throw new ConnectError(`The configuration could not be validated with ${names.join(', ')}: ${problem}`, { cause: error });
    }
  };
  return { ...accepted, faults, validate: accepted.packages.length === 0 ? null : validate, close: () => thread.close() };
}

function setting(name: 'plugin.path' | 'kconsole.plugin.timeout.ms', properties: Readonly<Record<string, string>>): unknown {
  return parseKey(standaloneSpec.keys.get(name)!, properties);
}
