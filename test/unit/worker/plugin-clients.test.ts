import { expect, test } from 'vitest';
import { adminProperties, consumerProperties, producerProperties, sinkGroupId } from '../../../src/worker/plugin-clients.ts';
import { converterSettings, sinkSubscription } from '../../../src/worker/task-settings.ts';

const worker = {
  'bootstrap.servers': 'b:1',
  'security.protocol': 'SSL',
  'key.converter': 'K',
  'key.converter.schemas.enable': 'false',
  'value.converter': 'V',
  'producer.compression.type': 'zstd',
  'producer.acks': '1',
  'consumer.max.poll.records': '9',
  'admin.request.timeout.ms': '5',
};
const task = { connector: 'c', taskId: 2 };

test('a producer takes built-in, worker and connector layers, and only the servers of the worker itself', () => {
  expect(producerProperties(worker, { 'producer.override.acks': 'all', 'producer.override.linger.ms': '7', topic: 't' }, task)).toEqual({
    'bootstrap.servers': 'b:1',
    'client.id': 'connector-producer-c-2',
    'max.block.ms': '9223372036854775807',
    'enable.idempotence': 'false',
    acks: 'all',
    'max.in.flight.requests.per.connection': '1',
    'delivery.timeout.ms': '2147483647',
    'buffer.memory': '16777216',
    'compression.type': 'zstd',
    'linger.ms': '7',
  });
});

test('a consumer belongs to the group of its connector unless it is overridden', () => {
  expect(consumerProperties(worker, {}, task)).toEqual({
    'bootstrap.servers': 'b:1',
    'group.id': 'connect-c',
    'client.id': 'connector-consumer-c-2',
    'enable.auto.commit': 'false',
    'auto.offset.reset': 'earliest',
    'max.poll.records': '9',
  });
  expect(sinkGroupId(worker, { 'consumer.override.group.id': 'g' }, 'c')).toBe('g');
});

test('an admin client has the worker’s own client settings below those of the connector', () => {
  expect(adminProperties(worker, { 'admin.override.security.protocol': 'PLAINTEXT' }, { connector: 'c', taskId: null })).toEqual({
    'bootstrap.servers': 'b:1',
    'security.protocol': 'PLAINTEXT',
    'client.id': 'connector-worker-adminclient-c',
    'request.timeout.ms': '5',
  });
});

test('a converter’s settings come from where its class is named', () => {
  expect(converterSettings(worker, {}, 'key.converter')).toEqual({ className: 'K', config: { 'schemas.enable': 'false' } });
  expect(converterSettings(worker, { 'key.converter': 'X', 'key.converter.a': '1' }, 'key.converter')).toEqual({
    className: 'X',
    config: { a: '1' },
  });
  // Settings without a class of their own are not used, as on a JVM worker.
  expect(converterSettings(worker, { 'value.converter.schemas.enable': 'false' }, 'value.converter')).toEqual({
    className: 'V',
    config: {},
  });
  expect(converterSettings(worker, {}, 'header.converter').className).toBe('org.apache.kafka.connect.storage.SimpleHeaderConverter');
});

test('topics by name or by a pattern for the whole name', () => {
  expect(sinkSubscription({ topics: ' a, b ,,' })).toEqual(['a', 'b']);
  const pattern = sinkSubscription({ 'topics.regex': 'a.*' }) as RegExp;
  expect(['ab', 'xab'].map((topic) => pattern.test(topic))).toEqual([true, false]);
});
