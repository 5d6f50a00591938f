/** What reaches the database and in which order, and which record is blamed when it says no. */
import { describe, expect, test } from 'vitest';
import { logFor } from '../../../../../../src/base/log.ts';
import { SqlError } from '../../../../../../src/mysql/sql-errors.ts';
import type { SinkRecord } from '../../../../../../src/plugin-api/records.ts';
import { writeOneByOne } from '../../../../../../src/plugins/connectors/jdbc/sink/one-by-one.ts';
import { parseSinkConf } from '../../../../../../src/plugins/connectors/jdbc/sink/sink-conf.ts';
import { SinkWriter } from '../../../../../../src/plugins/connectors/jdbc/sink/sink-writer.ts';
import { TableStructureError } from '../../../../../../src/plugins/connectors/jdbc/sink/table-structure.ts';
import { UnwritableValue } from '../../../../../../src/plugins/connectors/jdbc/sink/value-texts.ts';
import { isFaultOfRecord, WriteChainError, WriteError } from '../../../../../../src/plugins/connectors/jdbc/sink/write-errors.ts';
import { buildStruct, FLOAT64_SCHEMA, INT32_SCHEMA, OPTIONAL_STRING_SCHEMA } from '../../../../../../src/record/schema-builder.ts';
import { Struct } from '../../../../../../src/record/struct.ts';
import { RecordingConnection, type RecordingOptions } from './recording-connection.ts';

const ROW = buildStruct([
  ['id', INT32_SCHEMA],
  ['name', OPTIONAL_STRING_SCHEMA],
]);

function record(id: number, name: string | null = null, more: Partial<SinkRecord> = {}): SinkRecord {
  return {
    topic: 't',
    kafkaPartition: 0,
    kafkaOffset: BigInt(id),
    timestampMs: 0,
    timestampType: 'CreateTime',
    headers: null,
    keySchema: INT32_SCHEMA,
    key: id,
    valueSchema: ROW,
    value: Struct.trusted(ROW, [id, name]),
    ...more,
  };
}

function writerOver(options: RecordingOptions = {}, settings: Record<string, string> = {}) {
  const connection = new RecordingConnection({ tables: { t: ['id', 'name'], u: ['id', 'name'] }, ...options });
  const conf = parseSinkConf({ name: 'sink', 'connection.url': 'jdbc:mysql://h/db', ...settings });
  return { connection, writer: new SinkWriter(conf, connection, logFor('test.jdbc-sink')) };
}

const sqlError = (errno: number, sqlState: string, message = `error ${errno}`) => new SqlError(message, { errno, sqlState });

describe('a batch', () => {
  test('is one statement and one commit', async () => {
    const { connection, writer } = writerOver();
    expect(await writer.write([record(1, 'a'), record(2, 'b')])).toEqual([
      { table: { database: 'db', table: 't' }, written: 2, deleted: 0, statement: 'INSERT INTO `db`.`t`(`id`,`name`) VALUES(?,?)' },
    ]);
    expect(connection.statements).toEqual(["INSERT INTO `db`.`t`(`id`,`name`) VALUES(1,'a'),(2,'b')", 'COMMIT']);
  });

  test('of several tables is one transaction, tables made before the first row', async () => {
    const { connection, writer } = writerOver({ tables: {} }, { 'auto.create': 'true' });
    await writer.write([record(1, 'a'), record(2, 'b', { topic: 'u' }), record(3, 'c')]);
    const create = (table: string) => `CREATE TABLE \`db\`.\`${table}\` (\n\`id\` INT NOT NULL,\n\`name\` TEXT NULL)`;
    expect(connection.statements).toEqual([
      create('t'),
      create('u'),
      "INSERT INTO `db`.`t`(`id`,`name`) VALUES(1,'a'),(3,'c')",
      "INSERT INTO `db`.`u`(`id`,`name`) VALUES(2,'b')",
      'COMMIT',
    ]);
  });

  test('that grows the table does so before its first row: nothing of it is committed early', async () => {
    const larger = buildStruct([
      ['id', INT32_SCHEMA],
      ['name', OPTIONAL_STRING_SCHEMA],
      ['more', OPTIONAL_STRING_SCHEMA],
    ]);
    const grown = record(2, null, { valueSchema: larger, value: Struct.trusted(larger, [2, null, 'x']) });
    const { connection, writer } = writerOver({}, { 'auto.evolve': 'true' });
    await writer.write([record(1, 'a'), grown]);
    expect(connection.statements).toEqual([
      'ALTER TABLE `db`.`t` ADD `more` TEXT NULL',
      "INSERT INTO `db`.`t`(`id`,`name`) VALUES(1,'a')",
      "INSERT INTO `db`.`t`(`id`,`name`,`more`) VALUES(2,null,'x')",
      'COMMIT',
    ]);
  });

  test('with deletes: writes, then deletes in one statement', async () => {
    const settings = { 'insert.mode': 'upsert', 'pk.mode': 'record_key', 'pk.fields': 'id', 'delete.enabled': 'true' };
    const { connection, writer } = writerOver({}, settings);
    const tombstone = (id: number) => record(id, null, { valueSchema: null, value: null });
    await writer.write([record(1, 'a'), record(2, 'b'), tombstone(1), tombstone(7), record(3, 'c')]);
    const upsert = (rows: string) =>
      `insert into \`db\`.\`t\`(\`id\`,\`name\`) values${rows} on duplicate key update \`name\`=values(\`name\`)`;
    expect(connection.statements).toEqual([
      upsert("(1,'a'),(2,'b')"),
      'DELETE FROM `db`.`t` WHERE `id` IN (1,7)',
      upsert("(3,'c')"),
      'COMMIT',
    ]);
  });

  test('that is refused is rolled back, and the row that the server names is told as a record', async () => {
    const refuse = (sql: string) => (sql.startsWith('INSERT') ? sqlError(1406, '22001', "Data too long for ' at row 1' at row 2") : null);
    const { connection, writer } = writerOver({ refuse });
    const failure = await writer.write([record(5, 'a'), record(6, 'b')]).catch((error: unknown) => error as WriteError);
    expect(failure).toBeInstanceOf(WriteError);
    expect((failure as WriteError).message).toMatch(/^Record t-0 at offset 6: Data too long/);
    expect(connection.statements.at(-1)).toBe('ROLLBACK');
  });

  test('of which the server does not say the row: it is looked for, then all is rolled back', async () => {
    const refuse = (sql: string) => (sql.includes("(6,'b')") ? sqlError(1062, '23000', "Duplicate entry '6'") : null);
    const { connection, writer } = writerOver({ refuse });
    const failure = await writer.write([record(5, 'a'), record(6, 'b'), record(7, 'c')]).catch((error: unknown) => error as WriteError);
    expect((failure as WriteError).record?.kafkaOffset).toBe(6n);
    expect(connection.statements.slice(1)).toEqual([
      "INSERT INTO `db`.`t`(`id`,`name`) VALUES(5,'a')",
      "INSERT INTO `db`.`t`(`id`,`name`) VALUES(6,'b')",
      'ROLLBACK',
    ]);
  });

  test.each([
    [1213, '40001'],
    [2013, '08S01'],
  ])('error %i is nobody’s: no record is looked for', async (errno, state) => {
    const { connection, writer } = writerOver({ refuse: (sql) => (sql.startsWith('INSERT') ? sqlError(errno, state) : null) });
    const failure = await writer.write([record(5), record(6)]).catch((error: unknown) => error as WriteError);
    expect((failure as WriteError).message).toBe(`One of the records t-0 at offsets 5 to 6: error ${errno}`);
    expect(connection.statements).toHaveLength(2);
  });
});

describe('records one by one', () => {
  const infinite = buildStruct([['id', FLOAT64_SCHEMA]]);

  test('good ones are committed together, once the bad ones are taken; in one transaction', async () => {
    const refuse = (sql: string) => (sql.includes("'bad'") ? sqlError(1406, '22001') : null);
    const { connection, writer } = writerOver({ refuse });
    const unwritable = record(4, null, { valueSchema: infinite, value: Struct.trusted(infinite, [Number.POSITIVE_INFINITY]) });
    const refused: bigint[] = [];
    const work = await writeOneByOne(writer, [record(1, 'a'), record(2, 'bad'), record(3, 'c'), unwritable], async (all) => {
      refused.push(...all.map(({ record: { kafkaOffset } }) => kafkaOffset));
      connection.statements.push('reported');
    });
    expect(refused).toEqual([2n, 4n]);
    expect(work.reduce((sum, { written }) => sum + written, 0)).toBe(2);
    expect(connection.statements.filter((sql) => !sql.startsWith('INSERT'))).toEqual(['reported', 'COMMIT']);
  });

  test('a table that cannot be is the fault of its records', async () => {
    const { writer } = writerOver();
    const seen: unknown[] = [];
    await writeOneByOne(
      writer,
      [record(1), record(2, null, { topic: 'nowhere' })],
      async (all) => void seen.push(...all.map(({ error }) => error)),
    );
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeInstanceOf(TableStructureError);
  });

  test('an error of the surroundings ends it: nothing is reported, nothing committed', async () => {
    const refuse = (sql: string) => (sql.includes('VALUES(2') ? sqlError(1142, '42000', 'INSERT command denied') : null);
    const { connection, writer } = writerOver({ refuse });
    let reports = 0;
    const attempt = writeOneByOne(writer, [record(1), record(2), record(3)], async () => void reports++);
    await expect(attempt).rejects.toThrow('INSERT command denied');
    expect(reports).toBe(0);
    expect(connection.statements.at(-1)).toBe('ROLLBACK');
    expect(connection.statements).not.toContain('COMMIT');
  });

  test('when a report fails nothing is committed', async () => {
    const { connection, writer } = writerOver({ refuse: (sql) => (sql.includes('VALUES(1') ? sqlError(1062, '23000') : null) });
    const attempt = writeOneByOne(writer, [record(1), record(2)], () => Promise.reject(new Error('no queue')));
    await expect(attempt).rejects.toThrow('no queue');
    expect(connection.statements.at(-1)).toBe('ROLLBACK');
  });
});

describe('errors', () => {
  test.each([
    [1062, '23000', true],
    [1048, '23000', true],
    [1406, '22001', true],
    [1366, 'HY000', true],
    [1364, 'HY000', true],
    [4025, '23000', true],
    [1644, '45000', true],
    [1290, 'HY000', false],
    [1836, 'HY000', false],
    [1142, '42000', false],
    [1205, 'HY000', false],
    [1213, '40001', false],
    [1114, 'HY000', false],
    [1040, '08004', false],
    [1053, '08S01', false],
    [1317, '70100', false],
  ])('%i (%s) is the fault of a record: %s', (errno, state, wanted) => {
    expect(isFaultOfRecord(new WriteError(sqlError(errno, state), [record(1)]))).toBe(wanted);
    expect(isFaultOfRecord(sqlError(errno, state))).toBe(wanted);
  });

  test('what is told has the frame of the original', () => {
    const error = new WriteError(sqlError(1062, '23000', "Duplicate entry '1' for key 'PRIMARY'"), [record(1)]);
    const chain = new WriteChainError(error, false);
    expect(chain.javaClass).toBe('java.sql.SQLException');
    expect(chain.message).toBe(
      "Exception chain:\njava.sql.SQLIntegrityConstraintViolationException: Record t-0 at offset 1: Duplicate entry '1' for key 'PRIMARY'\n",
    );
    const trimmed = new WriteChainError(error, true);
    expect(trimmed.message).not.toContain("'1'");
    expect(trimmed.cause).toBeUndefined();
    expect(new WriteChainError(new WriteError(new UnwritableValue('NaN'), [record(2)]), true).message).toContain(
      'Record t-0 at offset 2, a value that cannot be written',
    );
  });
});
