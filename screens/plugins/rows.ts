/** Rows of the worker's plugins, and of the settings of one of them. */
import { Memo } from '../../src/base/memo.ts';
import type { ConfigKeyInfo, PluginInfo } from '../../src/herder/model.ts';
import type { ConnectorRow } from '../../src/store/connect-model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { compareText } from '../../src/store/row-selection.ts';
import { simpleName } from '../../src/store/trace.ts';
import type { PaneId } from '../../src/store/view.ts';
import { dimColumn } from '../parts/dim-column.ts';
import { span } from '../parts/line.ts';
import { type Column, defineTable, type Table } from '../parts/table.ts';

interface PluginRow extends PluginInfo {
  readonly usedBy: number;
}

const pluginColumns: readonly Column<PluginRow>[] = [
  { id: 'name', title: 'NAME', width: 24, fit: 36, grow: 2, priority: 0, sortKey: 'A', value: (row) => simpleName(row.class) },
  { id: 'type', title: 'TYPE', width: 16, priority: 0, sortKey: 'T', value: (row) => row.type },
  dimColumn({ id: 'version', title: 'VERSION', width: 14, priority: 1, sortKey: 'V', value: (row) => row.version }),
  {
    id: 'used',
    title: 'USED',
    width: 5,
    align: 'right',
    priority: 2,
    sortKey: 'U',
    value: (row) => row.usedBy,
    draw: (row) => span(row.usedBy > 0 ? String(row.usedBy) : '–', row.usedBy > 0 ? 'text' : 'dim'),
  },
  dimColumn({ id: 'class', title: 'CLASS', width: 16, grow: 3, priority: 3, sortKey: 'C', value: (row) => row.class }),
];

const TYPES = ['source', 'sink', 'transformation', 'predicate', 'converter', 'header_converter'];

/** How often each text is the value of a setting of a connector: plugins are named so. */
function valueCounts(connectors: readonly ConnectorRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of connectors) for (const value of Object.values(row.config)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function pluginRows(plugins: readonly PluginInfo[], counts: ReadonlyMap<string, number>): PluginRow[] {
  return plugins.map((plugin) => {
    const simple = simpleName(plugin.class);
    const names = new Set([plugin.class, simple, simple.replace(/(Source|Sink)?Connector$/, '$1')]);
    return { ...plugin, usedBy: [...names].reduce((all, name) => all + (counts.get(name) ?? 0), 0) };
  });
}

export function pluginsTable(pane: PaneId, isWanted: (plugin: PluginInfo) => boolean): Table {
  const made = new Memo<readonly PluginRow[]>();
  return defineTable<PluginRow>({
    pane,
    columns: pluginColumns,
    rows: ({ plugins: { plugins }, connect }) =>
      made.get([plugins, connect], () => pluginRows((plugins ?? []).filter(isWanted), valueCounts(connect?.connectors ?? []))),
    id: (row) => `${row.class} ${row.type} ${row.version ?? ''}`,
    target: (row) => ({ plugin: row.class }),
    raw: (row) => row,
    compare: (a, b) => TYPES.indexOf(a.type) - TYPES.indexOf(b.type) || compareText(simpleName(a.class), simpleName(b.class)),
  });
}

interface SettingRow extends ConfigKeyInfo {
  /** Place in which the groups come. */
  readonly groupPlace: number;
  readonly choices: readonly string[];
}

function settingRows({ pluginConfig }: ConsoleData, plugin: string | undefined): SettingRow[] {
  if (pluginConfig?.plugin !== plugin || !pluginConfig?.keys) return [];
  const groups = [...new Set(pluginConfig.keys.map((key) => key.group))];
  const placed = pluginConfig.keys.map((key) => ({
    ...key,
    groupPlace: groups.indexOf(key.group),
    choices: choicesIn(key, pluginConfig.choices),
  }));
  return placed.sort((a, b) => a.groupPlace - b.groupPlace);
}

function choicesIn(key: ConfigKeyInfo, choices: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const recommended = choices.get(key.name) ?? [];
  return recommended.length > 0 ? recommended : key.type === 'BOOLEAN' ? ['true', 'false'] : [];
}

export function defaultText({ required, default_value }: ConfigKeyInfo): string {
  return required ? 'required' : default_value === null ? 'none' : default_value === '' ? 'empty' : default_value;
}

const settingColumns: readonly Column<SettingRow>[] = [
  dimColumn({ id: 'group', title: 'GROUP', width: 12, fit: 18, priority: 2, sortKey: 'R', value: (row) => row.group }),
  {
    id: 'name',
    title: 'NAME',
    width: 22,
    fit: 46,
    grow: 1,
    priority: 0,
    sortKey: 'A',
    value: (row) => row.name,
    draw: (row) => span(row.name, 'accent'),
  },
  { id: 'type', title: 'TYPE', width: 8, priority: 1, sortKey: 'T', value: (row) => row.type.toLowerCase() },
  {
    id: 'default',
    title: 'DEFAULT',
    width: 12,
    grow: 1,
    priority: 0,
    sortKey: 'D',
    value: (row) => defaultText(row),
    draw: (row) => span(defaultText(row), row.required ? 'warn' : 'dim'),
  },
  {
    id: 'importance',
    title: 'IMPORT',
    width: 6,
    priority: 1,
    sortKey: 'I',
    value: (row) => row.importance.toLowerCase(),
    draw: (row) => span(row.importance.toLowerCase(), row.importance === 'HIGH' ? 'text' : 'dim'),
  },
  {
    id: 'values',
    title: 'VALUES',
    width: 14,
    grow: 1,
    priority: 3,
    isLeftOutWhenEmpty: true,
    value: (row) => row.choices.join(', '),
    draw: (row) => span(row.choices.join(', '), 'dim'),
  },
  // Also where there is no room for it: a filter finds settings by what is said about them.
  { id: 'documentation', title: 'DOCUMENTATION', width: 30, grow: 3, priority: 4, value: (row) => row.documentation.replace(/\s+/g, ' ') },
];

export const settingsTable: Table = defineTable<SettingRow>({
  pane: 'plugin',
  columns: settingColumns,
  rows: (data, view) => settingRows(data, view.target.plugin),
  id: (row) => row.name,
  target: (row) => ({ setting: row.name }),
  raw: ({ groupPlace: _, ...row }) => row,
  compare: null,
});
