/**
 * Certificates and keys out of PEM and PKCS12 stores. A store that is declared as JKS (Java's old default) is read when its content is PKCS#12 or
 * PEM, as Java does for PKCS#12; a real JKS file is refused with the command that converts it. Messages name settings and files, never passwords or
 * key text.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { ConfigError, errorCodeOf, messageOf } from '../errors.ts';
import { type Pkcs12Contents, readPkcs12 } from './pkcs12.ts';

const MAX_STORE_BYTES = 16 * 1024 * 1024;

export interface Identity {
  /** The key's own certificate first. */
  readonly certificates: readonly X509Certificate[];
  readonly key: KeyObject;
}

/** How the settings of a store are called where they stand. */
export interface StoreNames {
  readonly location: string;
  readonly type: string;
  readonly password: string;
  readonly keyPassword: string;
}

export interface Store {
  readonly location: string;
  /** `JKS`, `PKCS12` or `PEM`, in any case. */
  readonly type: string;
  readonly password: string | null;
  /** `null`: the password of the store. */
  readonly keyPassword: string | null;
  readonly names: StoreNames;
}

/** The certificates that a truststore holds, at least one. Throws ConfigError. */
export function trustedCertificates(store: Store): readonly X509Certificate[] {
  const { location, names } = store;
  const bytes = readStore(store);
  if (formatOf(bytes, store) === 'PEM') {
    if (store.password !== null) throw new ConfigError(`${names.password} does not go with a PEM truststore: remove it.`);
    return certificatesOf(bytes.toString('latin1'), `${names.location} ${location}`);
  }
  const { certificates } = openPkcs12(bytes, store);
  if (certificates.length === 0) throw new ConfigError(`${names.location} ${location} holds no certificate.`);
  return certificates;
}

/** The one private key that a keystore holds, with its certificates. Throws ConfigError. */
export function identityOf(store: Store): Identity {
  const { location, names } = store;
  const bytes = readStore(store);
  const where = `${names.location} ${location}`;
  if (formatOf(bytes, store) === 'PEM') {
    const text = bytes.toString('latin1');
    return pemIdentity({ text, where }, { text, where }, { value: store.keyPassword ?? store.password, name: names.keyPassword });
  }
  const contents = openPkcs12(bytes, store);
  const [privateKey] = contents.privateKeys;
  if (!privateKey) throw new ConfigError(`${where} holds no private key.`);
  if (contents.privateKeys.length > 1)
    throw new ConfigError(`${where} holds ${contents.privateKeys.length} private keys; keep the one that is meant.`);
  return ordered(contents.certificates, privateKey, where);
}

export interface PemText {
  readonly text: string;
  /** The setting, and the file when there is one. */
  readonly where: string;
}

/** Throws ConfigError. */
export function pemIdentity(
  keyText: PemText,
  chain: PemText,
  password: { readonly value: string | null; readonly name: string },
): Identity {
  const { where } = keyText;
  const [block] = pemBlocks(keyText.text).filter((candidate) => candidate.label.endsWith('PRIVATE KEY'));
  if (!block) throw new ConfigError(`${where} holds no private key ("-----BEGIN PRIVATE KEY-----").`);
  const isEncrypted = block.label === 'ENCRYPTED PRIVATE KEY';
  if (isEncrypted && password.value === null) throw new ConfigError(`${where} is encrypted: set ${password.name}.`);
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: block.pem, format: 'pem', ...(password.value === null ? {} : { passphrase: password.value }) });
  } catch {
    throw new ConfigError(`${where}: the private key cannot be read.${isEncrypted ? ` ${password.name} may be wrong.` : ''}`);
  }
  return ordered(certificatesOf(chain.text, chain.where), key, where);
}

/** The certificate of the key first, then the others as they came. */
function ordered(certificates: readonly X509Certificate[], key: KeyObject, where: string): Identity {
  const own = certificates.find((certificate) => certificate.checkPrivateKey(key));
  if (!own) throw new ConfigError(`${where}: no certificate belongs to the private key.`);
  return { key, certificates: [own, ...certificates.filter((certificate) => certificate !== own)] };
}

// ---- files

export type StoreType = 'JKS' | 'PKCS12' | 'PEM';

export function storeType(type: string, name: string): StoreType {
  const upper = type.toUpperCase();
  if (upper === 'JKS' || upper === 'PKCS12' || upper === 'PEM') return upper;
  throw new ConfigError(`${name} = "${type}" is not supported: use PEM or PKCS12.`);
}

function readStore({ location, names }: Store): Buffer {
  try {
    // Not a FIFO or a device, which could block or never end.
    const stat = statSync(location);
    if (!stat.isFile()) throw new Error('it is no regular file.');
    if (stat.size > MAX_STORE_BYTES) throw new Error(`it has ${stat.size} bytes, more than ${MAX_STORE_BYTES}.`);
    return readFileSync(location);
  } catch (error) {
    const code = errorCodeOf(error);
    const reason = code === 'ENOENT' ? 'there is no such file.' : code === 'EACCES' ? 'permission denied.' : messageOf(error);
    throw new ConfigError(`${names.location}: cannot read ${location}: ${reason}`);
  }
}

/** PEM or PKCS12, by content; refuses what is neither. */
function formatOf(bytes: Buffer, { location, type, names }: Store): 'PEM' | 'PKCS12' {
  const declared = storeType(type, names.type);
  const magic = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  if (magic === 0xfeedfeed || magic === 0xcececece) {
    throw new ConfigError(
      `${names.location} ${location} is a JKS file, which is not supported. Convert it: ` +
        `keytool -importkeystore -srckeystore ${location} -destkeystore ${location}.p12 -deststoretype PKCS12, then set ${names.location} to the new file and ${names.type} to PKCS12.`,
    );
  }
  const isPem = bytes.includes('-----BEGIN ');
  if (isPem && declared !== 'PKCS12') return 'PEM';
  if (!isPem && declared !== 'PEM' && bytes[0] === 0x30) return 'PKCS12';
  throw new ConfigError(`${names.location} ${location} is not of the type that ${names.type} says (${declared}).`);
}

function openPkcs12(bytes: Buffer, { location, password, keyPassword, names }: Store): Pkcs12Contents {
  try {
    return readPkcs12(bytes, password, keyPassword);
  } catch (error) {
    const hint = password === null ? ` ${names.password} is not set.` : '';
    throw new ConfigError(`${names.location} ${location}: ${messageOf(error)}${hint}`);
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

/** At least one. Throws ConfigError. */
export function certificatesOf(text: string, where: string): X509Certificate[] {
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
