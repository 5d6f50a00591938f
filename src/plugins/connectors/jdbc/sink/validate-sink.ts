/** Findings about a sink's configuration beyond its single keys. Source: io.confluent.connect.jdbc.validation.JdbcSinkConnectorValidation. */
import type { Clock } from '../../../../base/clock.ts';
import { messageOf } from '../../../../base/errors.ts';
import { driverProperties, parseJdbcUrl } from '../../../../mysql/jdbc-url.ts';
import { openConnection } from '../../../../mysql/open-connection.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import type { ConfigValue } from '../../../../spec/config-def.ts';
import { parseSinkConf } from './sink-conf.ts';

const DELETES_NEED_KEYS = 'Deletes are only supported for pk.mode record_key';

/** Adds errors to `values`. The database is asked only when nothing else is wrong: one attempt to connect. */
export async function validateSink(config: Config, values: ReadonlyMap<string, ConfigValue>, clock: Clock): Promise<void> {
  const deletes = values.get('delete.enabled');
  const pkMode = values.get('pk.mode');
  if (deletes?.value === 'true' && pkMode && pkMode.errors.length === 0 && pkMode.value?.toLowerCase() !== 'record_key') {
    for (const row of [deletes, pkMode]) row.errors.push(DELETES_NEED_KEYS);
  }
  if ([...values.values()].some(({ errors }) => errors.length > 0)) return;
  try {
    const address = parseJdbcUrl(parseSinkConf(config).keys['connection.url'], driverProperties(config));
    await (await openConnection(address, { clock })).close();
  } catch (error) {
    values.get('connection.url')?.errors.push(`Could not connect to database. ${messageOf(error)}`);
  }
}
