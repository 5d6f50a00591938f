import { expect, test } from 'vitest';
import { mirrorClientProperties } from '../../../../../../src/plugins/connectors/mirror/shared/client-properties.ts';

const config = {
  name: 'm',
  'source.cluster.alias': 'a',
  'target.cluster.alias': 'b',
  'source.cluster.bootstrap.servers': 's:1',
  'source.cluster.security.protocol': 'SASL_SSL',
  'source.cluster.sasl.mechanism': 'PLAIN',
  'source.cluster.ssl.truststore.location': '/t',
  'source.cluster.foo': '1',
  'source.cluster.client.id': 'cid',
  'source.cluster.metric.reporters': 'q',
  'target.cluster.bootstrap.servers': 't:1',
  'consumer.client.id': 'zz',
  'consumer.enable.auto.commit': 'true',
  'consumer.fetch.min.bytes': '5',
  'source.consumer.fetch.min.bytes': '7',
  'producer.linger.ms': '9',
  'target.producer.linger.ms': '3',
};

test('a consumer gets connection and security of its cluster, then the settings of all consumers, then those of its side', () => {
  expect(mirrorClientProperties(config, 'source', 'consumer', 'replication-consumer')).toEqual({
    'bootstrap.servers': 's:1',
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'PLAIN',
    'ssl.truststore.location': '/t',
    'fetch.min.bytes': '7',
    'enable.auto.commit': 'false',
    'auto.offset.reset': 'earliest',
    'client.id': 'zz|a->b|m|replication-consumer',
  });
});

test('where to start is the user’s to say', () => {
  const latest = { ...config, 'source.consumer.auto.offset.reset': 'latest' };
  expect(mirrorClientProperties(latest, 'source', 'consumer', 'replication-consumer')['auto.offset.reset']).toBe('latest');
});

test('the clients of the other side know nothing of this one', () => {
  expect(mirrorClientProperties(config, 'target', 'producer', 'offset-syncs-target-producer')).toEqual({
    'bootstrap.servers': 't:1',
    'linger.ms': '3',
    'client.id': 'a->b|m|offset-syncs-target-producer',
  });
  expect(mirrorClientProperties(config, 'source', 'producer', 'offset-syncs-source-producer')['linger.ms']).toBe('9');
});

test('a task’s clients bear its number, and the target without a name is called target', () => {
  const { 'target.cluster.alias': _alias, ...rest } = config;
  const properties = mirrorClientProperties({ ...rest, 'task.index': '2' }, 'source', 'admin', 'replication-source-admin');
  expect(properties['client.id']).toBe('a->target|m-2|replication-source-admin');
});

test('settings of the connector, and of the worker’s clients for it, are none of a client’s', () => {
  const own = {
    'admin.timeout.ms': '5',
    'admin.override.retries': '5',
    'consumer.poll.timeout.ms': '5',
    'producer.override.linger.ms': '5',
  };
  for (const [kind, role] of [
    ['admin', 'checkpoint-source-admin'],
    ['consumer', 'replication-consumer'],
    ['producer', 'offset-syncs-source-producer'],
  ] as const)
    expect(mirrorClientProperties({ ...config, ...own }, 'source', kind, role)).toEqual(
      mirrorClientProperties(config, 'source', kind, role),
    );
});
