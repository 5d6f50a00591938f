import { expect, test } from 'vitest';
import { isSecretName, maskConfig, maskValue } from '../../../src/base/mask.ts';

test.each([
  'connection.password',
  'PASSWORD',
  'aws.secret.access.key',
  'sasl.jaas.config',
  'producer.override.sasl.jaas.config',
  'ssl.key.password',
  'ssl.keystore.key',
  'admin.ssl.keystore.key',
  'api.key',
  'apiKey',
  'basic.auth.user.info',
  'auth.token',
  'gcp.credentials',
  'private-key',
])('%s is a secret', (name) => expect(isSecretName(name)).toBe(true));

test.each([
  'key.converter',
  'topics',
  'ssl.keystore.location',
  'sasl.oauthbearer.token.endpoint.url',
  'basic.auth.credentials.source',
  'aws.credentials.provider',
  'tasks.max',
  'message.key.columns',
  'token.refresh.interval.ms',
])('%s is none', (name) => expect(isSecretName(name)).toBe(false));

test('references stay readable, mixed texts do not', () => {
  const reference = `$\{file:/run/secrets:password}`;
  expect(maskValue('password', reference)).toBe(reference);
  expect(maskValue('password', `x${reference}`)).toBe('[hidden]');
  expect(maskValue('password', '')).toBe('');
});

test.each([
  [
    'jdbc:mysql://root:p@ss@db:3306/x?user=u&password=s3cret&useSSL=true',
    'jdbc:mysql://[hidden]@db:3306/x?user=u&password=[hidden]&useSSL=true',
  ],
  ['http://user:pw@registry:8081', 'http://[hidden]@registry:8081'],
  ['jdbc:sqlserver://h:1;databaseName=d;password=x', 'jdbc:sqlserver://h:1;databaseName=d;password=[hidden]'],
  ['http://plain:8081/a?b=c', 'http://plain:8081/a?b=c'],
])('in the URL %s only the secret goes', (url, masked) => {
  expect(maskValue('connection.url', url)).toBe(masked);
});

test('keys of type PASSWORD count whatever their name; order and null stay', () => {
  expect(JSON.stringify(maskConfig({ z: 'a', pin: '1234', password: null, topic: 't' }, new Set(['pin'])))).toBe(
    '{"z":"a","pin":"[hidden]","password":null,"topic":"t"}',
  );
});
