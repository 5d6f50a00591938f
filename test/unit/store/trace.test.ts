/** Stack traces as Connect hands them out. */
import { expect, test } from 'vitest';
import { ConnectError, traceOf } from '../../../src/base/errors.ts';
import { causeLine, innermostCause, parseTrace, shortCause, simpleName } from '../../../src/store/trace.ts';

const JAVA = `org.apache.kafka.connect.errors.ConnectException: Exiting WorkerSinkTask due to unrecoverable exception.
\tat org.apache.kafka.connect.runtime.WorkerSinkTask.deliverMessages(WorkerSinkTask.java:636)
Caused by: org.apache.kafka.connect.errors.ConnectException: put failed:
 table orders
 row 7
\tat io.example.JdbcSinkTask.put(JdbcSinkTask.java:91)
\tSuppressed: java.lang.IllegalStateException: closed
\t... 10 more
Caused by: java.sql.SQLException: Duplicate entry '7-81' for key 'PRIMARY'
\t... 12 more
`;

test('causes with their messages of several lines and their frames', () => {
  const causes = parseTrace(JAVA);
  expect(causes.map((one) => simpleName(one.className))).toEqual(['ConnectException', 'ConnectException', 'SQLException']);
  expect(causes[1]).toMatchObject({ message: 'put failed:\n table orders\n row 7' });
  expect(causes[1]?.frames).toEqual([
    'at io.example.JdbcSinkTask.put(JdbcSinkTask.java:91)',
    'Suppressed: java.lang.IllegalStateException: closed',
    '... 10 more',
  ]);
});

test('the innermost cause says what it was, in one line', () => {
  expect(innermostCause(JAVA)?.message).toBe("Duplicate entry '7-81' for key 'PRIMARY'");
  expect(shortCause(JAVA)).toBe("Duplicate entry '7-81' for key 'PRIMARY'");
  expect(causeLine(innermostCause(JAVA)!)).toBe("SQLException: Duplicate entry '7-81' for key 'PRIMARY'");
});

test('the class says what where the message is a word, null or nothing', () => {
  expect(shortCause('java.io.FileNotFoundException: /tmp/x\n')).toBe('FileNotFoundException: /tmp/x');
  expect(shortCause('java.lang.NullPointerException: null\n\tat a.B.c(B.java:1)')).toBe('NullPointerException');
  expect(shortCause('java.lang.NullPointerException\n\tat a.B.c(B.java:1)')).toBe('NullPointerException');
});

test('our own traces read the same', () => {
  const error = new ConnectError('the task has failed', { cause: new Error('공간이 없습니다: disk full') });
  expect(parseTrace(traceOf(error)).map(causeLine)).toEqual(['ConnectException: the task has failed', 'Error: 공간이 없습니다: disk full']);
});

test('passwords in a trace are hidden', () => {
  expect(shortCause('java.sql.SQLException: cannot connect to jdbc:mysql://root:s3cret@db/shop\n')).toBe(
    'cannot connect to jdbc:mysql://root:[hidden]@db/shop',
  );
});

test('a trace that is none is shown as it is', () => {
  expect(shortCause('something went wrong')).toBe('something went wrong');
  for (const nothing of [null, undefined, '', '\n\n']) expect(shortCause(nothing)).toBeNull();
});
