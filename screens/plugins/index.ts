/** Plugins of the worker, those that a connector can be made of, and the settings of one of them. */
import { wrapWords } from '../../src/base/wrap-words.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { simpleName } from '../../src/store/trace.ts';
import { counted } from '../parts/counted.ts';
import { type Line, span } from '../parts/line.ts';
import { connectEmpty, notice } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { defaultText, pluginsTable, settingsTable } from './rows.ts';

function empty(data: ConsoleData): readonly Line[] {
  if (data.plugins.error !== null) return notice(data.plugins.error, 'fail');
  if (data.plugins.plugins === null) return notice('reading …');
  return connectEmpty(data, 'This worker names no plugins.');
}

export const pluginsPane: TablePane = {
  id: 'plugins',
  kind: 'table',
  table: pluginsTable('plugins', () => true),
  title: () => 'plugins',
  info: counted,
  empty,
};

/** The first step of a new connector. */
export const newPane: TablePane = {
  id: 'new',
  kind: 'table',
  table: pluginsTable('new', ({ type }) => type === 'source' || type === 'sink'),
  title: () => 'new connector of …',
  info: counted,
  empty,
};

const DOCUMENTATION_ROWS = 5;

export const pluginPane: TablePane = {
  id: 'plugin',
  kind: 'table',
  table: settingsTable,
  title: (view) => simpleName(view.target.plugin ?? ''),
  info: counted,
  empty: ({ pluginConfig: found }, view) => {
    if (found?.plugin !== view.target.plugin || (found?.keys === null && found.error === null)) return notice('reading …');
    if (!found?.keys) return notice(found?.error ?? '', 'fail');
    return notice('It has no settings.');
  },
  detail: {
    height: DOCUMENTATION_ROWS + 3,
    lines: ({ data }, id, _look, width) => {
      const key = data.pluginConfig?.keys?.find((one) => one.name === id);
      if (!key) return [];
      const choices = data.pluginConfig?.choices.get(id) ?? [];
      const rows = (text: string, most: number, tone: 'text' | 'dim'): Line[] =>
        wrapWords(text, width - 4, most).map((row) => [span(`  ${row}`, tone)]);
      return [
        [
          span(`  ${key.name}`, 'accent'),
          span(`  ${key.type.toLowerCase()} · ${key.importance.toLowerCase()} · ${key.group ?? 'no group'} · `, 'dim'),
          span(key.required ? 'required' : `default ${defaultText(key)}`, key.required ? 'warn' : 'dim'),
        ],
        ...rows(key.documentation.replace(/\s+/g, ' '), DOCUMENTATION_ROWS, 'text'),
        ...(choices.length > 0 ? rows(`values: ${choices.join(', ')}`, 1, 'dim') : []),
        ...(key.dependents.length > 0 ? rows(`what depends on it: ${key.dependents.join(', ')}`, 1, 'dim') : []),
      ];
    },
  },
};
