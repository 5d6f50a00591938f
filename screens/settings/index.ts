/** Settings of a topic or a broker: value, where it comes from, what can be changed. What was set for it on top. */

import { wrapWords } from '../../src/base/wrap-words.ts';
import { settingInWords } from '../../src/cluster/setting-words.ts';
import type { ConfigEntry } from '../../src/kafka/contract.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { settingsResource } from '../../src/store/demand.ts';
import type { ViewState } from '../../src/store/view.ts';
import { counted } from '../parts/counted.ts';
import { type Line, type Span, span } from '../parts/line.ts';
import { kafkaEmpty } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

function settingsOf({ cluster }: ConsoleData, { target }: ViewState) {
  const wanted = settingsResource(target);
  const settings = cluster?.details.settings;
  return wanted && settings?.resource.type === wanted.type && settings.resource.name === wanted.name ? settings : null;
}

const ORIGINS: Readonly<Record<ConfigEntry['source'], string>> = {
  topic: 'topic',
  broker: 'broker',
  'default-broker': 'all brokers',
  static: 'file',
  default: 'default',
  'broker-logger': 'logger',
  group: 'group',
  unknown: '?',
};

/** Set for this very object, and not by a file or for all. */
export const isOwn = ({ source }: ConfigEntry): boolean => source === 'topic' || source === 'broker' || source === 'group';

function valueSpans(row: ConfigEntry): Line {
  if (row.isSensitive) return [span('[hidden]', 'dim')];
  if (row.value === null || row.value === '') return [span(row.value === null ? '–' : '""', 'dim')];
  const words = settingInWords(row.name, row.value);
  return [span(row.value, isOwn(row) ? 'accent' : 'text'), ...(words === null ? [] : [span(`  ${words}`, 'dim')])];
}

const originSpan = (row: ConfigEntry): Span => span(ORIGINS[row.source], isOwn(row) ? 'accent' : row.source === 'default' ? 'dim' : 'text');

const columns: readonly Column<ConfigEntry>[] = [
  { id: 'name', title: 'NAME', width: 30, fit: 56, priority: 0, sortKey: 'A', value: (row) => row.name },
  {
    id: 'value',
    title: 'VALUE',
    width: 20,
    grow: 1,
    priority: 0,
    sortKey: 'V',
    value: (row) => (row.isSensitive ? '[hidden]' : row.value),
    draw: valueSpans,
  },
  { id: 'origin', title: 'ORIGIN', width: 11, priority: 1, sortKey: 'R', value: (row) => ORIGINS[row.source], draw: originSpan },
  {
    id: 'change',
    title: 'CHANGE',
    width: 9,
    priority: 2,
    value: (row) => (row.isReadOnly ? 'read-only' : ''),
    draw: (row) => span(row.isReadOnly ? 'read-only' : '', 'dim'),
  },
];

const RANK: Readonly<Record<ConfigEntry['source'], number>> = {
  topic: 0,
  broker: 0,
  group: 0,
  'broker-logger': 0,
  'default-broker': 1,
  static: 2,
  unknown: 3,
  default: 3,
};

export const settingsPane: TablePane = {
  id: 'settings',
  kind: 'table',
  source: 'kafka',
  table: defineTable<ConfigEntry>({
    pane: 'settings',
    columns,
    rows: (data, view) => settingsOf(data, view)?.entries ?? [],
    id: (row) => row.name,
    target: (row) => ({ setting: row.name }),
    raw: (row) => row,
    compare: (a, b) => RANK[a.source] - RANK[b.source] || (a.name < b.name ? -1 : 1),
  }),
  title: ({ target }) => `settings of ${target.topic ?? `broker ${target.broker ?? '?'}`}`,
  info: (snapshot) => {
    const entries = settingsOf(snapshot.data, snapshot.view)?.entries ?? [];
    return [span(`${entries.filter(isOwn).length} set here · `, 'dim'), ...counted(snapshot)];
  },
  empty: (data, view) => {
    const error = settingsOf(data, view)?.error ?? null;
    return error === null
      ? kafkaEmpty(data, 'reading …')
      : [[], [span('   The settings cannot be read.', 'fail')], [span(`   ${error}`, 'dim')]];
  },
  detail: {
    height: 3,
    lines: ({ data, view }, id, _, width) => {
      const row = settingsOf(data, view)?.entries?.find(({ name }) => name === id);
      if (!row?.documentation) return [];
      return wrapWords(row.documentation.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' '), width - 4, 3).map(
        (text): Line => [span(`  ${text}`, 'dim')],
      );
    },
  },
};
