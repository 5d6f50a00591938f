/** The commands that answer once and end: `kconsole connectors|tasks|offsets|plugins|validate|redrive|report|topics|groups|brokers|workers`. */
import type { Command } from 'commander';
import { registerBrokers } from './one-shot/brokers.ts';
import { registerConnectors } from './one-shot/connectors.ts';
import { type OneShotDeps, processDeps } from './one-shot/context.ts';
import { registerGroups } from './one-shot/groups.ts';
import { registerOffsets } from './one-shot/offsets.ts';
import { registerPlugins } from './one-shot/plugins.ts';
import { registerRedrive } from './one-shot/redrive.ts';
import { registerReport } from './one-shot/report.ts';
import { registerTasks } from './one-shot/tasks.ts';
import { registerTopics } from './one-shot/topics.ts';
import { registerValidate } from './one-shot/validate.ts';
import { registerWorkers } from './one-shot/workers.ts';

/** Adds them to the program. `--attach`, `-b` and `--command-config` may also stand before the command. */
export function registerOneShot(program: Command, deps: OneShotDeps = processDeps()): void {
  registerConnectors(program, deps);
  registerTasks(program, deps);
  registerOffsets(program, deps);
  registerPlugins(program, deps);
  registerValidate(program, deps);
  registerRedrive(program, deps);
  registerReport(program, deps);
  registerTopics(program, deps);
  registerGroups(program, deps);
  registerBrokers(program, deps);
  registerWorkers(program, deps);
}
