import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSecretName, maskConfig, maskText, maskValue } from '../../../src/base/mask.ts';

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

test('passwords inside any text: addresses, parameters, JSON', () => {
  expect(maskText('jdbc:mysql://root:s3cret@db:3306/shop')).toBe('jdbc:mysql://root:[hidden]@db:3306/shop');
  expect(maskText('jdbc:mysql://db/shop?user=a&password=s3cret&ssl=1')).toBe('jdbc:mysql://db/shop?user=a&password=[hidden]&ssl=1');
  expect(maskText('{"password":"s3cret","name":"x"}')).toBe('{"password":"[hidden]","name":"x"}');
  expect(maskText('http://db:3306/a is a token')).toBe('http://db:3306/a is a token');
  expect(maskText(`password=$\{file:/s:k}`)).toBe(`password=$\{file:/s:k}`);
});

test('a secret in a text never comes through', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9]{6,12}$/);
  fc.assert(
    fc.property(word, fc.constantFrom('password', 'PWD', 'secret', 'token', 'api-key', 'api_key'), (random, name) => {
      const secret = `zq${random}qz`;
      for (const text of [`a ${name}=${secret} b`, `"${name}": "${secret}"`, `jdbc:x://u:${secret}@h/d`])
        expect(maskText(text)).not.toContain(secret);
    }),
  );
});
