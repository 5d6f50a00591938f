/** Who may do what. Read only. */
import type { AclBinding } from '../../src/kafka/contract.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { compareText } from '../../src/store/row-selection.ts';
import { counted } from '../parts/counted.ts';
import { dimColumn } from '../parts/dim-column.ts';
import { type Line, span } from '../parts/line.ts';
import { askedEmpty } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

const columns: readonly Column<AclBinding>[] = [
  { id: 'principal', title: 'PRINCIPAL', width: 18, fit: 48, priority: 0, isPinned: true, sortKey: 'P', value: (row) => row.principal },
  {
    id: 'permission',
    title: 'MAY',
    width: 5,
    priority: 0,
    sortKey: 'M',
    value: (row) => row.permission,
    draw: (row) => span(row.permission, row.permission === 'DENY' ? 'fail' : 'ok'),
  },
  { id: 'operation', title: 'OPERATION', width: 12, fit: 16, priority: 0, value: (row) => row.operation },
  { id: 'type', title: 'TYPE', width: 8, fit: 16, priority: 1, sortKey: 'T', value: (row) => row.resourceType },
  { id: 'resource', title: 'RESOURCE', width: 16, grow: 1, priority: 0, sortKey: 'R', value: (row) => row.resourceName },
  {
    id: 'pattern',
    title: 'PATTERN',
    width: 8,
    priority: 2,
    value: (row) => row.patternType,
    draw: (row) => span(row.patternType, row.patternType === 'LITERAL' ? 'dim' : 'text'),
  },
  dimColumn({ id: 'host', title: 'HOST', width: 10, fit: 40, priority: 3, sortKey: 'H', value: (row) => row.host }),
];

const idOf = (row: AclBinding) =>
  [row.principal, row.host, row.permission, row.operation, row.resourceType, row.patternType, row.resourceName].join(' ');

function nothing(data: ConsoleData): Line[] {
  const asked = data.cluster?.details.acls ?? { value: null, error: null };
  if (asked.error?.includes('SECURITY_DISABLED'))
    return [
      [],
      [span('   These brokers have no authorizer: all may do everything.', 'warn')],
      [span('   authorizer.class.name in their configuration switches one on.', 'dim')],
    ];
  return askedEmpty(data, asked, { name: 'ACLs', right: 'Describe', none: 'There are no ACLs: only super users may do anything.' });
}

export const aclsPane: TablePane = {
  id: 'acls',
  kind: 'table',
  source: 'kafka',
  table: defineTable<AclBinding>({
    pane: 'acls',
    columns,
    rows: (data) => data.cluster?.details.acls.value ?? [],
    id: idOf,
    target: (row) =>
      row.resourceType === 'TOPIC' && row.patternType === 'LITERAL'
        ? { topic: row.resourceName }
        : row.resourceType === 'GROUP' && row.patternType === 'LITERAL'
          ? { group: row.resourceName }
          : {},
    raw: (row) => row,
    compare: (a, b) => compareText(a.principal, b.principal) || compareText(idOf(a), idOf(b)),
  }),
  title: () => 'acls',
  info: counted,
  summary: ({ data }) => {
    const { value, error } = data.cluster?.details.acls ?? { value: null, error: null };
    return value !== null && value.length > 0 && error !== null ? [[span(`  ▲ not asked anew: ${error}`, 'warn')]] : [];
  },
  empty: nothing,
};
