/**
 * How workers of a group prove to each other that they are of it: an HMAC with the session key over the bytes of the request's body.
 * Asked for only while the group's protocol is `sessioned`. Source: InternalRequestSignature, DistributedHerder.requestNotSignedProperly (KIP-507).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { ConfigError, RestError } from '../../base/errors.ts';
import type { SessionKey } from '../../storage/config/port.ts';
import type { RequestSignature } from './forwarder.ts';

/** Java's names of the digests below its `Hmac…`, and OpenSSL's. */
const DIGESTS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  SHA1: 'sha1',
  SHA224: 'sha224',
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
  'SHA512/224': 'sha512-224',
  'SHA512/256': 'sha512-256',
  'SHA3-224': 'sha3-224',
  'SHA3-256': 'sha3-256',
  'SHA3-384': 'sha3-384',
  'SHA3-512': 'sha3-512',
};

/** `algorithm` as Java names it, e.g. `HmacSHA256`. Throws ConfigError for one that is not known. */
export function signBody(key: SessionKey, algorithm: string, body: Buffer): Buffer {
  return createHmac(digestOf(algorithm), key.key).update(body).digest();
}

/**
 * Throws RestError 400, 403 or 503 unless who sent the body had the session key. `algorithms`: `inter.worker.verification.algorithms`.
 * Only a name of that list is ever looked up, whatever the request says.
 */
export function verifySignature(signature: RequestSignature | null, key: SessionKey | null, algorithms: readonly string[]): void {
  if (signature === null) throw new RestError(400, 'Internal request missing required signature');
  if (!algorithms.includes(signature.algorithm))
    throw new RestError(
      400,
      `This worker does not support the '${signature.algorithm}' key signing algorithm used by other workers. This worker is currently configured to use: [${algorithms.join(', ')}]. Check that all workers' configuration files permit the same set of signature algorithms, and correct any misconfigured worker and restart it.`,
    );
  if (key === null)
    throw new RestError(503, 'This worker is still starting up and has not been able to read a session key from the config topic yet');
  const expected = signBody(key, signature.algorithm, signature.body);
  if (expected.length !== signature.signature.length || !timingSafeEqual(expected, signature.signature))
    throw new RestError(403, 'Internal request contained invalid signature.');
}

/** `inter.worker.signature.algorithm` and `inter.worker.verification.algorithms`. Throws ConfigError naming the setting. */
export function checkAlgorithms(signature: string, verification: readonly string[]): void {
  for (const algorithm of [signature, ...verification]) digestOf(algorithm);
  if (!verification.includes(signature))
    throw new ConfigError(
      `Invalid value ${signature} for configuration inter.worker.signature.algorithm: it is not among inter.worker.verification.algorithms (${verification.join(', ')}), so the workers of the group would refuse each other's requests.`,
    );
}

function digestOf(algorithm: string): string {
  const digest = /^Hmac(.+)$/i.exec(algorithm)?.[1]?.toUpperCase() ?? '';
  const known = Object.hasOwn(DIGESTS, digest) ? DIGESTS[digest] : undefined;
  if (known) return known;
  const names = Object.keys(DIGESTS).map((name) => `Hmac${name}`);
  throw new ConfigError(
    `Invalid value ${algorithm} for configuration inter.worker.signature.algorithm or inter.worker.verification.algorithms: use one of ${names.join(', ')}.`,
  );
}
