/**
 * Certificates and private keys of a PKCS#12 file (RFC 7292), read here because Node's `pfx` takes no truststores.
 * Encryption: PBES2 (PBKDF2 with HMAC-SHA-1/224/256/384/512, AES-CBC or 3DES-CBC) and the older SHA-1 with 3DES. 40-bit and 128-bit RC2,
 * the default of Java 8 and OpenSSL 1, is refused with the command that converts the file.
 * Bounds: iteration counts are capped, so that no file can keep the process busy for long.
 */
import {
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  type KeyObject,
  pbkdf2Sync,
  timingSafeEqual,
  X509Certificate,
} from 'node:crypto';
import { ConfigError } from '../errors.ts';
import { childrenOf, type DerNode, malformed, readDer, readInteger, readOctets, readOid, TAG } from './der.ts';

export interface Pkcs12Contents {
  readonly certificates: readonly X509Certificate[];
  readonly privateKeys: readonly KeyObject[];
}

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  safeContentsBag: '1.2.840.113549.1.12.10.1.6',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  pbmac1: '1.2.840.113549.1.5.14',
  sha1With3KeyTripleDes: '1.2.840.113549.1.12.1.3',
  sha1With128BitRc2: '1.2.840.113549.1.12.1.5',
  sha1With40BitRc2: '1.2.840.113549.1.12.1.6',
} as const;

const HMACS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

const DIGESTS: Readonly<Record<string, { readonly name: string; readonly blockBytes: number }>> = {
  '1.3.14.3.2.26': { name: 'sha1', blockBytes: 64 },
  '2.16.840.1.101.3.4.2.4': { name: 'sha224', blockBytes: 64 },
  '2.16.840.1.101.3.4.2.1': { name: 'sha256', blockBytes: 64 },
  '2.16.840.1.101.3.4.2.2': { name: 'sha384', blockBytes: 128 },
  '2.16.840.1.101.3.4.2.3': { name: 'sha512', blockBytes: 128 },
};

const CIPHERS: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
};

const MAX_PBKDF2_ITERATIONS = 2_000_000;
const MAX_PKCS12_ITERATIONS = 1_000_000;
const MAX_DEPTH = 8;

const CONVERT = 'Convert it: keytool -importkeystore -srckeystore OLD -destkeystore NEW -deststoretype PKCS12';

/**
 * `password` null: the integrity check is left out and encrypted parts cannot be read, as Java does.
 * `keyPassword` null: `password`. Throws ConfigError with the reason only; the caller names the file.
 */
export function readPkcs12(bytes: Buffer, password: string | null, keyPassword: string | null = null): Pkcs12Contents {
  const [version, authSafe, mac] = childrenOf(readDer(bytes));
  if (readInteger(version) !== 3) throw malformed('its version is not 3.');
  const safe = contentOf(authSafe, OID.data);
  if (mac && password !== null) checkMac(mac, safe, password);
  const found: { certificates: X509Certificate[]; privateKeys: KeyObject[] } = { certificates: [], privateKeys: [] };
  for (const info of childrenOf(readDer(safe))) {
    const contents = safeContentsOf(info, password);
    readBags(readDer(contents), keyPassword ?? password, found, 0);
  }
  return found;
}

/** OCTET STRING inside the [0] of a ContentInfo. */
function contentOf(info: DerNode | undefined, type: string): Buffer {
  const [oid, wrapped] = childrenOf(info);
  if (readOid(oid) !== type) throw malformed(`content of type ${readOid(oid)} where plain data is expected.`);
  return readOctets(childrenOf(wrapped, TAG.context0)[0]);
}

function safeContentsOf(info: DerNode, password: string | null): Buffer {
  const [oid, wrapped] = childrenOf(info);
  if (readOid(oid) === OID.data) return contentOf(info, OID.data);
  if (readOid(oid) !== OID.encryptedData) throw new ConfigError(`it holds content of type ${readOid(oid)}, which is not supported.`);
  const [, encryptedInfo] = childrenOf(childrenOf(wrapped, TAG.context0)[0]);
  const [, algorithm, encrypted] = childrenOf(encryptedInfo);
  // [0] IMPLICIT OCTET STRING
  if (encrypted?.tag !== 0x80) throw malformed('the encrypted part is missing.');
  return decrypt(algorithm, encrypted.content, password);
}

function readBags(
  safeContents: DerNode,
  keyPassword: string | null,
  found: { certificates: X509Certificate[]; privateKeys: KeyObject[] },
  depth: number,
): void {
  if (depth > MAX_DEPTH) throw malformed('bags are nested too deeply.');
  for (const bag of childrenOf(safeContents)) {
    const [oid, wrapped] = childrenOf(bag);
    const [value] = childrenOf(wrapped, TAG.context0);
    switch (readOid(oid)) {
      case OID.certBag: {
        const [certificateType, certificate] = childrenOf(value);
        if (readOid(certificateType) === OID.x509Certificate)
          found.certificates.push(toCertificate(readOctets(childrenOf(certificate, TAG.context0)[0])));
        break;
      }
      case OID.keyBag:
        // The value is a PKCS#8 PrivateKeyInfo; its own bytes are needed again, header included.
        found.privateKeys.push(toPrivateKey(childrenBytes(wrapped)));
        break;
      case OID.shroudedKeyBag: {
        const [algorithm, encrypted] = childrenOf(value);
        found.privateKeys.push(toPrivateKey(decrypt(algorithm, readOctets(encrypted), keyPassword)));
        break;
      }
      case OID.safeContentsBag:
        if (value) readBags(value, keyPassword, found, depth + 1);
        break;
    }
  }
}

function childrenBytes(wrapped: DerNode | undefined): Buffer {
  return wrapped?.content ?? Buffer.alloc(0);
}

function toCertificate(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch {
    throw malformed('a certificate in it cannot be read.');
  }
}

function toPrivateKey(der: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch {
    throw malformed('a private key in it cannot be read.');
  }
}

function checkMac(mac: DerNode, content: Buffer, password: string): void {
  const [digestInfo, salt, iterations] = childrenOf(mac);
  const [algorithm, wanted] = childrenOf(digestInfo);
  const [oid, parameters] = childrenOf(algorithm);
  const expected = readOctets(wanted);
  const actual =
    readOid(oid) === OID.pbmac1
      ? pbmac1(parameters, content, password)
      : legacyMac(readOid(oid), readOctets(salt), iterations ? readInteger(iterations) : 1, content, password);
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected))
    throw new ConfigError('its password is wrong, or the file was damaged.');
}

function legacyMac(oid: string, salt: Buffer, iterations: number, content: Buffer, password: string): Buffer {
  const digest = DIGESTS[oid];
  if (!digest) throw new ConfigError(`its integrity check uses the unknown digest ${oid}.`);
  const size = createHash(digest.name).digest().length;
  return createHmac(digest.name, pkcs12Key(digest, 3, password, salt, iterations, size))
    .update(content)
    .digest();
}

/** RFC 9579. */
function pbmac1(parameters: DerNode | undefined, content: Buffer, password: string): Buffer {
  const [keyDerivation, macAlgorithm] = childrenOf(parameters);
  const hmac = HMACS[readOid(childrenOf(macAlgorithm)[0])];
  if (!hmac) throw new ConfigError('its integrity check uses an unknown algorithm.');
  return createHmac(hmac, pbkdf2Key(keyDerivation, password, null))
    .update(content)
    .digest();
}

function decrypt(algorithm: DerNode | undefined, encrypted: Buffer, password: string | null): Buffer {
  if (password === null) throw new ConfigError('it is encrypted and needs a password.');
  const [oidNode, parameters] = childrenOf(algorithm);
  const oid = readOid(oidNode);
  if (oid === OID.sha1With40BitRc2 || oid === OID.sha1With128BitRc2)
    throw new ConfigError(`it is encrypted with RC2, which is not supported. ${CONVERT}`);
  if (oid === OID.pbes2) return decryptPbes2(parameters, encrypted, password);
  if (oid !== OID.sha1With3KeyTripleDes) throw new ConfigError(`it is encrypted with ${oid}, which is not supported. ${CONVERT}`);
  const [salt, iterations] = childrenOf(parameters);
  const sha1 = { name: 'sha1', blockBytes: 64 };
  const derive = (purpose: 1 | 2, size: number) => pkcs12Key(sha1, purpose, password, readOctets(salt), readInteger(iterations), size);
  return decipher('des-ede3-cbc', derive(1, 24), derive(2, 8), encrypted);
}

function decryptPbes2(parameters: DerNode | undefined, encrypted: Buffer, password: string): Buffer {
  const [keyDerivation, scheme] = childrenOf(parameters);
  const [cipherOid, iv] = childrenOf(scheme);
  const cipher = CIPHERS[readOid(cipherOid)];
  if (!cipher) throw new ConfigError(`it is encrypted with ${readOid(cipherOid)}, which is not supported. ${CONVERT}`);
  return decipher(cipher.name, pbkdf2Key(keyDerivation, password, cipher.keyBytes), readOctets(iv), encrypted);
}

function decipher(name: string, key: Buffer, iv: Buffer, encrypted: Buffer): Buffer {
  try {
    const cipher = createDecipheriv(name, key, iv);
    return Buffer.concat([cipher.update(encrypted), cipher.final()]);
  } catch {
    throw new ConfigError('it cannot be decrypted: its password is wrong, or the file was damaged.');
  }
}

/** `keyBytes` null: the length stands in the parameters (PBMAC1). */
function pbkdf2Key(algorithm: DerNode | undefined, password: string, keyBytes: number | null): Buffer {
  const [oid, parameters] = childrenOf(algorithm);
  if (readOid(oid) !== OID.pbkdf2) throw new ConfigError(`its key derivation ${readOid(oid)} is not supported. ${CONVERT}`);
  const [salt, iterationsNode, ...rest] = childrenOf(parameters);
  const iterations = readInteger(iterationsNode);
  if (iterations < 1 || iterations > MAX_PBKDF2_ITERATIONS) throw malformed(`an iteration count of ${iterations} is not believable.`);
  const lengthNode = rest.find((node) => node.tag === TAG.integer);
  const size = keyBytes ?? readInteger(lengthNode);
  if (size < 1 || size > 128) throw malformed('a key length is out of range.');
  const prf = rest.find((node) => node.tag === TAG.sequence);
  const hmac = prf ? HMACS[readOid(childrenOf(prf)[0])] : 'sha1';
  if (!hmac) throw new ConfigError('its key derivation uses an unknown algorithm.');
  return pbkdf2Sync(Buffer.from(password, 'utf8'), readOctets(salt), iterations, size, hmac);
}

/** RFC 7292 appendix B.2. `purpose`: 1 key, 2 initialisation vector, 3 integrity. */
export function pkcs12Key(
  digest: { readonly name: string; readonly blockBytes: number },
  purpose: 1 | 2 | 3,
  password: string,
  salt: Buffer,
  iterations: number,
  size: number,
): Buffer {
  if (iterations < 1 || iterations > MAX_PKCS12_ITERATIONS) throw malformed(`an iteration count of ${iterations} is not believable.`);
  const block = digest.blockBytes;
  const diversifier = Buffer.alloc(block, purpose);
  // BMPString: UTF-16, big-endian, with a zero character at the end.
  const characters = Buffer.from(`${password}\0`, 'utf16le').swap16();
  const input = Buffer.concat([repeat(salt, block), repeat(characters, block)]);
  const out: Buffer[] = [];
  for (let have = 0; have < size; ) {
    let hash = createHash(digest.name).update(diversifier).update(input).digest();
    for (let i = 1; i < iterations; i++) hash = createHash(digest.name).update(hash).digest();
    out.push(hash);
    have += hash.length;
    addToBlocks(input, repeat(hash, block).subarray(0, block), block);
  }
  return Buffer.concat(out).subarray(0, size);
}

/** `bytes` over and over, up to the next multiple of `block`; empty stays empty. */
function repeat(bytes: Buffer, block: number): Buffer {
  return bytes.length === 0 ? bytes : Buffer.alloc(block * Math.ceil(bytes.length / block), bytes);
}

/** Each block of `input` becomes (block + addend + 1) modulo 2^(8·block). */
function addToBlocks(input: Buffer, addend: Buffer, block: number): void {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let i = block - 1; i >= 0; i--) {
      carry += (input[start + i] ?? 0) + (addend[i] ?? 0);
      input[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
}
