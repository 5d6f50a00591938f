/** The inside of a task thread: a host over the thread's port. Logs go to the main thread, which has the sinks. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../base/clock.ts';
import { logHub } from '../base/log.ts';
import { createKafka } from '../kafka/kafka.ts';
import type { Catalog } from '../plugins/catalog.ts';
import type { ToHost } from './protocol.ts';
import { TaskHost } from './task-host.ts';
import type { TaskThreadData } from './task-threads.ts';

export function runTaskThread(plugins: Catalog): void {
  const port = parentPort;
  if (!port) throw new Error('This file is the entry of a worker thread; it cannot be run by itself.');
  const data = workerData as TaskThreadData;
  for (const [logger, level] of data.logLevels) logHub.setLevel(logger, level);
  logHub.attach((event) => port.postMessage({ kind: 'log', event }));
  const host = new TaskHost({
    settings: data.settings,
    plugins,
    createKafka: (options, log) => createKafka(options, log),
    clock: systemClock,
    logHub,
    post: (message) => port.postMessage(message),
  });
  port.on('message', (message: ToHost) => host.receive(message));
}
