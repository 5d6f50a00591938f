/** About one worker: its place in the group, what it owns by name, and who would get that if it left. */
import { plural } from '../../src/base/format.ts';
import { hostOf } from '../../src/store/addresses.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { leavingHow, protocolWord } from '../../src/store/group-in-words.ts';
import type { WorkerRow } from '../../src/store/worker-rows.ts';
import { fact, section } from '../parts/facts.ts';
import { type Line, span } from '../parts/line.ts';
import { forecastOf, goneText, groupLine, groupOfRow } from '../workers/group.ts';

interface Owned {
  readonly connectors: readonly string[];
  readonly tasks: ReadonlyArray<{ readonly connector: string; readonly task: number }>;
}

export function describeWorker(row: WorkerRow, data: ConsoleData): Line[] {
  const group = groupOfRow(data, row);
  const owned = group?.workers.find((one) => one.memberId === row.memberId)?.owned ?? statusesOf(row, data);
  const forecast = forecastOf(row, data);
  const gone = goneText(row, data);
  return [
    [span('worker ', 'dim'), span(row.id, 'accent'), span(`  ${row.role ?? ''}`)],
    ...(group === null ? [] : [groupLine(group, data.nowMs)]),
    fact('member id', row.memberId ?? '?'),
    fact('protocol', protocolWord(row.protocol)),
    fact('config offset', row.configOffset === null ? '?' : `${row.configOffset}${row.configBehind ? `, ${row.configBehind} behind` : ''}`),
    fact('host', row.host ?? '?'),
    ...section(
      `connectors: ${owned.connectors.length}`,
      owned.connectors.toSorted().map((name) => [span(`  ${name}`)]),
    ),
    ...section(`tasks: ${owned.tasks.length}`, taskLines(owned)),
    ...(forecast === null ? [] : section('if it left', [[span(`  ${leavingHow(forecast)}`)], ...moveLines(row, data)])),
    ...(gone === null ? [] : section('its work', [[span(`  ${gone}`)]])),
  ];
}

/** What statuses name with it, where its group tells nothing. */
function statusesOf({ id }: WorkerRow, { connect }: ConsoleData): Owned {
  const rows = connect?.connectors ?? [];
  return {
    connectors: rows.filter((one) => one.workerId === id).map(({ name }) => name),
    tasks: rows.flatMap(({ name, tasks }) => tasks.flatMap((one) => (one.workerId === id ? [{ connector: name, task: one.id }] : []))),
  };
}

/** One line a connector: `orders  0, 1, 5`. */
function taskLines({ tasks }: Owned): Line[] {
  const byConnector = Map.groupBy(tasks, (one) => one.connector);
  return [...byConnector].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, ids]) => [span(`  ${name}  `), span(numbers(ids), 'dim')]);
}

const numbers = (ids: Owned['tasks']): string =>
  ids
    .map(({ task }) => task)
    .sort((a, b) => a - b)
    .join(', ');

function moveLines(row: WorkerRow, data: ConsoleData): Line[] {
  const { moves = [], between = 0 } = forecastOf(row, data) ?? {};
  const more: Line[] = between > 0 ? [[], [span(`  ${between} more would move between the others`, 'dim')]] : [];
  const lines = moves.flatMap((one) => [
    [],
    [
      span(`  to ${hostOf(one.to)}`, 'title'),
      span(`  ${plural(one.connectors.length, 'connector')}, ${plural(one.tasks.length, 'task')}`, 'dim'),
    ],
    ...one.connectors.toSorted().map((name): Line => [span(`    ${name}`)]),
    ...taskLines(one).map((line): Line => [span('  '), ...line]),
  ]);
  return [...lines, ...more];
}
