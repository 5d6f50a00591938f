/**
 * Certificates and keys from Kafka's `ssl.*` settings, as node:tls takes them. Types: PEM (text in the settings or a file, KIP-651) and PKCS12.
 * A store that is declared as JKS (Kafka's default type) is read when its content is PKCS#12 or PEM, as Java does for PKCS#12; a real JKS file is
 * refused with the command that converts it. Messages name settings and files, never passwords or key text.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { type ConnectionOptions, getCiphers } from 'node:tls';
import { ConfigError, messageOf } from '../base/errors.ts';
import { type Pkcs12Contents, readPkcs12 } from './pkcs12.ts';

/** The `ssl.*` settings that matter here, parsed. */
export interface TlsSettings {
  readonly 'ssl.protocol': string;
  readonly 'ssl.enabled.protocols': readonly string[];
  readonly 'ssl.cipher.suites': readonly string[];
  readonly 'ssl.keystore.type': string;
  readonly 'ssl.keystore.location': string | null;
  readonly 'ssl.keystore.password': string | null;
  readonly 'ssl.key.password': string | null;
  readonly 'ssl.keystore.key': string | null;
  readonly 'ssl.keystore.certificate.chain': string | null;
  readonly 'ssl.truststore.type': string;
  readonly 'ssl.truststore.location': string | null;
  readonly 'ssl.truststore.password': string | null;
  readonly 'ssl.truststore.certificates': string | null;
  readonly 'ssl.endpoint.identification.algorithm': string | null;
}

const MAX_STORE_BYTES = 16 * 1024 * 1024;
const PROTOCOLS = ['TLSv1.2', 'TLSv1.3'] as const;

interface Identity {
  /** The key's own certificate first. */
  readonly certificates: readonly X509Certificate[];
  readonly key: KeyObject;
}

/** Options for tls.connect; throws ConfigError naming the setting, the file and what to do. */
export function readTlsOptions(settings: TlsSettings): ConnectionOptions {
  const [minVersion, maxVersion] = protocolRange(settings['ssl.enabled.protocols']);
  const ciphers = toCipherList(settings['ssl.cipher.suites']);
  const trusted = readTrusted(settings);
  const identity = readIdentity(settings);
  const algorithm = settings['ssl.endpoint.identification.algorithm'] ?? '';
  if (algorithm !== '' && algorithm.toLowerCase() !== 'https') {
    throw new ConfigError(
      `ssl.endpoint.identification.algorithm = "${algorithm}" is not supported. Use https, or nothing to accept any host name.`,
    );
  }
  return {
    minVersion,
    maxVersion,
    rejectUnauthorized: true,
    ...(ciphers === null ? {} : { ciphers }),
    ...(trusted === null ? {} : { ca: trusted.map((certificate) => certificate.toString()) }),
    ...(identity === null
      ? {}
      : { cert: identity.certificates.map(String).join(''), key: identity.key.export({ format: 'pem', type: 'pkcs8' }) }),
    ...(algorithm === '' ? { checkServerIdentity: () => undefined } : {}),
  };
}

function protocolRange(enabled: readonly string[]): ['TLSv1.2' | 'TLSv1.3', 'TLSv1.2' | 'TLSv1.3'] {
  const unknown = enabled.find((name) => !PROTOCOLS.some((known) => known === name));
  if (unknown !== undefined || enabled.length === 0) {
    throw new ConfigError(`ssl.enabled.protocols = "${enabled.join(',')}" is not supported: use ${PROTOCOLS.join(' and/or ')}.`);
  }
  return [enabled.includes('TLSv1.2') ? 'TLSv1.2' : 'TLSv1.3', enabled.includes('TLSv1.3') ? 'TLSv1.3' : 'TLSv1.2'];
}

/** Java's cipher names as OpenSSL's; null when none is set. */
function toCipherList(suites: readonly string[]): string | null {
  if (suites.length === 0) return null;
  const known = new Set(getCiphers());
  return suites
    .map((suite) => {
      const name = toOpenSslCipher(suite);
      if (!known.has(name.toLowerCase()))
        throw new ConfigError(`ssl.cipher.suites: the cipher suite "${suite}" is not known to OpenSSL here.`);
      return name;
    })
    .join(':');
}

/** `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` → `ECDHE-RSA-AES128-GCM-SHA256`; TLS 1.3 and OpenSSL names stay. */
export function toOpenSslCipher(suite: string): string {
  const match = /^(?:TLS|SSL)_(\w+)_WITH_(\w+)$/.exec(suite);
  if (!match) return suite;
  const [, exchange = '', cipher = ''] = match;
  const name = cipher
    .replace(/^AES_(\d+)/, 'AES$1')
    .replace('CBC_', '')
    .replace(/^CHACHA20_POLY1305.*/, 'CHACHA20-POLY1305');
  return `${exchange === 'RSA' ? '' : `${exchange}_`}${name}`.replaceAll('_', '-');
}

// ---- trust

/** null: the certificate authorities that Node brings along. */
function readTrusted(settings: TlsSettings): readonly X509Certificate[] | null {
  const inline = settings['ssl.truststore.certificates'];
  const path = settings['ssl.truststore.location'];
  const type = storeType(settings, 'truststore');
  if (inline !== null) {
    if (path !== null) throw new ConfigError('Both ssl.truststore.location and ssl.truststore.certificates are set. Set one of them.');
    if (type !== 'PEM') throw new ConfigError('ssl.truststore.certificates needs ssl.truststore.type = PEM.');
    return certificatesOf(inline, 'ssl.truststore.certificates');
  }
  if (path === null) return null;
  const bytes = readStore(path, 'ssl.truststore.location');
  const format = formatOf(bytes, type, path, 'truststore');
  if (format === 'PEM') {
    if (settings['ssl.truststore.password'] !== null)
      throw new ConfigError('ssl.truststore.password does not go with a PEM truststore: remove it.');
    return certificatesOf(bytes.toString('latin1'), `ssl.truststore.location ${path}`);
  }
  const { certificates } = openPkcs12(bytes, path, 'truststore', settings['ssl.truststore.password'], null);
  if (certificates.length === 0) throw new ConfigError(`ssl.truststore.location ${path} holds no certificate.`);
  return certificates;
}

// ---- identity

function readIdentity(settings: TlsSettings): Identity | null {
  const key = settings['ssl.keystore.key'];
  const chain = settings['ssl.keystore.certificate.chain'];
  const path = settings['ssl.keystore.location'];
  const type = storeType(settings, 'keystore');
  if (key !== null || chain !== null) {
    if (path !== null)
      throw new ConfigError('Both ssl.keystore.location and ssl.keystore.key or ssl.keystore.certificate.chain are set. Set one of them.');
    if (type !== 'PEM') throw new ConfigError('ssl.keystore.key and ssl.keystore.certificate.chain need ssl.keystore.type = PEM.');
    if (key === null || chain === null)
      throw new ConfigError('ssl.keystore.key and ssl.keystore.certificate.chain go together: one of them is missing.');
    return pemIdentity(key, chain, settings['ssl.key.password'], 'ssl.keystore.key', 'ssl.keystore.certificate.chain');
  }
  if (path === null) return null;
  const bytes = readStore(path, 'ssl.keystore.location');
  const where = `ssl.keystore.location ${path}`;
  if (formatOf(bytes, type, path, 'keystore') === 'PEM') {
    const text = bytes.toString('latin1');
    return pemIdentity(text, text, settings['ssl.key.password'] ?? settings['ssl.keystore.password'], where, where);
  }
  const contents = openPkcs12(bytes, path, 'keystore', settings['ssl.keystore.password'], settings['ssl.key.password']);
  const [privateKey] = contents.privateKeys;
  if (!privateKey) throw new ConfigError(`${where} holds no private key.`);
  if (contents.privateKeys.length > 1)
    throw new ConfigError(`${where} holds ${contents.privateKeys.length} private keys; keep the one that is meant.`);
  return ordered(contents.certificates, privateKey, where);
}

function pemIdentity(keyText: string, chainText: string, password: string | null, keyWhere: string, chainWhere: string): Identity {
  const blocks = pemBlocks(keyText).filter((block) => block.label.endsWith('PRIVATE KEY'));
  const [block] = blocks;
  if (!block) throw new ConfigError(`${keyWhere} holds no private key ("-----BEGIN PRIVATE KEY-----").`);
  if (block.label === 'ENCRYPTED PRIVATE KEY' && password === null)
    throw new ConfigError(`${keyWhere} is encrypted: set ssl.key.password.`);
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: block.pem, format: 'pem', ...(password === null ? {} : { passphrase: password }) });
  } catch {
    const hint = block.label === 'ENCRYPTED PRIVATE KEY' ? ' ssl.key.password may be wrong.' : '';
    throw new ConfigError(`${keyWhere}: the private key cannot be read.${hint}`);
  }
  return ordered(certificatesOf(chainText, chainWhere), key, keyWhere);
}

/** The certificate of the key first, then the others as they came. */
function ordered(certificates: readonly X509Certificate[], key: KeyObject, where: string): Identity {
  const own = certificates.find((certificate) => certificate.checkPrivateKey(key));
  if (!own) throw new ConfigError(`${where}: no certificate belongs to the private key.`);
  return { key, certificates: [own, ...certificates.filter((certificate) => certificate !== own)] };
}

// ---- stores

type StoreType = 'JKS' | 'PKCS12' | 'PEM';

function storeType(settings: TlsSettings, store: 'keystore' | 'truststore'): StoreType {
  const type = settings[`ssl.${store}.type`].toUpperCase();
  if (type === 'JKS' || type === 'PKCS12' || type === 'PEM') return type;
  throw new ConfigError(`ssl.${store}.type = "${settings[`ssl.${store}.type`]}" is not supported: use PEM or PKCS12.`);
}

function readStore(path: string, setting: string): Buffer {
  try {
    // Not a FIFO or a device, which could block or never end.
    const stat = statSync(path);
    if (!stat.isFile()) throw new Error('it is no regular file.');
    if (stat.size > MAX_STORE_BYTES) throw new Error(`it has ${stat.size} bytes, more than ${MAX_STORE_BYTES}.`);
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = code === 'ENOENT' ? 'there is no such file.' : code === 'EACCES' ? 'permission denied.' : messageOf(error);
    throw new ConfigError(`${setting}: cannot read ${path}: ${reason}`);
  }
}

/** PEM or PKCS12, by content; refuses what is neither. */
function formatOf(bytes: Buffer, type: StoreType, path: string, store: 'keystore' | 'truststore'): 'PEM' | 'PKCS12' {
  const magic = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  if (magic === 0xfeedfeed || magic === 0xcececece) {
    throw new ConfigError(
      `ssl.${store}.location ${path} is a JKS file, which is not supported. Convert it: ` +
        `keytool -importkeystore -srckeystore ${path} -destkeystore ${path}.p12 -deststoretype PKCS12, then set ssl.${store}.location to the new file and ssl.${store}.type to PKCS12.`,
    );
  }
  const isPem = bytes.includes('-----BEGIN ');
  if (isPem && type !== 'PKCS12') return 'PEM';
  if (!isPem && type !== 'PEM' && bytes[0] === 0x30) return 'PKCS12';
  throw new ConfigError(`ssl.${store}.location ${path} is not of the type that ssl.${store}.type says (${type}).`);
}

function openPkcs12(
  bytes: Buffer,
  path: string,
  store: 'keystore' | 'truststore',
  password: string | null,
  keyPassword: string | null,
): Pkcs12Contents {
  try {
    return readPkcs12(bytes, password, keyPassword);
  } catch (error) {
    const hint = password === null ? ` ssl.${store}.password is not set.` : '';
    throw new ConfigError(`ssl.${store}.location ${path}: ${messageOf(error)}${hint}`);
  }
}

// ---- PEM

interface PemBlock {
  readonly label: string;
  readonly pem: string;
}

/** Blocks of a PEM text whose line ends may be gone (a value of a .properties file is one line). */
function pemBlocks(text: string): PemBlock[] {
  return [...text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \1-----/g)].map(([, label = '', body = '']) => {
    // `Proc-Type` headers of old encrypted keys must keep their lines.
    const isOld = /Proc-Type/.test(body);
    const lines = isOld ? body.trim() : (body.replace(/\\n|\s/g, '').match(/.{1,64}/g) ?? []).join('\n');
    return { label, pem: `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n` };
  });
}

function certificatesOf(text: string, where: string): X509Certificate[] {
  const blocks = pemBlocks(text).filter((block) => /^(?:X509 |TRUSTED )?CERTIFICATE$/.test(block.label));
  if (blocks.length === 0) throw new ConfigError(`${where} holds no certificate ("-----BEGIN CERTIFICATE-----").`);
  return blocks.map((block, i) => {
    try {
      return new X509Certificate(block.pem);
    } catch {
      throw new ConfigError(`${where}: certificate ${i + 1} of ${blocks.length} cannot be read.`);
    }
  });
}
