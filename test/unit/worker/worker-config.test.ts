import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { type LogEvent, LogHub } from '../../../src/base/log.ts';
import { catalog } from '../../../src/plugins/catalog.ts';
import { parseWorkerConfig } from '../../../src/worker/worker-config.ts';
import { standaloneSpec } from '../../../src/worker/worker-spec.ts';

const BASE = {
  'bootstrap.servers': 'localhost:9092',
  'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter': 'StringConverter',
  'offset.storage.file.filename': '/tmp/offsets',
};

function parse(more: Record<string, string> = {}) {
  const events: LogEvent[] = [];
  const hub = new LogHub(() => 0);
  hub.attach((event) => events.push(event));
  const config = parseWorkerConfig(standaloneSpec, { ...BASE, ...more }, catalog, hub.log('test'));
  return { config, warnings: events.filter((event) => event.level === 'WARN').map((event) => event.message) };
}

test('defaults', () => {
  const { config, warnings } = parse();
  expect(warnings).toEqual([]);
  expect(config.converters).toEqual({
    key: 'org.apache.kafka.connect.json.JsonConverter',
    value: 'org.apache.kafka.connect.storage.StringConverter',
    header: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  });
  expect(config.overridePolicy.name).toBe('All');
  expect(config.settings).toMatchObject({
    'offset.flush.interval.ms': 60_000n,
    'offset.flush.timeout.ms': 5000n,
    'task.shutdown.graceful.timeout.ms': 5000n,
    'topic.creation.enable': true,
    'topic.tracking.enable': true,
  });
});

test('what Apache Kafka’s own sample files hold gives no warning', () => {
  const { warnings } = parse({
    'key.converter.schemas.enable': 'true',
    'offset.flush.interval.ms': '10000',
    'plugin.path': 'libs/connect-file-4.3.1.jar',
    listeners: 'HTTP://:8083',
    'rest.advertised.port': '1',
    'group.id': 'connect-cluster',
    'offset.storage.topic': 'connect-offsets',
    'config.storage.replication.factor': '1',
    'producer.linger.ms': '10',
    'security.protocol': 'PLAINTEXT',
    'listeners.https.ssl.keystore.location': 'x',
    'inter.worker.key.size': '1',
    'metrics.context.x': 'y',
    'client.id': 'w',
  });
  expect(warnings).toEqual([]);
});

test('warnings name what is ignored', () => {
  expect(parse({ 'offset.flush.intervall.ms': '1', 'config.providers': 'file', 'producer.lingerms': '1' }).warnings).toEqual([
    'Worker setting offset.flush.intervall.ms is unknown and ignored. Check its spelling.',
    'Config provider file has no config.providers.file.class: references to it are taken as they are written.',
    'Kafka producer setting lingerms is unknown and ignored. Check its spelling.',
  ]);
});

test('the policy Principal is deprecated, and the warning says what does the same', async () => {
  const { config, warnings } = parse({ 'connector.client.config.override.policy': 'Principal' });
  expect(warnings).toEqual([
    'The override policy Principal is deprecated. Use connector.client.config.override.policy=Allowlist with connector.client.config.override.allowlist=security.protocol,sasl.jaas.config,sasl.mechanism.',
  ]);
  const request = {
    connector: 'c',
    connectorClass: 'C',
    clientType: 'producer',
    clientProperties: { 'sasl.mechanism': 'PLAIN', acks: '1' },
  } as const;
  expect(await config.overridePolicy.validate(request)).toEqual([
    { key: 'acks', reason: "The 'Principal' policy does not allow 'acks' to be overridden in the connector configuration." },
  ]);
});

test.each([
  [{ 'bootstrap.servers': '' }, "Configuration 'bootstrap.servers' must not be empty. Valid values include: any non-empty value"],
  [{ 'bootstrap.servers': 'localhost' }, 'Invalid url in bootstrap.servers: localhost'],
  [{ 'key.converter': 'no.Such' }, 'Invalid value no.Such for configuration key.converter: Class no.Such could not be found.'],
  [{ 'key.converter': 'SimpleHeaderConverter' }, 'is no converter'],
  [
    { 'key.converter.schemas.enable': 'maybe' },
    'Invalid value maybe for configuration key.converter.schemas.enable: Expected value to be either true or false',
  ],
  [{ 'offset.flush.interval.ms': '0' }, 'Invalid value 0 for configuration offset.flush.interval.ms: Value must be at least 1'],
  [{ 'offset.storage.file.filename': '' }, 'Invalid value  for configuration offset.storage.file.filename: String must be non-empty'],
  [
    { 'connector.client.config.override.policy': 'Some' },
    'connector.client.config.override.policy = "Some" is not known. Use All, None, Principal or Allowlist.',
  ],
  [{ 'security.protocol': 'SASL_SSL' }, "sasl.mechanism is not set, and Kafka's default GSSAPI"],
  [{ 'consumer.heartbeat.interval.ms': '50000' }, 'Settings consumer.…: heartbeat.interval.ms = 50000 must be less than'],
])('refused: %j', (more: Record<string, string>, message) => {
  expect(() => parse(more)).toThrow(ConfigError);
  expect(() => parse(more)).toThrow(message);
});

test('a missing key', () => {
  expect(() => parseWorkerConfig(standaloneSpec, {}, catalog, new LogHub(() => 0).log('test'))).toThrow(
    new ConfigError('Missing required configuration "bootstrap.servers" which has no default value.'),
  );
});
