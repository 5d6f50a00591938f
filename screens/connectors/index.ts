import { counted } from '../parts/counted.ts';
import { span } from '../parts/line.ts';
import { connectEmpty } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { connectorDetail } from './detail.ts';
import { connectorTable } from './rows.ts';

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
