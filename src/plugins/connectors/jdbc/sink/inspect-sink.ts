/** What a sink would do with its configuration, looked at before it is started: connection, tables, their keys. Nothing is changed. */
import type { Clock } from '../../../../base/clock.ts';
import { ConnectError, messageOf } from '../../../../base/errors.ts';
import type { DatabaseConnection } from '../../../../mysql/connection.ts';
import { driverProperties, parseJdbcUrl } from '../../../../mysql/jdbc-url.ts';
import { openConnection } from '../../../../mysql/open-connection.ts';
import type { InspectedPart } from '../../../../plugin-api/inspection.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import { destinationTable } from './destination.ts';
import { inspectTable } from './inspect-table.ts';
import { parseSinkConf, type SinkConf } from './sink-conf.ts';

/** Rejects with ConnectError when there is no connection. */
export async function inspectSink(config: Config, clock: Clock): Promise<InspectedPart[]> {
  const conf = parseSinkConf(config);
  const connection = await openConnection(parseJdbcUrl(conf.keys['connection.url'], driverProperties(config)), { clock });
  try {
    const parts = [connectionPart(connection, conf, config)];
    for (const topic of topicsOf(config)) parts.push(await partOf(connection, conf, topic));
    return parts;
  } finally {
    await connection.close();
  }
}

function connectionPart({ address, server }: DatabaseConnection, conf: SinkConf, config: Config): InspectedPart {
  const { pkMode, pkFields, insertMode, deletesEnabled } = conf;
  const key = pkMode === 'none' ? 'without a key' : `key ${pkMode}${pkFields.length > 0 ? ` (${pkFields.join(', ')})` : ''}`;
  const warnings = [...address.warnings];
  if ((config.transforms ?? '').trim() !== '') warnings.push('Transforms may give topics and fields other names than these here.');
  if (topicsOf(config).length === 0) warnings.push('topics.regex: which topics and tables there are shows when it runs.');
  return {
    title: address.place,
    facts: [
      ['server', server.isMariaDb ? server.version : `MySQL ${server.version}`],
      ['user', address.user ?? ''],
      ['longest statement', `${server.maxAllowedPacketBytes} bytes (max_allowed_packet)`],
      ['writes', `${insertMode}, ${key}${deletesEnabled ? ', tombstones delete' : ''}`],
      ['clock', `times as they are in ${conf.keys['db.timezone']} (db.timezone)`],
    ],
    errors: [],
    warnings,
  };
}

async function partOf(connection: DatabaseConnection, conf: SinkConf, topic: string): Promise<InspectedPart> {
  try {
    return await inspectTable(connection, conf, topic, destinationTable(conf.naming, topic, connection.server.database));
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    return { title: topic, facts: [], errors: [messageOf(error)], warnings: [] };
  }
}

function topicsOf(config: Config): string[] {
  return (config.topics ?? '')
    .split(',')
    .map((topic) => topic.trim())
    .filter((topic) => topic !== '');
}
