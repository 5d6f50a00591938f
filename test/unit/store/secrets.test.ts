/** What must not be shown or written down. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HIDDEN, maskConfig, maskText, maskValue } from '../../../src/store/secrets.ts';

test('values are hidden by the names of their keys', () => {
  for (const key of [
    'connection.password',
    'ssl.keystore.password',
    'sasl.jaas.config',
    'producer.override.sasl.jaas.config',
    'aws.secret.access.key',
    'api_key',
    'ssl.keystore.key',
    'basic.auth.user.info',
    'some.Token',
  ])
    expect(maskValue(key, 'geheim')).toBe(HIDDEN);
  expect(maskConfig({ name: 'orders', 'tasks.max': '2', 'x.password': 's' })).toEqual({
    name: 'orders',
    'tasks.max': '2',
    'x.password': HIDDEN,
  });
});

test('references are names of secrets, not secrets', () => {
  expect(maskValue('connection.password', '$' + '{file:/etc/s.properties:pw}')).toBe('$' + '{file:/etc/s.properties:pw}');
  expect(maskValue('connection.password', '')).toBe('');
});

test('passwords inside addresses and parameters', () => {
  expect(maskText('jdbc:mysql://root:s3cret@db:3306/shop')).toBe(`jdbc:mysql://root:${HIDDEN}@db:3306/shop`);
  expect(maskText('jdbc:mysql://db/shop?user=a&password=s3cret&ssl=1')).toBe(`jdbc:mysql://db/shop?user=a&password=${HIDDEN}&ssl=1`);
  expect(maskText('{"password":"s3cret","name":"x"}')).toBe(`{"password":"${HIDDEN}","name":"x"}`);
  expect(maskText('http://db:3306/a')).toBe('http://db:3306/a');
});

test('a secret never comes through', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9]{6,12}$/);
  fc.assert(
    fc.property(word, fc.constantFrom('password', 'PWD', 'secret', 'token', 'api-key', 'api_key'), (secret, name) => {
      const value = `zq${secret}qz`;
      for (const text of [`a ${name}=${value} b`, `"${name}": "${value}"`, `jdbc:x://u:${value}@h/d`])
        expect(maskText(text)).not.toContain(value);
    }),
  );
});
