import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../../src/base/errors.ts';
import { pkcs12Key, readPkcs12 } from '../../../../src/base/tls/pkcs12.ts';

// Written by test/golden/tls/make.sh (keytool of Java 17, OpenSSL 3.0).
const store = (name: string) => readFileSync(new URL(`../../../golden/tls/${name}`, import.meta.url));

describe('key stores', () => {
  test.each([
    ['keytool.p12', 'changeit'],
    ['openssl-aes.p12', 'changeit'],
    ['openssl-3des.p12', 'changeit'],
    ['openssl-plain-certs.p12', 'changeit'],
    ['openssl-korean-password.p12', '비밀번호'],
  ])('%s', (name, password) => {
    const { certificates, privateKeys } = readPkcs12(store(name), password);
    expect(privateKeys.map((key) => key.asymmetricKeyType)).toEqual(['ec']);
    expect(new Set(certificates.map((c) => c.subject))).toEqual(new Set(['CN=client', 'CN=kconsole test CA']));
    const own = certificates.find((c) => c.subject === 'CN=client');
    expect(privateKeys[0] && own?.checkPrivateKey(privateKeys[0])).toBe(true);
  });
});

describe('trust stores', () => {
  test.each(['keytool-trust.p12', 'openssl-trust.p12'])('%s', (name) => {
    const { certificates, privateKeys } = readPkcs12(store(name), 'changeit');
    expect(certificates.map((c) => c.subject)).toEqual(['CN=kconsole test CA']);
    expect(privateKeys).toEqual([]);
  });

  test.each(['openssl-rc2.p12', 'keytool-java8-trust.p12'])('%s: RC2 is refused with the way out', (name) => {
    expect(() => readPkcs12(store(name), 'changeit')).toThrow(/RC2, which is not supported\. Convert it: keytool -importkeystore/);
  });
});

test('a wrong or missing password', () => {
  expect(() => readPkcs12(store('keytool.p12'), 'wrong')).toThrow(new ConfigError('its password is wrong, or the file was damaged.'));
  expect(() => readPkcs12(store('keytool.p12'), null)).toThrow(new ConfigError('it is encrypted and needs a password.'));
  expect(() => readPkcs12(store('keytool.p12'), 'changeit', 'other')).toThrow(/cannot be decrypted/);
});

// Values of OpenSSL's PKCS12_key_gen_uni.
test('key derivation of RFC 7292', () => {
  const sha1 = { name: 'sha1', blockBytes: 64 };
  const salt = Buffer.from('0a58cf64530d823f', 'hex');
  expect(pkcs12Key(sha1, 1, 'smeg', salt, 1, 24).toString('hex')).toBe('8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3');
  expect(pkcs12Key(sha1, 2, 'smeg', salt, 1, 8).toString('hex')).toBe('79993dfe048d3b76');
});

test('damaged files give a ConfigError, soon', () => {
  const names = ['keytool-trust.p12', 'openssl-plain-certs.p12'];
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat(3000)),
      (name, changes, cut) => {
        const bytes = Buffer.from(store(name));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        try {
          readPkcs12(cut === null ? bytes : bytes.subarray(0, cut), null);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      },
    ),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => readPkcs12(Buffer.from(bytes), 'x')).toThrow(ConfigError);
    }),
  );
});

test('an unbelievable iteration count is refused, not counted', () => {
  const bytes = store('openssl-3des.p12');
  const count = bytes.lastIndexOf(Buffer.from('02020800', 'hex'));
  expect(count).toBeGreaterThan(0);
  const evil = Buffer.from(bytes);
  // The INTEGER 2048 of the integrity check becomes 32767; the sign bit set makes it negative.
  evil.writeUInt16BE(0xffff, count + 2);
  expect(() => readPkcs12(evil, 'changeit')).toThrow(/out of range/);
});
