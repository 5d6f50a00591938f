import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { readPkcs12 } from '../../../src/base/tls/pkcs12.ts';
import { securitySpec } from '../../../src/kafka/client-spec.ts';
import { readTlsOptions, toOpenSslCipher } from '../../../src/kafka/tls-material.ts';

const path = (name: string) => fileURLToPath(new URL(`../../golden/tls/${name}`, import.meta.url));
const read = (settings: Record<string, string>) => readTlsOptions(securitySpec.parse(settings));
const caPem = readFileSync(path('ca.pem'), 'latin1');
const { certificates, privateKeys } = readPkcs12(readFileSync(path('openssl-aes.p12')), 'changeit');
const chainPem = certificates.map(String).join('');
const keyPem = String(privateKeys[0]?.export({ format: 'pem', type: 'pkcs8' }));
const encryptedKeyPem = String(privateKeys[0]?.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'changeit' }));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kconsole-tls-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('nothing set: TLS 1.2 and 1.3, known authorities, host names checked', () => {
  expect(read({})).toEqual({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', rejectUnauthorized: true });
});

test('an empty endpoint identification algorithm accepts any host name', () => {
  const { checkServerIdentity, rejectUnauthorized } = read({ 'ssl.endpoint.identification.algorithm': '' });
  expect(checkServerIdentity).toBeTypeOf('function');
  expect(rejectUnauthorized).toBe(true);
});

describe('trust stores', () => {
  test.each([
    ['PEM in a file', { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': path('ca.pem') }],
    ['PEM text', { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': caPem }],
    ['PEM text on one line', { 'ssl.truststore.type': 'pem', 'ssl.truststore.certificates': caPem.replaceAll('\n', ' ') }],
    [
      'PKCS12',
      { 'ssl.truststore.type': 'PKCS12', 'ssl.truststore.location': path('keytool-trust.p12'), 'ssl.truststore.password': 'changeit' },
    ],
    ['PKCS12 with the default type', { 'ssl.truststore.location': path('keytool-trust.p12'), 'ssl.truststore.password': 'changeit' }],
  ])('%s', (_, settings) => {
    const { ca } = read(settings);
    expect(String(ca)).toBe(new X509Certificate(caPem).toString());
  });
});

describe('key stores', () => {
  test.each([
    ['PKCS12', { 'ssl.keystore.type': 'PKCS12', 'ssl.keystore.location': path('keytool.p12'), 'ssl.keystore.password': 'changeit' }],
    ['PEM text', { 'ssl.keystore.type': 'PEM', 'ssl.keystore.key': keyPem, 'ssl.keystore.certificate.chain': chainPem }],
    [
      'encrypted PEM text',
      {
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.key': encryptedKeyPem,
        'ssl.keystore.certificate.chain': chainPem,
        'ssl.key.password': 'changeit',
      },
    ],
  ])('%s', (_, settings) => {
    const { cert, key } = read(settings);
    expect(String(cert).match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThanOrEqual(2);
    expect(String(key)).toContain('BEGIN PRIVATE KEY');
  });

  test('PEM file with key and certificates', () => {
    const file = join(folder, 'client.pem');
    writeFileSync(file, encryptedKeyPem + chainPem);
    expect(String(read({ 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': file, 'ssl.key.password': 'changeit' }).key)).toContain(
      'BEGIN PRIVATE KEY',
    );
  });
});

describe('cipher suites and protocols', () => {
  test.each([
    ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
    ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
    ['TLS_RSA_WITH_AES_256_CBC_SHA', 'AES256-SHA'],
    ['TLS_DHE_RSA_WITH_AES_256_CBC_SHA256', 'DHE-RSA-AES256-SHA256'],
    ['TLS_AES_256_GCM_SHA384', 'TLS_AES_256_GCM_SHA384'],
  ])('%s', (java, openSsl) => {
    expect(toOpenSslCipher(java)).toBe(openSsl);
    expect(read({ 'ssl.cipher.suites': java }).ciphers).toBe(openSsl);
  });

  test('one version only', () => {
    expect(read({ 'ssl.enabled.protocols': 'TLSv1.3' })).toMatchObject({ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' });
  });
});

test.each([
  [{ 'ssl.enabled.protocols': 'TLSv1,TLSv1.2' }, 'ssl.enabled.protocols = "TLSv1,TLSv1.2" is not supported'],
  [{ 'ssl.cipher.suites': 'TLS_FOO_WITH_BAR' }, 'the cipher suite "TLS_FOO_WITH_BAR" is not known'],
  [{ 'ssl.endpoint.identification.algorithm': 'ldaps' }, 'ssl.endpoint.identification.algorithm = "ldaps" is not supported'],
  [
    { 'ssl.truststore.location': path('trust.jks') },
    `keytool -importkeystore -srckeystore ${path('trust.jks')} -destkeystore ${path('trust.jks')}.p12 -deststoretype PKCS12`,
  ],
  [{ 'ssl.truststore.location': '/none' }, 'ssl.truststore.location: cannot read /none: there is no such file.'],
  [{ 'ssl.truststore.location': '/dev/zero' }, 'ssl.truststore.location: cannot read /dev/zero: it is no regular file.'],
  [{ 'ssl.truststore.location': path('make.sh') }, 'is not of the type that ssl.truststore.type says (JKS)'],
  [
    { 'ssl.truststore.type': 'PKCS12', 'ssl.truststore.location': path('ca.pem') },
    'is not of the type that ssl.truststore.type says (PKCS12)',
  ],
  [
    { 'ssl.truststore.type': 'BCFKS', 'ssl.truststore.location': path('ca.pem') },
    'ssl.truststore.type = "BCFKS" is not supported: use PEM or PKCS12.',
  ],
  [{ 'ssl.truststore.location': path('keytool-trust.p12') }, 'it is encrypted and needs a password. ssl.truststore.password is not set.'],
  [{ 'ssl.truststore.location': path('keytool-trust.p12'), 'ssl.truststore.password': 'hunter2' }, 'its password is wrong'],
  [{ 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': 'hunter2' }, 'ssl.truststore.certificates holds no certificate'],
  [
    { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': '-----BEGIN CERTIFICATE-----hunter2-----END CERTIFICATE-----' },
    'certificate 1 of 1 cannot be read',
  ],
  [{ 'ssl.truststore.certificates': caPem }, 'needs ssl.truststore.type = PEM'],
  [
    { 'ssl.keystore.type': 'PEM', 'ssl.keystore.key': encryptedKeyPem, 'ssl.keystore.certificate.chain': chainPem },
    'ssl.keystore.key is encrypted: set ssl.key.password.',
  ],
  [
    {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.key': encryptedKeyPem,
      'ssl.keystore.certificate.chain': chainPem,
      'ssl.key.password': 'hunter2',
    },
    'ssl.key.password may be wrong',
  ],
  [
    { 'ssl.keystore.type': 'PEM', 'ssl.keystore.key': keyPem, 'ssl.keystore.certificate.chain': caPem },
    'no certificate belongs to the private key',
  ],
  [{ 'ssl.keystore.type': 'PEM', 'ssl.keystore.key': keyPem }, 'one of them is missing'],
  [{ 'ssl.keystore.location': path('keytool-trust.p12'), 'ssl.keystore.password': 'changeit' }, 'holds no private key'],
])('refused: %j', (settings: Record<string, string>, message) => {
  let error: unknown = null;
  try {
    read(settings);
  } catch (e) {
    error = e;
  }
  expect(error).toBeInstanceOf(ConfigError);
  expect(String(error)).toContain(message);
  expect(String(error)).not.toContain('hunter2');
});
