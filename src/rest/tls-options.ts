/** TLS of https listeners, and of requests to those of other workers, from `listeners.https.ssl.*` (or `ssl.*`), PEM or PKCS12. */
import type { ConnectionOptions } from 'node:tls';
import { ConfigError } from '../base/errors.ts';
import { readTlsOptions, type TlsSettings } from '../kafka/tls-material.ts';
import { defineSpec, key } from '../spec/define.ts';

const text = (doc: string) => key.string({ default: null, importance: 'LOW', doc });

const listenerTlsSpec = defineSpec({
  'ssl.protocol': key.string({ default: 'TLSv1.3', importance: 'LOW', doc: 'Read for compatibility; ssl.enabled.protocols decides.' }),
  'ssl.enabled.protocols': key.list({ default: ['TLSv1.2', 'TLSv1.3'], importance: 'LOW', doc: 'TLSv1.2 and/or TLSv1.3.' }),
  'ssl.cipher.suites': key.list({ default: [], importance: 'LOW', doc: 'Cipher suites; empty: the usual ones.' }),
  'ssl.keystore.type': key.string({ default: 'JKS', importance: 'LOW', doc: 'PEM or PKCS12.' }),
  'ssl.keystore.location': text('File with the key and certificate of the server.'),
  'ssl.keystore.password': key.password({ default: null, importance: 'LOW', doc: 'Password of that file.' }),
  'ssl.key.password': key.password({ default: null, importance: 'LOW', doc: 'Password of the key.' }),
  'ssl.keystore.key': key.password({ default: null, importance: 'LOW', doc: 'The key itself, PEM.' }),
  'ssl.keystore.certificate.chain': key.password({ default: null, importance: 'LOW', doc: 'The certificates themselves, PEM.' }),
  'ssl.truststore.type': key.string({ default: 'JKS', importance: 'LOW', doc: 'PEM or PKCS12.' }),
  'ssl.truststore.location': text('File with the certificates that clients are checked against.'),
  'ssl.truststore.password': key.password({ default: null, importance: 'LOW', doc: 'Password of that file.' }),
  'ssl.truststore.certificates': key.password({ default: null, importance: 'LOW', doc: 'Those certificates themselves, PEM.' }),
  'ssl.client.auth': key.choice(['required', 'requested', 'none'], {
    default: 'none',
    importance: 'LOW',
    doc: 'Whether clients must (required) or may (requested) show a certificate.',
  }),
  'ssl.endpoint.identification.algorithm': key.string({
    default: 'https',
    importance: 'LOW',
    doc: 'https: other workers must show a certificate of the host that they advertise. Empty: any host will do.',
  }),
});

/** Options for `https.createServer`. When any key has the prefix, only keys with it count. Throws ConfigError. */
export function readListenerTls(
  raw: Readonly<Record<string, string>>,
  prefix: 'listeners.https.' | 'admin.listeners.https.',
): Readonly<Record<string, unknown>> {
  const { effective, hasPrefixed } = keysOf(raw, prefix);
  const { 'ssl.client.auth': clientAuth, ...settings } = listenerTlsSpec.parse(effective);
  const tls: TlsSettings = { ...settings, 'ssl.endpoint.identification.algorithm': null };
  const { cert, key: privateKey, ca, ciphers, minVersion, maxVersion } = readTlsOptions(tls);
  if (!cert || !privateKey)
    throw new ConfigError(
      `An https listener needs a key and a certificate: set ${hasPrefixed ? prefix : ''}ssl.keystore.location and ssl.keystore.type (PEM or PKCS12), or ssl.keystore.key and ssl.keystore.certificate.chain.`,
    );
  return {
    cert,
    key: privateKey,
    minVersion,
    maxVersion,
    ...(ca ? { ca } : {}),
    ...(ciphers ? { ciphers } : {}),
    requestCert: clientAuth !== 'none',
    rejectUnauthorized: clientAuth === 'required',
  };
}

/**
 * Options for calling another worker: its own key store is what this one shows, its trust store what the other is checked against.
 * Throws ConfigError. Source: SSLUtils.createClientSideSslContextFactory, which leaves out the check of the host when there are prefixed
 * keys and none of them asks for it; here it takes an empty value to turn it off.
 */
export function readCallerTls(raw: Readonly<Record<string, string>>): ConnectionOptions {
  return readTlsOptions(listenerTlsSpec.parse(keysOf(raw, 'listeners.https.').effective));
}

function keysOf(
  raw: Readonly<Record<string, string>>,
  prefix: string,
): { effective: Readonly<Record<string, string>>; hasPrefixed: boolean } {
  const prefixed = Object.entries(raw).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : []));
  return prefixed.length > 0 ? { effective: Object.fromEntries(prefixed), hasPrefixed: true } : { effective: raw, hasPrefixed: false };
}
