/** A connector in a line, for questions. */
import { plural } from '../base/format.ts';
import type { ConnectorRow } from '../store/connect-model.ts';

/** `orders (source) is RUNNING with 2 tasks`. */
export function describeConnector(row: ConnectorRow): string {
  return `${row.name} (${row.type}) is ${describeState(row)}`;
}

/** `RUNNING with 2 tasks, 1 FAILED`. */
export function describeState(row: ConnectorRow): string {
  const failed = row.tasks.filter((task) => task.state === 'FAILED').length;
  const tasks = row.tasks.length === 0 ? 'no tasks' : plural(row.tasks.length, 'task');
  return `${row.state} with ${tasks}${failed > 0 ? `, ${failed} FAILED` : ''}`;
}
