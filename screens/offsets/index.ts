/** Offsets of a connector: what a source has stored, or where a sink is and how far behind. */
import { formatAge } from '../../src/base/format.ts';
import { canonical } from '../../src/store/offset-plan.ts';
import { counted } from '../parts/counted.ts';
import { span } from '../parts/line.ts';
import { notice } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { offsetsTable } from './rows.ts';

export const offsetsPane: TablePane = {
  id: 'offsets',
  kind: 'table',
  source: 'connect',
  table: offsetsTable,
  title: (view) => `offsets of ${view.target.connector ?? '?'}`,
  info: (snapshot, { nowMs }) => {
    const { offsets } = snapshot.data;
    const age = offsets && offsets.atMs > 0 ? ` · read ${formatAge(nowMs - offsets.atMs)} ago` : '';
    return [...counted(snapshot), span(age, 'dim')];
  },
  empty: ({ offsets, connect }, view) => {
    if (!connect) return notice('connecting …');
    if (offsets?.connector !== view.target.connector || (offsets?.error === null && offsets.atMs === 0)) return notice('reading …');
    if (offsets?.error) return notice(offsets.error, 'fail');
    return notice('No offsets are stored yet.');
  },
  detail: {
    height: 3,
    lines: ({ data }, id) => {
      const found = data.offsets?.offsets.find((one) => canonical(one.partition) === id);
      if (!found) return [];
      return [
        [span('  partition  ', 'dim'), span(canonical(found.partition))],
        [span('  offset     ', 'dim'), span(canonical(found.offset))],
        [span('  x changes it: preview first, nothing before the typed name', 'dim')],
      ];
    },
  },
};
