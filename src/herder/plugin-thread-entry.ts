/** Entry of the thread that tries packages of plugin.path; the bundle has it as `plugin-thread.js`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Plugin } from '../plugin-api/plugin.ts';
import { apiUrl } from '../plugin-path/api-url.ts';
import type { PluginPackage } from '../plugin-path/find-packages.ts';
import { loadPackage, provideApi } from '../plugin-path/load-packages.ts';
import { factsOf } from '../plugin-path/plugin-facts.ts';
import { catalog as builtIn, catalogOf } from '../plugins/catalog.ts';
import { overridePolicy } from '../worker/override-policy.ts';
import { toFault } from '../worker/protocol.ts';
import type { PluginJob, PluginJobResults } from './plugin-thread.ts';
import { validateResolved } from './validate.ts';

provideApi(apiUrl());
const { packages } = workerData as { readonly packages: readonly PluginPackage[] };
const plugins: Plugin[] = [...builtIn.plugins];
for (const pack of packages) plugins.push(...(await loadPackage(pack)));
const catalog = catalogOf(plugins);

async function perform(job: PluginJob): Promise<PluginJobResults[PluginJob['job']]> {
  if (job.job === 'load') return (await loadPackage(job.package)).map(factsOf);
  const { workerConverters, policyName, allowlist } = job.worker;
  return validateResolved(job.config, job.config, {
    catalog,
    workerConverters,
    overridePolicy: overridePolicy(policyName, allowlist),
  });
}

parentPort?.on('message', (job: PluginJob) => {
  perform(job).then(
    (ok) => parentPort?.postMessage({ outcome: { ok } }),
    (error: unknown) => parentPort?.postMessage({ outcome: { fault: toFault(error) } }),
  );
});
