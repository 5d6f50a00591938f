/** Certificates and keys from Kafka's `ssl.*` settings, as node:tls takes them. Types: PEM (text in the settings or a file, KIP-651) and PKCS12. */
import type { X509Certificate } from 'node:crypto';
import { type ConnectionOptions, getCiphers } from 'node:tls';
import { ConfigError } from '../base/errors.ts';
import {
  certificatesOf,
  type Identity,
  identityOf,
  pemIdentity,
  type StoreNames,
  storeType,
  trustedCertificates,
} from '../base/tls/stores.ts';

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

const PROTOCOLS = ['TLSv1.2', 'TLSv1.3'] as const;

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
  const location = settings['ssl.truststore.location'];
  const type = storeType(settings['ssl.truststore.type'], 'ssl.truststore.type');
  if (inline !== null) {
    if (location !== null) throw new ConfigError('Both ssl.truststore.location and ssl.truststore.certificates are set. Set one of them.');
    if (type !== 'PEM') throw new ConfigError('ssl.truststore.certificates needs ssl.truststore.type = PEM.');
    return certificatesOf(inline, 'ssl.truststore.certificates');
  }
  if (location === null) return null;
  return trustedCertificates({
    location,
    type,
    password: settings['ssl.truststore.password'],
    keyPassword: null,
    names: namesOf('truststore'),
  });
}

// ---- identity

function readIdentity(settings: TlsSettings): Identity | null {
  const key = settings['ssl.keystore.key'];
  const chain = settings['ssl.keystore.certificate.chain'];
  const location = settings['ssl.keystore.location'];
  const keyPassword = settings['ssl.key.password'];
  const type = storeType(settings['ssl.keystore.type'], 'ssl.keystore.type');
  if (key !== null || chain !== null) {
    if (location !== null)
      throw new ConfigError('Both ssl.keystore.location and ssl.keystore.key or ssl.keystore.certificate.chain are set. Set one of them.');
    if (type !== 'PEM') throw new ConfigError('ssl.keystore.key and ssl.keystore.certificate.chain need ssl.keystore.type = PEM.');
    if (key === null || chain === null)
      throw new ConfigError('ssl.keystore.key and ssl.keystore.certificate.chain go together: one of them is missing.');
    return pemIdentity(
      { text: key, where: 'ssl.keystore.key' },
      { text: chain, where: 'ssl.keystore.certificate.chain' },
      { value: keyPassword, name: 'ssl.key.password' },
    );
  }
  if (location === null) return null;
  return identityOf({ location, type, password: settings['ssl.keystore.password'], keyPassword, names: namesOf('keystore') });
}

function namesOf(store: 'keystore' | 'truststore'): StoreNames {
  return {
    location: `ssl.${store}.location`,
    type: `ssl.${store}.type`,
    password: `ssl.${store}.password`,
    keyPassword: 'ssl.key.password',
  };
}
