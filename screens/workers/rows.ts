/** Rows of the workers pane, as the table and what is said about one of them both need them. */
import { Memo } from '../../src/base/memo.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { type WorkerRow, workerRows } from '../../src/store/worker-rows.ts';

const made = new Memo<readonly WorkerRow[]>();

export function rowsOf({ connect, workers: { probes }, cluster }: ConsoleData): readonly WorkerRow[] {
  const groups = cluster?.details.connectGroups.value ?? null;
  return made.get([connect, probes, groups], () => workerRows({ connect, probes, groups }));
}

/** A worker of one name may be in more than one group of a cluster. */
export function rowId({ id, group }: WorkerRow): string {
  return group === null ? id : `${id} of ${group}`;
}

export function workerOf(data: ConsoleData, id: string | null): WorkerRow | null {
  return rowsOf(data).find((one) => rowId(one) === id) ?? null;
}
