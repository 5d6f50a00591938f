/** Entry of the threads that try packages of plugin.path and run their config providers; the bundle has it as `plugin-thread.js`. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../base/clock.ts';
import { ConfigError, ConnectError } from '../base/errors.ts';
import { LogHub } from '../base/log.ts';
import type { ConfigData, ConfigProvider, ConfigProviderPlugin } from '../plugin-api/config-provider.ts';
import type { OverridePolicyPlugin } from '../plugin-api/override-policy.ts';
import type { Plugin } from '../plugin-api/plugin.ts';
import { apiUrl } from '../plugin-path/api-url.ts';
import type { PluginPackage } from '../plugin-path/find-packages.ts';
import { loadPackage, provideApi } from '../plugin-path/load-packages.ts';
import { packageFactsOf } from '../plugin-path/plugin-facts.ts';
import { catalog as builtIn, catalogOf } from '../plugins/catalog.ts';
import { type OverridePolicy, overridableClients, overridePolicy, refusedOverrides } from '../worker/override-policy.ts';
import { toFault } from '../worker/protocol.ts';
import type { FromPluginThread, PluginJob, PluginJobResults, ProviderFacts, StartingConnector } from './plugin-thread.ts';
import { validateResolved, type WorkerFacts } from './validate.ts';

const post = (message: FromPluginThread) => parentPort?.postMessage(message);

/** The main thread decides which lines are wanted. */
const hub = new LogHub(() => systemClock.wallMs());
hub.setLevel('root', 'TRACE');
hub.attach((log) => post({ log }));

provideApi(apiUrl());
post({ isUp: true });
const { packages } = workerData as { readonly packages: readonly PluginPackage[] };
const plugins: Plugin[] = [...builtIn.plugins];
const configProviders: ConfigProviderPlugin[] = [];
const overridePolicies: OverridePolicyPlugin[] = [];
for (const pack of packages) {
  const loaded = await loadPackage(pack);
  plugins.push(...loaded.plugins);
  configProviders.push(...loaded.configProviders);
  overridePolicies.push(...loaded.overridePolicies);
}
const catalog = catalogOf(plugins);

// ---- a thread serves one worker: it has one override policy, and at most one config provider

let policy: OverridePolicy | null = null;
function policyOf(worker: WorkerFacts): OverridePolicy {
  policy ??= overridePolicy(worker.policy, overridePolicies);
  return policy;
}

async function refusals({ kind, className, config }: StartingConnector, worker: WorkerFacts): Promise<readonly string[]> {
  const reasons: string[] = [];
  for (const role of overridableClients(kind, config)) {
    for (const { reason } of await refusedOverrides(className, config, role, policyOf(worker))) reasons.push(reason);
  }
  return reasons;
}

let provider: ConfigProvider | null = null;
async function providerOf({ className, config }: ProviderFacts): Promise<ConfigProvider> {
  if (provider !== null) return provider;
  const plugin = configProviders.find((candidate) => candidate.className === className);
  if (plugin === undefined) throw new ConfigError(`Class ${className} could not be found.`);
  const made = plugin.create(config, hub.log(className));
  await made.open?.();
  provider = made;
  return made;
}

/** Of what a provider gives, the wanted keys. */
function checkedData({ values, ttlMs }: Partial<ConfigData>, keys: ReadonlySet<string>): ConfigData {
  if (!(values instanceof Map)) throw new ConnectError('its "get" gives no Map "values".');
  const wanted = [...keys].filter((key) => values.has(key)).map((key): [string, unknown] => [key, values.get(key)]);
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
  if (!wanted.every(isText)) throw new ConnectError('its "get" gives a value that is no string.');
  return { values: new Map(wanted), ttlMs: ttlMs ?? null };
}

async function perform(job: PluginJob): Promise<PluginJobResults[PluginJob['job']]> {
  switch (job.job) {
    case 'load':
      return packageFactsOf(await loadPackage(job.package));
    case 'validate': {
      const { workerConverters, cluster } = job.worker;
      return validateResolved(job.config, job.config, { catalog, workerConverters, overridePolicy: policyOf(job.worker), cluster });
    }
    case 'openPolicy':
      policyOf(job.worker).open?.();
      return undefined;
    case 'refusedOverrides':
      return refusals(job.connector, job.worker);
    case 'openProvider':
      await providerOf(job.provider);
      return undefined;
    case 'readProvider':
      return checkedData(await (await providerOf(job.provider)).get(job.path, job.keys), job.keys);
    case 'closeProvider':
      await provider?.close?.();
      return undefined;
  }
}

parentPort?.on('message', (job: PluginJob) => {
  perform(job).then(
    (ok) => post({ outcome: { ok } }),
    (error: unknown) => post({ outcome: { fault: toFault(error) } }),
  );
});
