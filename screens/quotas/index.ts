/** Limits of users, clients and addresses. Read only. */
import { formatBytes, formatCount } from '../../src/base/format.ts';
import { Memo } from '../../src/base/memo.ts';
import type { ClientQuota } from '../../src/kafka/contract.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { compareText } from '../../src/store/row-selection.ts';
import { counted } from '../parts/counted.ts';
import { type Line, span } from '../parts/line.ts';
import { askedEmpty } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

/** One limit of one entity. */
interface QuotaRow {
  readonly entity: string;
  readonly key: string;
  readonly value: number;
}

/** `user alice, client-id default`. */
function entityText(entity: ClientQuota['entity']): string {
  return entity.map(({ type, name }) => `${type} ${name ?? '(default)'}`).join(', ');
}

function limitText({ key, value }: Pick<QuotaRow, 'key' | 'value'>): string {
  if (key.endsWith('_byte_rate')) return `${formatBytes(BigInt(Math.round(value)))}/s`;
  if (key === 'request_percentage') return `${value} % of a thread`;
  return key.endsWith('_rate') ? `${Number.isInteger(value) ? formatCount(value) : value}/s` : String(value);
}

const columns: readonly Column<QuotaRow>[] = [
  { id: 'entity', title: 'ENTITY', width: 28, grow: 1, priority: 0, isPinned: true, sortKey: 'E', value: (row) => row.entity },
  { id: 'key', title: 'LIMIT', width: 24, priority: 0, sortKey: 'L', value: (row) => row.key },
  {
    id: 'value',
    title: 'VALUE',
    width: 18,
    align: 'right',
    priority: 0,
    sortKey: 'V',
    value: (row) => row.value,
    draw: (row) => span(limitText(row)),
  },
];

function nothing(data: ConsoleData): Line[] {
  const asked = data.cluster?.details.quotas ?? { value: null, error: null };
  return askedEmpty(data, asked, { name: 'Quotas', right: 'DescribeConfigs', none: 'There are no quotas: nobody is slowed down.' });
}

function toRows(quotas: readonly ClientQuota[]): QuotaRow[] {
  return quotas.flatMap(({ entity, limits }) => limits.map(({ key, value }) => ({ entity: entityText(entity), key, value })));
}

const made = new Memo<readonly QuotaRow[]>();

export const quotasPane: TablePane = {
  id: 'quotas',
  kind: 'table',
  source: 'kafka',
  table: defineTable<QuotaRow>({
    pane: 'quotas',
    columns,
    rows: ({ cluster }) => {
      const quotas = cluster?.details.quotas.value ?? null;
      return made.get([quotas], () => toRows(quotas ?? []));
    },
    id: (row) => `${row.entity} ${row.key}`,
    target: () => ({}),
    raw: (row) => row,
    compare: (a, b) => compareText(a.entity, b.entity) || compareText(a.key, b.key),
  }),
  title: () => 'quotas',
  info: counted,
  empty: nothing,
};
