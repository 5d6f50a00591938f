/** The config of a connector, sorted, secrets hidden. */
import { maskConfig } from '../../src/base/mask.ts';
import { textWidth } from '../../src/base/width.ts';
import { passwordKeys } from '../../src/store/connect-model.ts';
import { type Line, span } from '../parts/line.ts';
import type { TextPane } from '../parts/pane.ts';
import { connectorOf } from '../tasks/index.ts';

export const configPane: TextPane = {
  id: 'config',
  kind: 'text',
  isSearched: true,
  title: (view) => `config of ${view.target.connector ?? '?'}`,
  info: () => [span('secrets are hidden', 'dim')],
  lines: ({ data, view }) => {
    const row = connectorOf(data, view);
    if (!row) return [[], [span('It is gone.', 'dim')]];
    const { pluginConfig } = data;
    if (pluginConfig?.plugin !== row.className) return [[], [span('reading …', 'dim')]];
    const entries = Object.entries(maskConfig(row.config, passwordKeys(pluginConfig.keys ?? []))).sort(([a], [b]) => (a < b ? -1 : 1));
    const width = Math.min(48, Math.max(...entries.map(([key]) => textWidth(key))));
    return entries.map(([key, value]): Line => [span(key.padEnd(width), 'accent'), span(' = ', 'dim'), span(value)]);
  },
};
