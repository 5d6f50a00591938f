/** The verbs of connectors, for many of them. What does not apply to one is skipped with the reason. */
import { plural } from '../base/format.ts';
import type { BulkJob, BulkTarget } from './bulk-run.ts';
import type { ConnectorRow, RestartScope } from './connect-model.ts';
import type { StateVerb } from './connector-steps.ts';
import type { Operations } from './operations.ts';
import type { Step } from './step.ts';
import type { Target } from './view.ts';

export type ConnectorVerb = StateVerb | 'restart' | 'delete';

/** Why a verb cannot be used on a connector as it is; `null`: it can. */
export function whyNot(row: ConnectorRow, verb: ConnectorVerb): string | null {
  switch (verb) {
    case 'pause':
      return row.state === 'PAUSED' || row.state === 'STOPPED' ? `${row.name} does not run: nothing to pause` : null;
    case 'resume':
      return row.state === 'PAUSED' || row.state === 'STOPPED' || row.tasks.some((task) => task.state === 'PAUSED')
        ? null
        : `${row.name} is not paused or stopped`;
    case 'stop':
      return row.state === 'STOPPED' ? `${row.name} is STOPPED` : null;
    case 'restart':
      return row.state === 'STOPPED' ? `${row.name} is STOPPED: resume it (u)` : null;
    case 'delete':
      return null;
  }
}

/** The connectors that targets are about, each once. */
export function connectorsOf(targets: readonly Target[]): string[] {
  return [...new Set(targets.flatMap(({ connector }) => (connector === undefined ? [] : [connector])))];
}

export function connectorJob(operations: Operations, verb: Exclude<ConnectorVerb, 'restart'>, names: readonly string[]): BulkJob {
  const toStep = (name: string): Step => (verb === 'delete' ? operations.deleteStep(name) : operations.stateStep(name, verb));
  return {
    title: `${verb} ${plural(names.length, 'connector')}`,
    verb,
    noun: 'connector',
    danger: verb === 'delete' ? 3 : verb === 'stop' ? 2 : 1,
    targets: names.map((name) => ({ id: name, target: { connector: name } })),
    run: ({ id }, bulk) =>
      runOne(
        operations,
        id,
        (row) => whyNot(row, verb),
        () => toStep(id),
        bulk,
      ),
  };
}

/** What is restarted: of each connector what failed, the connector alone, all of it; or single tasks. */
export function restartJob(operations: Operations, scope: Exclude<RestartScope, number> | 'tasks', targets: readonly Target[]): BulkJob {
  const isTasks = scope === 'tasks';
  const found: BulkTarget[] = isTasks
    ? targets.flatMap(({ connector, task }) =>
        connector === undefined || task === undefined ? [] : [{ id: `${connector} ${task}`, target: { connector, task } }],
      )
    : connectorsOf(targets).map((name) => ({ id: name, target: { connector: name } }));
  const noun = isTasks ? 'task' : 'connector';
  return {
    title: `restart ${scope === 'failed' ? 'what failed of ' : ''}${plural(found.length, noun)}${scope === 'all' ? ' with all tasks' : ''}`,
    verb: 'restart',
    noun,
    danger: scope === 'all' ? 2 : 1,
    targets: found,
    run: ({ target }, bulk) => {
      const name = target.connector!;
      const reason = (row: ConnectorRow) =>
        whyNot(row, 'restart') ?? (scope === 'failed' && !hasFailed(row) ? 'nothing of it has failed' : null);
      return runOne(operations, name, reason, () => operations.restartStep(name, isTasks ? target.task! : scope), bulk);
    },
  };
}

export function hasFailed(row: ConnectorRow): boolean {
  return row.state === 'FAILED' || row.tasks.some((task) => task.state === 'FAILED');
}

async function runOne(
  operations: Operations,
  name: string,
  reason: (row: ConnectorRow) => string | null,
  toStep: () => Step,
  bulk: string,
): ReturnType<BulkJob['run']> {
  const row = operations.row(name);
  const why = row === null ? `there is no connector ${name} any more` : reason(row);
  if (why !== null) return { outcome: 'skipped', detail: why, undo: null };
  const { outcome, message, undo } = await operations.perform(toStep(), { undoOf: null, bulk });
  return { outcome, detail: message, undo };
}
