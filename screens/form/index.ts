/** The form of a new connector: its settings with what they mean, and what the worker says of them; then all of it as files. */

import { maskConfig } from '../../src/base/mask.ts';
import { wrapWords } from '../../src/base/wrap-words.ts';
import { formatConfig } from '../../src/store/config-text.ts';
import type { FormField } from '../../src/store/connector-form.ts';
import type { DialogLine } from '../../src/store/dialog.ts';
import { choicesOf, fieldLines } from '../../src/store/form-field.ts';
import { simpleName } from '../../src/store/trace.ts';
import { counted } from '../parts/counted.ts';
import { dimColumn } from '../parts/dim-column.ts';
import { type Line, span } from '../parts/line.ts';
import { notice } from '../parts/no-rows.ts';
import type { TablePane, TextPane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

const shownValue = ({ value, isSecret }: FormField) => (value === null ? null : isSecret ? '••••' : value);

const columns: readonly Column<FormField>[] = [
  {
    id: 'mark',
    title: '',
    width: 1,
    priority: 0,
    value: (row) => (row.errors.length > 0 ? 'refused' : row.value === null ? '' : 'set'),
    draw: (row) => (row.errors.length > 0 ? span('✖', 'fail') : row.value === null ? span(' ') : span('●', 'ok')),
  },
  {
    id: 'name',
    title: 'NAME',
    width: 20,
    fit: 44,
    grow: 1,
    priority: 0,
    sortKey: 'A',
    value: (row) => row.key,
    draw: (row) => [span(row.key), ...(row.definition?.required ? [span(' *', 'warn')] : [])],
  },
  {
    id: 'value',
    title: 'VALUE',
    width: 18,
    grow: 3,
    priority: 0,
    sortKey: 'V',
    value: (row) => shownValue(row) ?? '',
    draw: (row) => {
      const value = shownValue(row);
      return value === null ? span(row.definition?.default_value ?? '–', 'dim') : span(value, 'accent');
    },
  },
  dimColumn({
    id: 'importance',
    title: 'IMPORT',
    width: 6,
    priority: 2,
    sortKey: 'I',
    value: (row) => row.definition?.importance.toLowerCase(),
  }),
  dimColumn({ id: 'group', title: 'GROUP', width: 12, priority: 1, sortKey: 'R', value: (row) => row.definition?.group }),
  dimColumn({ id: 'type', title: 'TYPE', width: 8, priority: 3, sortKey: 'T', value: (row) => row.definition?.type.toLowerCase() }),
];

const DOCUMENTATION_ROWS = 3;

function toLines(line: DialogLine, width: number): Line[] {
  return wrapWords(line.text, width - 4, DOCUMENTATION_ROWS).map((text) => [span(`  ${text}`, line.tone)]);
}

export const formPane: TablePane = {
  id: 'form',
  kind: 'table',
  table: defineTable<FormField>({
    pane: 'form',
    columns,
    rows: (data) => data.form?.fields ?? [],
    id: (row) => row.key,
    target: (row) => ({ setting: row.key }),
    raw: (row) => ({ ...row, value: shownValue(row) }),
    isFault: (row) => row.errors.length > 0,
    compare: null,
  }),
  title: () => 'new connector',
  info: (snapshot) => {
    const { form } = snapshot.data;
    if (!form) return [];
    const refused = form.problems.length;
    const said = form.isJudging ? span('judging …', 'dim') : refused > 0 ? span(`${refused} refused`, 'fail') : span('✓ accepted', 'ok');
    return [
      span(`${simpleName(form.className)} · `, 'dim'),
      ...(form.error === null ? [said] : [span('not judged', 'fail')]),
      span(' · ', 'dim'),
      ...counted(snapshot),
    ];
  },
  empty: ({ form }) => {
    if (!form) return notice('No connector is being made. ^n begins one.');
    if (form.error !== null) return notice(`The worker cannot judge it: ${form.error}`, 'fail');
    return notice('asking the worker for its settings …');
  },
  detail: {
    height: 7,
    lines: ({ data }, id, _look, width) => {
      const field = data.form?.fields.find((one) => one.key === id);
      if (!field) return [];
      const choices = choicesOf(field);
      return [
        ...(data.form?.error ? toLines({ text: `the worker cannot judge it: ${data.form.error}`, tone: 'fail' }, width) : []),
        ...field.errors.slice(0, 2).flatMap((text) => toLines({ text: `✖ ${text}`, tone: 'fail' }, width)),
        ...fieldLines(field).flatMap((line) => toLines(line, width)),
        ...(choices.length > 0 ? toLines({ text: `values: ${choices.join(', ')}`, tone: 'dim' }, width) : []),
      ];
    },
  },
};

export const formPreviewPane: TextPane = {
  id: 'form-preview',
  kind: 'text',
  title: () => 'as files',
  info: () => [span('secrets are hidden · nothing is created yet', 'dim')],
  lines: ({ data }) => {
    const { form } = data;
    if (!form) return [[], [span('It is gone.', 'dim')]];
    const base = { config: form.values, passwordKeys: form.passwordKeys };
    const name = form.values.name ?? '';
    const json = JSON.stringify({ name, config: maskConfig(form.values, form.passwordKeys) }, null, 2);
    return [
      [span('.properties', 'title')],
      ...formatConfig(base, 'properties')
        .trimEnd()
        .split('\n')
        .map((text): Line => [span(text)]),
      [],
      [span('JSON, as POST /connectors takes it', 'title')],
      ...json.split('\n').map((text): Line => [span(text)]),
    ];
  },
};
