import { formatAge } from '../../src/base/format.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { counted } from '../parts/counted.ts';
import { type Line, span } from '../parts/line.ts';
import type { TablePane } from '../parts/pane.ts';
import { connectorDetail } from './detail.ts';
import { connectorTable } from './rows.ts';

export function connectEmpty({ connect, nowMs }: ConsoleData, what: string): Line[] {
  if (!connect) return [[], [span('   connecting …', 'dim')]];
  if (connect.reach.error !== null) {
    const since = connect.reach.failingSinceMs === null ? '' : ` for ${formatAge(nowMs - connect.reach.failingSinceMs)}`;
    return [
      [],
      [span(`   Connect is not reachable${since}`, 'fail')],
      [span(`   ${connect.reach.error}`, 'dim')],
      [],
      [span('   It is asked again and again; nothing needs to be done here.', 'dim')],
    ];
  }
  return connect.reach.lastOkMs === null ? [[], [span('   asking the worker …', 'dim')]] : [[], [span(`   ${what}`, 'dim')]];
}

export const connectorsPane: TablePane = {
  id: 'connectors',
  kind: 'table',
  source: 'connect',
  table: connectorTable,
  title: () => 'connectors',
  info: (snapshot) => [...counted(snapshot), span(snapshot.view.sort ? ` · by ${snapshot.view.sort.column}` : ' · by health', 'dim')],
  empty: (data) => connectEmpty(data, 'There are no connectors on this worker.'),
  detail: {
    height: 5,
    lines: ({ data }, id, look, width) => {
      const row = data.connect?.connectors.find((one) => one.name === id);
      return row ? connectorDetail(row, look, width) : [];
    },
  },
};
