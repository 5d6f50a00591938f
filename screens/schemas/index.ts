/** Schemas of a registry: subjects, versions of one, the text of a version, the difference of two. Read only. */
import { plural } from '../../src/base/format.ts';
import type { SchemaVersion } from '../../src/control/schema-registry.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { compareText } from '../../src/store/row-selection.ts';
import type { SubjectRow } from '../../src/store/schema-store.ts';
import type { ViewState } from '../../src/store/view.ts';
import { counted } from '../parts/counted.ts';
import { type Line, span } from '../parts/line.ts';
import { notice } from '../parts/no-rows.ts';
import type { TablePane, TextPane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';
import { diffText, schemaLines } from './text.ts';

const unknown = (row: SubjectRow, text: string | number | undefined) =>
  text === undefined ? span(row.error === null ? '…' : '?', 'dim') : span(String(text));

const subjectColumns: readonly Column<SubjectRow>[] = [
  { id: 'subject', title: 'SUBJECT', width: 24, grow: 1, priority: 0, isPinned: true, sortKey: 'S', value: (row) => row.subject },
  {
    id: 'type',
    title: 'TYPE',
    width: 8,
    priority: 1,
    value: (row) => row.latest?.type ?? null,
    draw: (row) => unknown(row, row.latest?.type),
  },
  {
    id: 'version',
    title: 'VERSION',
    width: 7,
    align: 'right',
    priority: 0,
    value: (row) => row.latest?.version ?? null,
    draw: (row) => unknown(row, row.latest?.version),
  },
  {
    id: 'compatibility',
    title: 'COMPAT',
    width: 12,
    fit: 20,
    priority: 1,
    value: (row) => row.compatibility,
    draw: (row) => unknown(row, row.compatibility ?? undefined),
  },
  {
    id: 'schema-id',
    title: 'ID',
    width: 7,
    align: 'right',
    priority: 2,
    sortKey: 'I',
    value: (row) => row.latest?.id ?? null,
    draw: (row) => unknown(row, row.latest?.id),
  },
  {
    id: 'references',
    title: 'REFS',
    width: 5,
    align: 'right',
    priority: 3,
    value: (row) => row.latest?.references.length ?? null,
    draw: (row) => unknown(row, row.latest?.references.length),
  },
];

/** What stands instead of rows; `null`: there is nothing to excuse. */
function troubleLines(error: string | null, isAsked: boolean): Line[] | null {
  if (error !== null)
    return [[], [span(`   ${error}`, 'fail')], [span('   It is asked again and again; nothing else waits for it.', 'dim')]];
  return isAsked ? null : notice('asking the schema registry …');
}

function stale(error: string | null, hasRows: boolean): Line[] {
  return error !== null && hasRows ? [[span(`  ▲ as it was before: ${error}`, 'warn')]] : [];
}

export const schemasPane: TablePane = {
  id: 'schemas',
  kind: 'table',
  table: defineTable<SubjectRow>({
    pane: 'schemas',
    columns: subjectColumns,
    rows: ({ schemas }) => schemas?.subjects ?? [],
    isFault: (row) => row.error !== null,
    id: (row) => row.subject,
    target: (row) => ({ subject: row.subject }),
    raw: (row) => row,
    compare: (a, b) => compareText(a.subject, b.subject),
  }),
  title: () => 'schemas',
  info: (snapshot) => {
    const level = snapshot.data.schemas?.compatibility ?? null;
    return [...counted(snapshot), span(level === null ? '' : ` · ${level}`, 'dim')];
  },
  summary: ({ data }) => stale(data.schemas?.error ?? null, (data.schemas?.subjects ?? []).length > 0),
  empty: ({ schemas }) =>
    schemas === null
      ? notice('No schema registry is configured: --schema-registry URL.')
      : (troubleLines(schemas.error, schemas.subjects !== null) ?? notice('The registry holds no subjects.')),
};

function versionsOf({ schemas }: ConsoleData, { target }: Pick<ViewState, 'target'>): readonly SchemaVersion[] {
  return schemas?.open?.subject === target.subject ? (schemas?.open?.versions ?? []) : [];
}

function openTrouble({ schemas }: ConsoleData, view: ViewState): Line[] {
  const open = schemas?.open?.subject === view.target.subject ? schemas?.open : null;
  return troubleLines(open?.error ?? null, open?.versions != null) ?? notice('That version is not there.');
}

export const subjectPane: TablePane = {
  id: 'subject',
  kind: 'table',
  table: defineTable<SchemaVersion>({
    pane: 'subject',
    columns: [
      { id: 'version', title: 'VERSION', width: 7, align: 'right', priority: 0, sortKey: 'V', value: (row) => row.version },
      { id: 'schema-id', title: 'ID', width: 7, align: 'right', priority: 0, sortKey: 'I', value: (row) => row.id },
      { id: 'type', title: 'TYPE', width: 8, priority: 1, value: (row) => row.type },
      {
        id: 'references',
        title: 'REFERENCES',
        width: 16,
        grow: 1,
        priority: 1,
        value: (row) => row.references.map((one) => `${one.subject} v${one.version}`).join(', '),
        draw: (row) => span(row.references.map((one) => `${one.subject} v${one.version}`).join(', ') || '–', 'dim'),
      },
      { id: 'text', title: 'TEXT', width: 24, grow: 1, priority: 2, value: (row) => row.schema.replace(/\s+/g, ' ') },
    ],
    rows: versionsOf,
    id: (row) => String(row.version),
    target: (row) => ({ subject: row.subject, version: row.version }),
    raw: (row) => row,
    compare: (a, b) => b.version - a.version,
  }),
  title: (view) => view.target.subject ?? 'subject',
  info: counted,
  summary: ({ data, view }) => stale(data.schemas?.open?.error ?? null, versionsOf(data, view).length > 0),
  empty: openTrouble,
};

export const schemaPane: TextPane = {
  id: 'schema',
  kind: 'text',
  title: (view) => `v${view.target.version ?? '?'}`,
  info: ({ data, view }) => {
    const one = versionsOf(data, view).find(({ version }) => version === view.target.version);
    return one ? [span(`id ${one.id} · ${one.type} · ${plural(one.references.length, 'reference')}`, 'dim')] : [];
  },
  lines: ({ data, view }) => {
    const one = versionsOf(data, view).find(({ version }) => version === view.target.version);
    if (!one) return openTrouble(data, view);
    const references = one.references.map(
      (ref): Line => [span(`  ${ref.name}  `, 'dim'), span(`${ref.subject} v${ref.version}`, 'accent')],
    );
    return [...references, ...schemaLines(one).map((text): Line => [span(`  ${text}`)])];
  },
};

export const schemaDiffPane: TextPane = {
  id: 'schema-diff',
  kind: 'text',
  title: ({ target }) => `v${target.versus ?? '?'} → v${target.version ?? '?'}`,
  lines: ({ data, view }) => {
    const find = (wanted: number | undefined) => versionsOf(data, view).find(({ version }) => version === wanted);
    const [before, after] = [find(view.target.versus), find(view.target.version)];
    return before && after ? diffText(before, after) : openTrouble(data, view);
  },
};
