/** Signatures against those of Java, and what is refused with which words. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, RestError } from '../../../src/base/errors.ts';
import { checkAlgorithms, signBody, verifySignature } from '../../../src/herder/distributed/request-signature.ts';
import type { SessionKey } from '../../../src/storage/config/port.ts';

const golden = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../golden/rest/hmac.json'), 'utf8')) as {
  key: string;
  signatures: { algorithm: string; body: string; signature: string }[];
};
const KEY: SessionKey = { key: Buffer.from(golden.key), algorithm: 'HmacSHA256', createdMs: 0 };
const ALGORITHMS = ['HmacSHA256'];

test.each(golden.signatures)('$algorithm of $body', ({ algorithm, body, signature }) => {
  const bytes = Buffer.from(body);
  expect(signBody(KEY, algorithm, bytes).toString('base64')).toBe(signature);
  verifySignature({ algorithm, signature: Buffer.from(signature, 'base64'), body: bytes }, KEY, [algorithm]);
});

describe('refused', () => {
  const body = Buffer.from('[]');
  const right = { algorithm: 'HmacSHA256', signature: signBody(KEY, 'HmacSHA256', body), body };
  const refusal = (...args: Parameters<typeof verifySignature>) => {
    try {
      verifySignature(...args);
    } catch (error) {
      return error instanceof RestError ? `${error.status} ${error.message}` : error;
    }
    return 'accepted';
  };
  const STARTING = '503 This worker is still starting up and has not been able to read a session key from the config topic yet';
  const INVALID = '403 Internal request contained invalid signature.';

  test.each([
    ['right', right, KEY, 'accepted'],
    ['none', null, KEY, '400 Internal request missing required signature'],
    ['none, and no key', null, null, '400 Internal request missing required signature'],
    ['no key', right, null, STARTING],
    ['another body', { ...right, body: Buffer.from('[] ') }, KEY, INVALID],
    ['another key', right, { ...KEY, key: Buffer.from('kex') }, INVALID],
    ['cut', { ...right, signature: right.signature.subarray(1) }, KEY, INVALID],
    ['empty', { ...right, signature: Buffer.alloc(0) }, KEY, INVALID],
    [
      'by an algorithm that nobody has',
      { ...right, algorithm: '__proto__' },
      null,
      "400 This worker does not support the '__proto__' key signing algorithm used by other workers. This worker is currently configured to use: [HmacSHA256]. Check that all workers' configuration files permit the same set of signature algorithms, and correct any misconfigured worker and restart it.",
    ],
  ] as const)('%s', (_, signature, key, wanted) => {
    expect(refusal(signature, key, ALGORITHMS)).toBe(wanted);
  });

  test('by a weaker algorithm than this worker accepts', () => {
    const weak = { algorithm: 'HmacMD5', signature: signBody(KEY, 'HmacMD5', body), body };
    expect(refusal(weak, KEY, ['HmacSHA256', 'HmacSHA512'])).toContain('[HmacSHA256, HmacSHA512]');
    expect(refusal(weak, KEY, ['HmacSHA256', 'HmacMD5'])).toBe('accepted');
  });
});

test.each([
  ['HmacSHA256', ['HmacSHA1'], 'it is not among inter.worker.verification.algorithms (HmacSHA1)'],
  ['HmacSHA257', ['HmacSHA257'], 'Invalid value HmacSHA257'],
  ['HmacSHA256', ['HmacSHA256', 'constructor'], 'Invalid value constructor'],
] as const)('settings %s of %j', (signature, verification, message) => {
  expect(() => checkAlgorithms(signature, verification)).toThrow(ConfigError);
  expect(() => checkAlgorithms(signature, verification)).toThrow(message);
});

test('settings that go together', () => {
  checkAlgorithms('HmacSHA512', ['HmacSHA256', 'HmacSHA512']);
});
