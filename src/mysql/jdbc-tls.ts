/** TLS parameters of a JDBC address as the driver takes them. */
import { fileURLToPath } from 'node:url';
import type { SslOptions } from 'mysql2';
import { ConfigError } from '../base/errors.ts';
import { certificatesOf, identityOf, type Store, trustedCertificates } from '../base/tls/stores.ts';
import type { SslMode, StoreParameters, TlsParameters } from './jdbc-parameters.ts';

const VERIFIED: ReadonlySet<SslMode> = new Set(['VERIFY_CA', 'VERIFY_IDENTITY']);

/** `null`: no TLS. Reads the stores; throws ConfigError naming the parameter and the file. */
export function readTls({ sslMode, trustStore, keyStore, serverSslCert }: TlsParameters): SslOptions | null {
  if (sslMode === 'DISABLED') return null;
  const isVerified = VERIFIED.has(sslMode);
  const trusted = isVerified ? readTrusted(trustStore, serverSslCert) : null;
  const identity = keyStore.location === null ? null : identityOf(toStore(keyStore, keyStore.location));
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: isVerified,
    ...(sslMode === 'VERIFY_IDENTITY' ? { verifyIdentity: true } : {}),
    ...(trusted === null ? {} : { ca: trusted }),
    ...(identity === null
      ? {}
      : { cert: identity.certificates.map(String).join(''), key: String(identity.key.export({ format: 'pem', type: 'pkcs8' })) }),
  };
}

/** PEM texts; `null`: the authorities that Node brings along. */
function readTrusted(trustStore: StoreParameters, serverSslCert: string | null): string[] | null {
  if (serverSslCert?.includes('-----BEGIN ')) return certificatesOf(serverSslCert, 'serverSslCert').map(String);
  const given =
    serverSslCert === null ? trustStore : { ...trustStore, location: serverSslCert, type: 'PEM', locationName: 'serverSslCert' };
  return given.location === null ? null : trustedCertificates(toStore(given, given.location)).map(String);
}

function toStore(parameters: StoreParameters, location: string): Store {
  const { locationName, typeName, passwordName, type, password } = parameters;
  return {
    location: pathOf(location, locationName),
    type,
    password,
    keyPassword: null,
    names: { location: locationName, type: typeName, password: passwordName, keyPassword: passwordName },
  };
}

/** Drivers take `file:` addresses, some of them paths as well. */
function pathOf(location: string, name: string): string {
  if (!/^[a-z][a-z0-9+.-]+:/i.test(location)) return location;
  try {
    return fileURLToPath(location);
  } catch {
    throw new ConfigError(`${name} = "${location}" is neither a path nor an address like file:///etc/ssl/trust.p12.`);
  }
}
