/** The sink's SQL and refusals beside those of kafka-connect-jdbc on the same records. */
import { expect, test } from 'vitest';
import { logFor } from '../../../../../../src/base/log.ts';
import { parseSinkConf } from '../../../../../../src/plugins/connectors/jdbc/sink/sink-conf.ts';
import { SinkWriter } from '../../../../../../src/plugins/connectors/jdbc/sink/sink-writer.ts';
import { jdbcScenario } from '../../../../../helpers/jdbc-golden.ts';
import { RecordingConnection, type RecordingOptions } from './recording-connection.ts';

const log = logFor('test.jdbc-sink');

/**
 * Every record of a scenario by itself: what reached the database, and what each connector failed with. `tables`: columns of those that are there;
 * null: as many as the records need.
 */
async function play(name: string, tables: RecordingOptions['tables'] | null) {
  const scenario = jdbcScenario('sink', name);
  const sql: string[] = [];
  const failures = new Map<string, string>();
  for (const config of scenario.connectors) {
    const connection = new RecordingConnection(tables ? { tables } : {});
    const writer = new SinkWriter(parseSinkConf(tables ? config : { ...config, 'auto.create': 'true' }), connection, log);
    try {
      for (const topic of config.topics!.split(',')) for (const record of scenario.records.get(topic) ?? []) await writer.write([record]);
    } catch (error) {
      failures.set(config.name!, (error as Error).message);
    }
    sql.push(...connection.statements.filter((statement) => statement !== 'COMMIT' && statement !== 'ROLLBACK'));
  }
  return { scenario, sql, failures };
}

/** The original adds columns in the order of a hash set. */
function sorted(sql: string): string {
  if (!sql.startsWith('ALTER')) return sql;
  const [head = '', ...adds] = sql.split('\n');
  return [head, ...adds.map((add) => add.replace(/,$/, '')).sort()].join('\n');
}

/** Messages without what is another one at each run. */
function comparable(message: string): string {
  return message.replace(/timestamp=\d+/, 'timestamp=…');
}

/** Connectors whose refusal comes from the server itself, so in a test on a real one. */
const OF_SERVER = ['db-string', 'db-kafka', 'db-duplicate', 'db-long'];

test.each([
  ['sink_auto_create', null],
  ['sink_auto_create_refused', null],
  ['sink_db_restart', null],
  ['sink_delete', null],
  ['sink_dlq', null],
  ['sink_evolve', { a: ['id'], b: ['id'], c: ['id'] }],
  ['sink_insert', null],
  ['sink_refusals', { a: ['id', 'name', 'n'] }],
  ['sink_update', null],
  ['sink_upsert', null],
  ['sink_zone', null],
] as const)('SQL and refusals of %s', async (name, tables) => {
  const { scenario, sql, failures } = await play(name, tables);
  const ours = new Set(sql.map(sorted));
  expect(scenario.sql.length).toBeGreaterThan(0);
  expect(scenario.sql.map(sorted).filter((statement) => !ours.has(statement))).toEqual([]);
  const theirs = [...scenario.failures].filter(([connector]) => !OF_SERVER.includes(connector));
  expect(Object.fromEntries([...failures].map(([connector, message]) => [connector, comparable(message)]))).toEqual(
    Object.fromEntries(
      theirs.map(([connector, causes]) => [
        connector,
        comparable(
          causes
            .at(-1)!
            .replace(/^\S+: /, '')
            .trimEnd(),
        ),
      ]),
    ),
  );
});

test('a topic with a point is a database and its table, as before 10.10, which makes a statement of it that no server takes', async () => {
  const { sql } = await play('sink_names', null);
  expect(sql).toEqual([
    'CREATE TABLE db.t_dbone (\nid INT NOT NULL,\nname TEXT NULL,\nPRIMARY KEY(id))',
    "insert into db.t_dbone(id,name) values(1,'a') on duplicate key update name=values(name)",
    'CREATE TABLE db.t_dbtwo (\nid INT NOT NULL,\nname TEXT NULL,\nPRIMARY KEY(id))',
    "insert into db.t_dbtwo(id,name) values(2,'b') on duplicate key update name=values(name)",
    'CREATE TABLE `db`.`dotted` (\n`id` INT NOT NULL,\n`name` TEXT NULL,\n`n` BIGINT NULL)',
    "INSERT INTO `db`.`dotted`(`id`,`name`,`n`) VALUES(3,'c',3)",
  ]);
});
