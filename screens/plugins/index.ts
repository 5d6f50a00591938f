/** Plugins of the worker, and the settings of one of them. */
import { sanitizeLines } from '../../src/base/sanitize.ts';
import type { ConfigKeyInfo, PluginInfo } from '../../src/herder/model.ts';
import { compareText } from '../../src/store/row-selection.ts';
import { simpleName } from '../../src/store/trace.ts';
import { connectEmpty } from '../connectors/index.ts';
import { counted } from '../parts/counted.ts';
import { type Line, span } from '../parts/line.ts';
import type { TablePane, TextPane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

interface PluginRow extends PluginInfo {
  readonly usedBy: number;
}

const columns: readonly Column<PluginRow>[] = [
  { id: 'name', title: 'NAME', width: 24, grow: 2, priority: 0, sortKey: 'A', value: (row) => simpleName(row.class) },
  { id: 'type', title: 'TYPE', width: 16, priority: 0, sortKey: 'T', value: (row) => row.type },
  {
    id: 'version',
    title: 'VERSION',
    width: 14,
    priority: 1,
    sortKey: 'V',
    value: (row) => row.version ?? '',
    draw: (row) => span(row.version ?? '–', 'dim'),
  },
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
  {
    id: 'class',
    title: 'CLASS',
    width: 30,
    grow: 3,
    priority: 3,
    sortKey: 'C',
    value: (row) => row.class,
    draw: (row) => span(row.class, 'dim'),
  },
];

const TYPES = ['source', 'sink', 'transformation', 'predicate', 'converter', 'header_converter'];

export const pluginsPane: TablePane = {
  id: 'plugins',
  kind: 'table',
  table: defineTable<PluginRow>({
    pane: 'plugins',
    columns,
    rows: (data) => {
      const values = (data.connect?.connectors ?? []).flatMap((row) => Object.values(row.config));
      return (data.plugins.plugins ?? []).map((plugin) => {
        const names = [plugin.class, simpleName(plugin.class), simpleName(plugin.class).replace(/(Source|Sink)?Connector$/, '$1')];
        return { ...plugin, usedBy: values.filter((value) => names.includes(value)).length };
      });
    },
    id: (row) => `${row.class} ${row.type} ${row.version ?? ''}`,
    target: (row) => ({ plugin: row.class }),
    compare: (a, b) => TYPES.indexOf(a.type) - TYPES.indexOf(b.type) || compareText(simpleName(a.class), simpleName(b.class)),
  }),
  title: () => 'plugins',
  info: counted,
  empty: (data) =>
    data.plugins.error === null
      ? data.plugins.plugins === null
        ? [[], [span('   reading …', 'dim')]]
        : connectEmpty(data, 'This worker names no plugins.')
      : [[], [span(`   ${data.plugins.error}`, 'fail')]],
};

const WORDS: Readonly<Record<string, string>> = { HIGH: 'high', MEDIUM: 'medium', LOW: 'low' };

function keyLines(key: ConfigKeyInfo): Line[] {
  const needed = key.required
    ? span('  required', 'warn')
    : span(`  default ${key.default_value === null ? 'none' : key.default_value === '' ? 'empty' : key.default_value}`, 'dim');
  return [
    [span(key.name, 'accent'), span(`  ${key.type.toLowerCase()} · ${WORDS[key.importance] ?? key.importance}`, 'dim'), needed],
    ...sanitizeLines(key.documentation).map((text): Line => [span(`    ${text}`)]),
  ];
}

export const pluginPane: TextPane = {
  id: 'plugin',
  kind: 'text',
  title: (view) => simpleName(view.target.plugin ?? ''),
  info: ({ data }) => [span(data.pluginConfig?.keys ? `${data.pluginConfig.keys.length} settings` : '', 'dim')],
  lines: ({ data, view }) => {
    const found = data.pluginConfig;
    if (found?.plugin !== view.target.plugin || (found?.keys === null && found.error === null)) return [[], [span('reading …', 'dim')]];
    if (!found?.keys) return [[], [span(found?.error ?? '', 'fail')]];
    let group: string | null = null;
    const lines: Line[] = [];
    for (const key of found.keys) {
      if (key.group !== group) lines.push([], [span(key.group ?? 'other', 'title')]);
      group = key.group;
      lines.push(...keyLines(key));
    }
    return lines.length === 0 ? [[span('It has no settings.', 'dim')]] : lines;
  },
};
