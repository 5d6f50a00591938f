/** What a source would do with its configuration, looked at before it is started: connection, clock, tables and their tasks, statements and plans. */
import type { Clock } from '../../../../base/clock.ts';
import { ConnectError, messageOf } from '../../../../base/errors.ts';
import type { DatabaseConnection } from '../../../../mysql/connection.ts';
import { plainTable, type TableName } from '../../../../mysql/dialect.ts';
import { driverProperties, parseJdbcUrl } from '../../../../mysql/jdbc-url.ts';
import { openConnection } from '../../../../mysql/open-connection.ts';
import type { InspectedPart } from '../../../../plugin-api/inspection.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import { type ClockProbe, probeClock } from './clock-probe.ts';
import { parseConnectorConf } from './connector-conf.ts';
import { inspectQuery, inspectTable } from './inspect-table.ts';
import { listTables } from './list-tables.ts';
import { type JdbcSourceConf, queryOf } from './spec.ts';
import { filterTables, unqualified } from './table-filter.ts';
import { groupTables, refuseDuplicates } from './task-tables.ts';

/** Rejects with ConnectError when there is no connection. */
export async function inspectSource(config: Config, clock: Clock): Promise<InspectedPart[]> {
  const conf = parseConnectorConf(config);
  const connection = await openConnection(parseJdbcUrl(conf['connection.url'], driverProperties(config)), { clock });
  try {
    const probe = await probeClock(connection, conf['db.timezone'], clock.wallMs());
    const surroundings = { connection, conf, config, probe };
    if (queryOf(conf) !== null) return [connectionPart(connection, conf, probe, null), await inspectQuery(surroundings)];
    const found = filterTables(await listTables(connection, conf), conf);
    const parts = [connectionPart(connection, conf, probe, tablesOf(found, config, conf))];
    for (const table of conf['table.names.qualify'] ? found : unqualified(found)) parts.push(await inspectTable(surroundings, table));
    return parts;
  } finally {
    await connection.close();
  }
}

type Found = Pick<InspectedPart, 'facts' | 'errors' | 'warnings'>;

function connectionPart(connection: DatabaseConnection, conf: JdbcSourceConf, probe: ClockProbe, tables: Found | null): InspectedPart {
  const { address, server } = connection;
  return {
    title: address.place,
    facts: [
      ['server', server.isMariaDb ? server.version : `MySQL ${server.version}`],
      ['user', address.user ?? ''],
      ['clock', `${probe.now} in ${probe.sessionZone}, ${probe.utc} UTC; db.timezone ${conf['db.timezone']}`],
      ...(tables?.facts ?? []),
    ],
    errors: tables?.errors ?? [],
    warnings: [...address.warnings, ...probe.warnings, ...(tables?.warnings ?? [])],
  };
}

function tablesOf(found: readonly TableName[], config: Config, conf: JdbcSourceConf): Found {
  if (found.length === 0) {
    const problem =
      'No table is found: check the filter (table.whitelist and its like), table.types, catalog.pattern, and that the user may see the tables.';
    return { facts: [['tables', 'none']], errors: [problem], warnings: [] };
  }
  const groups = groupTables(found, Math.max(1, Number(config['tasks.max'] ?? 1)));
  const tasks = groups.map((group, task) => `task ${task}: ${group.map(plainTable).join(', ')}`);
  const errors: string[] = [];
  try {
    if (conf['table.names.qualify']) refuseDuplicates(found, conf);
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    errors.push(messageOf(error));
  }
  return { facts: [['tables', tasks.join('\n')]], errors, warnings: databaseWarning(found, conf) };
}

/** The user may come to see another database tomorrow: its tables are copied then, or end the connector by their names. */
function databaseWarning(found: readonly TableName[], conf: JdbcSourceConf): string[] {
  const isNamed = conf['table.whitelist'].length > 0 && conf['table.whitelist'].every((name) => name.includes('.'));
  if (conf['catalog.pattern'] !== null || conf['table.include.list'].length > 0 || isNamed) return [];
  const databases = [...new Set(found.map(({ database }) => database))];
  const whose = databases.length > 1 ? ` Tables are found in ${databases.join(', ')}.` : '';
  return [
    `catalog.pattern is not set: tables are looked for in every database that the user may see.${whose} Set it to the one that is meant.`,
  ];
}
