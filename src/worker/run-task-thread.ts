/** The inside of a task thread: a host over the thread's port. Logs go to the main thread, which has the sinks. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../base/clock.ts';
import { logFor, logHub } from '../base/log.ts';
import { HeapTidier } from '../base/tidy-heap.ts';
import { createKafka } from '../kafka/kafka.ts';
import { apiUrl } from '../plugin-path/api-url.ts';
import { consoleToLog } from '../plugin-path/console-to-log.ts';
import type { PluginPackage } from '../plugin-path/find-packages.ts';
import { loadPackage, provideApi } from '../plugin-path/load-packages.ts';
import { type Catalog, catalogOf } from '../plugins/catalog.ts';
import type { ToHost } from './protocol.ts';
import { TaskHost } from './task-host.ts';
import type { TaskThreadData } from './task-threads.ts';

/** `builtIn`: plugins beside those of packages. */
export function runTaskThread(builtIn: Catalog): void {
  const port = parentPort;
  if (!port) throw new Error('This file is the entry of a worker thread; it cannot be run by itself.');
  const data = workerData as TaskThreadData;
  for (const [logger, level] of data.logLevels) logHub.setLevel(logger, level);
  logHub.attach((event) => port.postMessage({ kind: 'log', event }));
  const serve = (plugins: Catalog) => {
    const host = new TaskHost({
      settings: data.settings,
      plugins,
      createKafka: (options, log) => createKafka(options, log),
      clock: systemClock,
      logHub,
      post: (message) => port.postMessage(message),
    });
    // What came before waits in the port.
    const heap = new HeapTidier();
    port.on('message', (message: ToHost) => {
      if (message.kind === 'startTask') heap.begun();
      host.receive(message);
    });
    heap.begun();
    port.postMessage({ kind: 'ready' });
  };
  if (data.packages.length === 0) serve(builtIn);
  else void withPackages(builtIn, data.packages).then(serve);
}

async function withPackages(builtIn: Catalog, packages: readonly PluginPackage[]): Promise<Catalog> {
  const log = logFor('org.apache.kafka.connect.runtime.isolation.Plugins');
  provideApi(apiUrl());
  consoleToLog(log);
  const plugins = [...builtIn.plugins];
  for (const pack of packages) {
    try {
      plugins.push(...(await loadPackage(pack)).plugins);
    } catch (error) {
      // It could be loaded when the worker began: tasks that name its plugins fail, the others run.
      log.error(`plugin.path: ${pack.name} is left out of a thread.`, error);
    }
  }
  return catalogOf(plugins);
}
