/** Who uses this: of a topic its connectors and groups, of a connector its topics, group and dead letters; Enter goes there. */
import { Memo } from '../../src/base/memo.ts';
import { type UserRow, usersOf } from '../../src/store/users.ts';
import { counted } from '../parts/counted.ts';
import { dimColumn } from '../parts/dim-column.ts';
import { span } from '../parts/line.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

const columns: readonly Column<UserRow>[] = [
  dimColumn({ id: 'relation', title: 'HOW', width: 16, priority: 0, sortKey: 'H', value: (row) => row.relation }),
  { id: 'kind', title: 'KIND', width: 9, priority: 0, sortKey: 'K', value: (row) => row.kind },
  { id: 'name', title: 'NAME', width: 24, fit: 60, grow: 1, priority: 0, isPinned: true, sortKey: 'A', value: (row) => row.name },
  dimColumn({ id: 'note', title: 'STATE', width: 16, grow: 1, priority: 1, sortKey: 'S', value: (row) => row.note }),
];

const made = new Memo<readonly UserRow[]>();

export const usersPane: TablePane = {
  id: 'users',
  kind: 'table',
  table: defineTable<UserRow>({
    pane: 'users',
    columns,
    rows: (data, view) => {
      const target = view.about?.target ?? view.target;
      return made.get([data.connect, data.cluster, target], () => usersOf(data, target));
    },
    id: (row) => row.id,
    target: (row) => row.target,
    raw: ({ target, id, ...row }) => row,
    compare: null,
  }),
  title: ({ about }) =>
    `what ${about?.target.connector ?? about?.target.topic ?? about?.target.group ?? `broker ${about?.target.broker ?? '?'}`} has to do with`,
  info: counted,
  empty: (data) => [
    [],
    [
      span(
        `   Nothing that we know${data.cluster?.groups === null && data.cluster.groupsError === null ? ' yet; asking for groups …' : '.'}`,
        'dim',
      ),
    ],
  ],
};
