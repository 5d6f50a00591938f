import { describe, expect, test } from 'vitest';
import { SqlError, toSqlError } from '../../../src/mysql/sql-errors.ts';

const fromServer = (errno: number, sqlState: string, message = 'no') =>
  Object.assign(new Error(message), { errno, sqlState, code: 'ER_X' });

describe('classes', () => {
  test.each([
    [1146, '42S02', 'java.sql.SQLSyntaxErrorException', false],
    [1064, '42000', 'java.sql.SQLSyntaxErrorException', false],
    [1142, '42000', 'java.sql.SQLSyntaxErrorException', false],
    [1406, '22001', 'java.sql.SQLDataException', false],
    [1062, '23000', 'java.sql.SQLIntegrityConstraintViolationException', false],
    [1045, '28000', 'java.sql.SQLInvalidAuthorizationSpecException', false],
    [1235, '0A000', 'java.sql.SQLFeatureNotSupportedException', false],
    [1317, '70100', 'com.mysql.cj.jdbc.exceptions.MySQLQueryInterruptedException', false],
    [1213, '40001', 'java.sql.SQLTransactionRollbackException', true],
    [1205, 'HY000', 'java.sql.SQLException', true],
    [1105, '', 'java.sql.SQLException', true],
    [1040, '08004', 'java.sql.SQLRecoverableException', true],
    [1927, '70100', 'java.sql.SQLRecoverableException', true],
    [1053, '08S01', 'java.sql.SQLRecoverableException', true],
  ])('error %i, SQLState "%s" is %s, retriable %s', (errno, sqlState, javaClass, isRetriable) => {
    expect(toSqlError(fromServer(errno, sqlState), 'It')).toMatchObject({ javaClass, isRetriable, errno });
  });

  test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'PROTOCOL_CONNECTION_LOST'])('%s is a lost connection', (code) => {
    const error = toSqlError(Object.assign(new Error('gone'), { code, errno: -111 }), 'Connecting');
    expect(error).toMatchObject({ sqlState: '08S01', errno: 0, isConnectionLost: true, isRetriable: true });
  });

  test('what the driver says of no kind may be tried again', () => {
    expect(toSqlError(new Error('odd'), 'It')).toMatchObject({ sqlState: null, isRetriable: true, isConnectionLost: false });
  });
});

describe('messages', () => {
  test('what, which answer, what to do', () => {
    expect(toSqlError(fromServer(1146, '42S02', "Table 'kafkadb.nope' doesn't exist"), 'The statement "SELECT 1"').message).toBe(
      "The statement \"SELECT 1\" failed: Table 'kafkadb.nope' doesn't exist (error 1146, SQLState 42S02). Check the name of the table, and that the user may see it.",
    );
  });

  test.each([
    ["Access denied for user 'k'@'h' (using password: YES)", '(a password was given)'],
    ["Access denied for user 'k'@'h' (using password: NO)", '(no password was given)'],
  ])('%s', (message, words) => {
    expect(toSqlError(fromServer(1045, '28000', message), 'Connecting').message).toContain(words);
  });

  test('passwords are hidden', () => {
    expect(toSqlError(new Error('bad jdbc:mysql://u:hunter2@db/s?password=hunter2'), 'Connecting').message).not.toContain('hunter2');
  });

  test('an error that is one of ours stays as it is', () => {
    const error = new SqlError('x', { sqlState: '08S01', errno: 0 });
    expect(toSqlError(error, 'It')).toBe(error);
  });
});
