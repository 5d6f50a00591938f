/** Two scripted worlds that frames are drawn from: one in which much is wrong, one in Korean. */
import type { FetchedRecord } from '../../src/kafka/contract.ts';
import { connector, ScriptedWorld, topic } from './scripted-world.ts';

export const START_MS = Date.UTC(2026, 10, 23, 12, 4, 31);

const TRACE = `org.apache.kafka.connect.errors.ConnectException: Exiting WorkerSinkTask due to unrecoverable exception.
\tat org.apache.kafka.connect.runtime.WorkerSinkTask.deliverMessages(WorkerSinkTask.java:636)
\tat org.apache.kafka.connect.runtime.WorkerSinkTask.poll(WorkerSinkTask.java:344)
Caused by: org.apache.kafka.connect.errors.ConnectException: put of 500 records from orders-3 failed
\tat io.example.JdbcSinkTask.put(JdbcSinkTask.java:91)
\t... 10 more
Caused by: java.sql.SQLIntegrityConstraintViolationException: Duplicate entry '7-81' for key 'PRIMARY'
\tat com.mysql.cj.jdbc.exceptions.SQLError.createSQLException(SQLError.java:109)
\t... 12 more
`;

export function record(
  topicName: string,
  partition: number,
  offset: number,
  value: string | null,
  more: Partial<FetchedRecord> = {},
): FetchedRecord {
  return {
    topic: topicName,
    partition,
    offset: BigInt(offset),
    timestampMs: START_MS + offset,
    timestampType: 'CreateTime',
    key: null,
    value: value === null ? null : Buffer.from(value),
    headers: null,
    ...more,
  };
}

export function troubledWorld(): ScriptedWorld {
  const world = new ScriptedWorld();
  const worker = '10.0.0.12:8083';
  const failed = { state: 'FAILED' as const, worker, trace: TRACE };
  const running = { state: 'RUNNING' as const, worker };
  world.connectors = [
    connector('orders-sink', 'sink', {
      worker,
      tasks: [{ ...running }, { ...failed }, { ...running }, { ...failed }],
      topics: ['orders'],
      perLook: 1806,
      config: {
        'connector.class': 'io.aiven.connect.jdbc.JdbcSinkConnector',
        'tasks.max': '4',
        topics: 'orders',
        'connection.url': 'jdbc:mysql://db:3306/shop',
        'connection.password': 'geheim',
      },
    }),
    connector('accesslog-source', 'source', {
      topics: ['nginx-accesslog'],
      perLook: 62805,
      offsets: [{ partition: { filename: '/var/log/nginx/access.log' }, offset: { position: 9007199254740993n } }],
    }),
    connector('mysql-customers', 'source', {
      tasks: [
        { state: 'RUNNING', worker },
        { state: 'RUNNING', worker: '10.0.0.11:8083' },
      ],
      topics: ['customers'],
      perLook: 18,
    }),
    connector('legacy-import', 'source', { state: 'PAUSED', tasks: [{ state: 'PAUSED', worker }] }),
    connector('audit-sink', 'sink', {
      tasks: [{ ...running }, { ...running }],
      topics: ['audit'],
      perLook: 465,
      config: { 'connector.class': 'FileStreamSink', topics: 'audit', file: '/tmp/audit.txt' },
      offsets: [{ partition: { kafka_topic: 'audit', kafka_partition: 0n }, offset: { kafka_offset: 88_190n } }],
    }),
    connector('old-export', 'sink', { state: 'STOPPED', tasks: [], topics: ['audit'] }),
  ];
  world.topics = [
    topic('orders', 4, 88_700n),
    topic('nginx-accesslog', 6, 1_882_001n),
    topic('customers', 1, 4_100n),
    topic('audit', 1, 88_201n),
    topic('payments', 4, 12_000n),
    topic('__consumer_offsets', 10, 900n, true),
  ];
  const under = world.topics[4]!.partitions[3]!;
  under.isr = under.isr.filter((id) => id !== under.replicas[1]);
  world.groups.set('connect-orders-sink', {
    state: 'Stable',
    clientId: 'connector-consumer-orders-sink-0',
    offsets: [0, 1, 2, 3].map((partition) => ({ topic: 'orders', partition, offset: 66_700n })),
  });
  world.groups.set('connect-audit-sink', {
    state: 'Stable',
    clientId: 'connector-consumer-audit-sink-0',
    offsets: [{ topic: 'audit', partition: 0, offset: 88_190n }],
  });
  world.groups.set('checkout', { state: 'Empty', clientId: '', offsets: [{ topic: 'orders', partition: 0, offset: 70_000n }] });
  world.records = [
    record('nginx-accesslog', 3, 1_882_001, '10.1.0.1 "GET /item/1 HTTP/1.1" 200 74706'),
    record('nginx-accesslog', 0, 1_880_977, '{"id":17,"name":"한글 이름","note":"\x1b[31mred\x1b]0;title\x07"}', {
      key: Buffer.from('user-17'),
      headers: [{ key: 'trace', value: Buffer.from('a1') }],
    }),
    record('nginx-accesslog', 1, 1_880_980, null, { key: Buffer.from('user-18') }),
    record('nginx-accesslog', 2, 1_880_981, '', { value: Buffer.from([0, 0, 0, 0, 42, 255, 254]) }),
    record('nginx-accesslog', 2, 1_880_982, '10.1.0.7 "GET /cart HTTP/1.1" 500 12'),
  ];
  world.log = [
    {
      sequence: 1,
      timeMs: START_MS - 60_000,
      level: 'INFO',
      logger: 'org.apache.kafka.connect.runtime.WorkerSinkTask',
      message: 'Task orders-sink-1 starts',
      connector: 'orders-sink',
      task: 1,
      trace: null,
    },
    {
      sequence: 2,
      timeMs: START_MS - 30_000,
      level: 'ERROR',
      logger: 'org.apache.kafka.connect.runtime.WorkerTask',
      message: 'Task orders-sink-1 threw an uncaught exception and will not recover',
      connector: 'orders-sink',
      task: 1,
      trace: TRACE,
    },
  ];
  return world;
}

export function koreanWorld(): ScriptedWorld {
  const world = new ScriptedWorld();
  const trace =
    'org.apache.kafka.connect.errors.ConnectException: 작업이 중단되었습니다\nCaused by: java.io.IOException: /데이터/주문.txt: 장치에 남은 공간이 없습니다\n';
  world.connectors = [
    connector('주문-싱크', 'sink', {
      tasks: [{ state: 'FAILED', worker: '10.0.0.11:8083', trace }],
      topics: ['주문'],
      config: { 'connector.class': 'FileStreamSink', topics: '주문', file: '/데이터/주문.txt' },
    }),
    connector('접속기록-소스-아주-긴-이름을-가진-커넥터', 'source', {
      topics: ['접속기록'],
      perLook: 1500,
      offsets: [{ partition: { filename: '/로그/접속.log' }, offset: { position: 1204n } }],
    }),
    connector('고객-동기화', 'source', { state: 'PAUSED', tasks: [{ state: 'PAUSED', worker: '10.0.0.11:8083' }] }),
  ];
  world.topics = [topic('접속기록', 2, 1_204_551n), topic('주문', 1, 700n)];
  world.groups.set('connect-주문-싱크', { state: 'Empty', clientId: '', offsets: [{ topic: '주문', partition: 0, offset: 650n }] });
  world.records = [
    record(
      '접속기록',
      0,
      11,
      '{"이름":"홍길동","주소":"서울특별시 종로구 세종대로 209","메모":"한글과 English를 섞은 아주 긴 문장이 오른쪽 끝에서 잘립니다"}',
      { key: Buffer.from('고객-17') },
    ),
    record('접속기록', 1, 12, '세번째 메시지'),
    record('접속기록', 1, 13, '한글(NFD)'.normalize('NFD')),
  ];
  return world;
}

/** A dead letter as a sink's task writes it: `context` by the name of the header after its prefix. */
export function deadLetter(
  queue: string,
  offset: number,
  value: string,
  context: Readonly<Record<string, string>>,
  more: Partial<FetchedRecord> = {},
): FetchedRecord {
  const headers = Object.entries(context).map(([name, text]) => ({ key: `__connect.errors.${name}`, value: Buffer.from(text) }));
  return record(queue, 0, offset, value, { ...more, headers: [...(more.headers ?? []), ...headers] });
}

const JSON_TRACE = `org.apache.kafka.connect.errors.DataException: Converting byte[] to Kafka Connect data failed due to serialization error:
\tat org.apache.kafka.connect.json.JsonConverter.toConnectData(JsonConverter.java:324)
\tat org.apache.kafka.connect.runtime.WorkerSinkTask.lambda$convertAndTransformRecord$1(WorkerSinkTask.java:547)
Caused by: com.fasterxml.jackson.core.JsonParseException: Unrecognized token 'not': was expecting JSON
\tat com.fasterxml.jackson.core.JsonParser._constructError(JsonParser.java:2418)
\t... 12 more
`;

const context = (
  connectorName: string,
  topicName: string,
  offset: number,
  stage: string,
  className: string,
  message: string,
  trace: string,
) => ({
  topic: topicName,
  partition: '3',
  offset: String(offset),
  'connector.name': connectorName,
  'task.id': '0',
  stage,
  'class.name': 'org.apache.kafka.connect.json.JsonConverter',
  'exception.class.name': className,
  'exception.message': message,
  'exception.stacktrace': trace,
});

/** Sinks with dead-letter queues in every state: full, not yet made, without reasons, of a source, of none; one in Korean. */
export function deadLetterWorld(): ScriptedWorld {
  const world = new ScriptedWorld();
  const queueOf = (queue: string, topics: string) => ({
    'connector.class': 'FileStreamSink',
    topics,
    file: '/tmp/out.txt',
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': queue,
  });
  world.connectors = [
    connector('orders-sink', 'sink', {
      topics: ['orders'],
      config: queueOf('orders-dlq', 'orders'),
      perLook: 300,
      errors: {
        'total-record-errors': 5,
        'total-record-failures': 5,
        'total-records-skipped': 5,
        'total-errors-logged': 0,
        'deadletterqueue-produce-requests': 5,
        'deadletterqueue-produce-failures': 0,
        'last-error-timestamp': START_MS - 4_000,
      },
    }),
    connector('주문-싱크', 'sink', { topics: ['주문'], config: queueOf('주문-불량', '주문') }),
    connector('plain-sink', 'sink', { topics: ['audit'], config: queueOf('plain-dlq', 'audit') }),
    connector('new-sink', 'sink', { topics: ['audit'], config: queueOf('missing-dlq', 'audit') }),
    connector('bare-sink', 'sink', { topics: ['audit'] }),
    connector('lines-source', 'source', { topics: ['audit'], perLook: 20 }),
  ];
  world.topics = [
    topic('orders', 4, 88_700n),
    topic('audit', 1, 40n),
    topic('주문', 1, 700n),
    topic('orders-dlq', 1, 6n),
    topic('주문-불량', 1, 2n),
    topic('plain-dlq', 1, 1n),
  ];
  const converting = 'Converting byte[] to Kafka Connect data failed due to serialization error: ';
  const json = 'org.apache.kafka.connect.errors.DataException';
  const orders = (offset: number, stage: string, className: string, message: string, trace = '') =>
    context('orders-sink', 'orders', offset, stage, className, message, trace);
  world.records = [
    deadLetter('orders-dlq', 0, 'not json', orders(1_204, 'VALUE_CONVERTER', json, converting, JSON_TRACE), {
      key: Buffer.from('user-17'),
    }),
    deadLetter('orders-dlq', 1, 'not json either', orders(1_207, 'VALUE_CONVERTER', json, converting, JSON_TRACE)),
    deadLetter('orders-dlq', 2, '{"a":1}', orders(1_300, 'TRANSFORMATION', json, 'Field does not exist: id'), {
      headers: [{ key: 'trace', value: Buffer.from('a1') }],
    }),
    deadLetter('orders-dlq', 3, 'x', orders(1_301, 'TASK_PUT', 'java.io.IOException', '\x1b]0;owned\x07disk \u202efull'), {
      headers: [{ key: 'kconsole.redrive', value: Buffer.from('1') }],
    }),
    deadLetter('orders-dlq', 4, 'of another', context('payments-sink', 'payments', 9, 'TASK_PUT', 'java.io.IOException', 'disk full', '')),
    record('orders-dlq', 0, 5, 'nobody tells why'),
    deadLetter(
      '주문-불량',
      0,
      '망가진 기록',
      context('주문-싱크', '주문', 17, 'VALUE_CONVERTER', json, '값을 읽을 수 없습니다: 필드 «이름»이 없습니다', ''),
      {
        key: Buffer.from('고객-17'),
      },
    ),
    deadLetter(
      '주문-불량',
      1,
      '또 하나',
      context('주문-싱크', '주문', 18, 'VALUE_CONVERTER', json, '값을 읽을 수 없습니다: 필드 «주소»가 없습니다', ''),
    ),
    record('plain-dlq', 0, 0, 'no headers at all'),
  ];
  return world;
}
