/** The parameters of Connector/J and of MariaDB's driver that mean something here: an allow list. Others are named in a warning. */
import { ConfigError } from '../base/errors.ts';
import { sqlLiteral } from './sql-literal.ts';

/** PREFERRED takes TLS when the server offers it and, like REQUIRED, trusts any certificate. */
const SSL_MODES = ['DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'] as const;
export type SslMode = (typeof SSL_MODES)[number];

const ZERO_DATES = ['EXCEPTION', 'CONVERT_TO_NULL', 'ROUND'] as const;
export type ZeroDates = (typeof ZERO_DATES)[number];

export interface ConnectionParameters {
  readonly user: string | null;
  readonly password: string | null;
  /** 0: as long as the system waits. */
  readonly connectTimeoutMs: number;
  /** Longest silence of the server while a statement runs; 0: no limit. */
  readonly socketTimeoutMs: number;
  readonly tls: TlsParameters;
  /** Without TLS a password may be sent under a key that the server hands out, which anybody in between can replace: `allowPublicKeyRetrieval`. */
  readonly allowPublicKeyRetrieval: boolean;
  /** What a zero date (0000-00-00) becomes: `zeroDateTimeBehavior`. */
  readonly zeroDates: ZeroDates;
  /** `yearIsDateType`: YEAR is a date, else a number. */
  readonly yearIsDate: boolean;
  /** `tinyInt1isBit`: TINYINT(1) is BIT. */
  readonly tinyInt1IsBit: boolean;
  /** `transformedBitIsBoolean`: and that BIT is true or false. */
  readonly bitIsBoolean: boolean;
  /** `nullDatabaseMeansCurrent`: without a pattern for databases only the address's own one is looked through, else all that the user may see. */
  readonly nullDatabaseMeansCurrent: boolean;
  /** Assignments of a SET statement: `sessionVariables`, and the time zone where it is to be the session's. */
  readonly sessionSettings: readonly string[];
}

export interface TlsParameters {
  readonly sslMode: SslMode;
  readonly trustStore: StoreParameters;
  readonly keyStore: StoreParameters;
  /** MariaDB's driver: path or text of the certificates that are trusted (PEM). */
  readonly serverSslCert: string | null;
}

export interface StoreParameters {
  /** Path or `file:` address; `null`: not given. */
  readonly location: string | null;
  /** `JKS`, `PKCS12`, `PEM`. */
  readonly type: string;
  readonly password: string | null;
  /** Names of the parameters, for messages. */
  readonly locationName: string;
  readonly typeName: string;
  readonly passwordName: string;
}

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;

/** Say nothing that would be different here: texts are always Unicode, rows always streamed, inserts always batched. */
const WITHOUT_EFFECT = new Set(
  `useUnicode characterEncoding characterSetResults connectionCollation useCursorFetch defaultFetchSize useServerPrepStmts cachePrepStmts
  prepStmtCacheSize prepStmtCacheSqlLimit rewriteBatchedStatements useBulkStmts useBatchMultiSend autoReconnect serverTimezone connectionTimeZone
  useTimezone useLegacyDatetimeCode useJDBCCompliantTimezoneShift preserveInstants useInformationSchema
  noAccessToProcedureBodies tcpKeepAlive tcpNoDelay jdbcCompliantTruncation useLocalSessionState useLocalTransactionState cacheServerConfiguration
  elideSetAutoCommits maintainTimeStats useReadAheadInput netTimeoutForStreamingResults maxReconnects initialTimeout failOverReadOnly
  sendFractionalSeconds treatUtilDateAsTimestamp useColumnNamesInFindColumn useOldAliasMetadataBehavior permitMysqlScheme`
    .split(/\s+/)
    .map((name) => name.toLowerCase()),
);
const KNOWN = new Set(
  `user password connectTimeout socketTimeout sslMode useSSL requireSSL verifyServerCertificate trustServerCertificate
  disableSslHostnameVerification trustCertificateKeyStoreUrl trustCertificateKeyStoreType trustCertificateKeyStorePassword trustStore trustStoreType
  trustStorePassword clientCertificateKeyStoreUrl clientCertificateKeyStoreType clientCertificateKeyStorePassword keyStore keyStoreType
  keyStorePassword serverSslCert zeroDateTimeBehavior yearIsDateType tinyInt1isBit transformedBitIsBoolean
  nullDatabaseMeansCurrent nullCatalogMeansCurrent sessionVariables forceConnectionTimeZoneToSession allowPublicKeyRetrieval`
    .split(/\s+/)
    .map((name) => name.toLowerCase()),
);
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['allowmultiqueries', 'several statements in one text are never allowed here'],
  ['allowloadlocalinfile', 'LOCAL INFILE is never allowed here'],
  ['allowloadlocalinfileinpath', 'LOCAL INFILE is never allowed here'],
  ['allowurlinlocalinfile', 'LOCAL INFILE is never allowed here'],
  ['allowlocalinfile', 'LOCAL INFILE is never allowed here'],
]);

/** `given`: by the names of the drivers, in any case. Adds a sentence to `warnings` for each that has no effect. Throws ConfigError. */
export function applyParameters(given: Readonly<Record<string, string>>, product: string, warnings: string[]): ConnectionParameters {
  const byName = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), { name, value }]));
  for (const [key, { name, value }] of byName) {
    const why = REFUSED.get(key);
    if (why !== undefined && !/^(?:false|no|0|)$/i.test(value)) warnings.push(`The database parameter "${name}" is left out: ${why}.`);
    else if (why === undefined && !KNOWN.has(key) && !WITHOUT_EFFECT.has(key))
      warnings.push(`The database parameter "${name}" is not supported and is left out.`);
  }
  const read = new Reader(byName);
  return {
    user: read.text('user'),
    password: read.text('password'),
    connectTimeoutMs: read.milliseconds('connectTimeout', DEFAULT_CONNECT_TIMEOUT_MS),
    socketTimeoutMs: read.milliseconds('socketTimeout', 0),
    tls: readTlsParameters(read, product),
    allowPublicKeyRetrieval: read.flag('allowPublicKeyRetrieval') ?? false,
    zeroDates: read.oneOf('zeroDateTimeBehavior', ZERO_DATES, 'EXCEPTION'),
    yearIsDate: read.flag('yearIsDateType') ?? true,
    tinyInt1IsBit: read.flag('tinyInt1isBit') ?? true,
    bitIsBoolean: read.flag('transformedBitIsBoolean') ?? false,
    nullDatabaseMeansCurrent: read.flag('nullDatabaseMeansCurrent') ?? read.flag('nullCatalogMeansCurrent') ?? product === 'mariadb',
    sessionSettings: readSessionSettings(read),
  };
}

function readTlsParameters(read: Reader, product: string): TlsParameters {
  return {
    sslMode: readSslMode(read, product),
    trustStore: readStore(read, ['trustCertificateKeyStore', 'Url'], ['trustStore', '']),
    keyStore: readStore(read, ['clientCertificateKeyStore', 'Url'], ['keyStore', '']),
    serverSslCert: read.text('serverSslCert'),
  };
}

/** Of Connector/J's names and those of MariaDB's driver the pair that gives a location. */
function readStore(read: Reader, ...names: readonly (readonly [name: string, ending: string])[]): StoreParameters {
  const [name, ending] = names.find(([candidate, end]) => read.text(candidate + end) !== null) ?? names[0]!;
  const parameters = { locationName: name + ending, typeName: `${name}Type`, passwordName: `${name}Password` };
  return {
    ...parameters,
    location: read.text(parameters.locationName),
    type: (read.text(parameters.typeName) ?? 'JKS').toUpperCase(),
    password: read.text(parameters.passwordName),
  };
}

/** MariaDB's driver has words of its own for the modes, and no TLS by default. */
const MARIADB_MODES: ReadonlyMap<string, SslMode> = new Map([
  ['disable', 'DISABLED'],
  ['trust', 'REQUIRED'],
  ['verify-ca', 'VERIFY_CA'],
  ['verify-full', 'VERIFY_IDENTITY'],
]);

function readSslMode(read: Reader, product: string): SslMode {
  const mode = read.text('sslMode');
  const ofMariaDb = mode === null ? undefined : MARIADB_MODES.get(mode.toLowerCase());
  if (ofMariaDb !== undefined) return ofMariaDb;
  if (mode !== null) return read.oneOf('sslMode', SSL_MODES, 'PREFERRED');
  const useSsl = read.flag('useSSL');
  if (useSsl === false) return 'DISABLED';
  if (product === 'mariadb') return mariaDbMode(read, useSsl);
  if (read.flag('verifyServerCertificate') === true) return 'VERIFY_CA';
  return read.flag('requireSSL') === true ? 'REQUIRED' : 'PREFERRED';
}

function mariaDbMode(read: Reader, useSsl: boolean | null): SslMode {
  if (useSsl === null) return 'DISABLED';
  if (read.flag('trustServerCertificate') === true) return 'REQUIRED';
  return read.flag('disableSslHostnameVerification') === true ? 'VERIFY_CA' : 'VERIFY_IDENTITY';
}

function readSessionSettings(read: Reader): string[] {
  const zone = read.text('connectionTimeZone') ?? read.text('serverTimezone');
  const isForced = read.flag('forceConnectionTimeZoneToSession') === true;
  if (isForced && (zone === null || /^(?:LOCAL|SERVER)$/i.test(zone)))
    throw new ConfigError('forceConnectionTimeZoneToSession=true needs connectionTimeZone with the zone, like Asia/Seoul or +09:00.');
  return [
    ...splitAssignments(read.text('sessionVariables') ?? '').map((assignment) =>
      /^(?:@|session\s|global\s)/i.test(assignment) ? assignment : `SESSION ${assignment}`,
    ),
    ...(isForced && zone !== null ? [`SESSION time_zone=${sqlLiteral(zone, { backslashEscapes: true })}`] : []),
  ];
}

/** Divided by commas or semicolons outside of quotes and parentheses, as in Connector/J. */
function splitAssignments(text: string): string[] {
  return (text.match(/(?:'[^']*'|"[^"]*"|\([^()]*\)|[^,;'"()])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '');
}

class Reader {
  readonly #given: ReadonlyMap<string, { readonly name: string; readonly value: string }>;

  constructor(given: ReadonlyMap<string, { readonly name: string; readonly value: string }>) {
    this.#given = given;
  }

  /** `null`: not given, or empty. */
  text(name: string): string | null {
    return this.#given.get(name.toLowerCase())?.value || null;
  }

  flag(name: string): boolean | null {
    const value = this.text(name);
    if (value === null) return null;
    if (/^(?:true|yes|1)$/i.test(value)) return true;
    if (/^(?:false|no|0)$/i.test(value)) return false;
    throw new ConfigError(`The database parameter ${name} = "${value}" is neither true nor false.`);
  }

  milliseconds(name: string, unset: number): number {
    const value = this.text(name);
    if (value === null) return unset;
    if (!/^\d{1,9}$/.test(value)) throw new ConfigError(`The database parameter ${name} = "${value}" is no number of milliseconds.`);
    return Number(value);
  }

  /** Compared without case and underscores: `convertToNull` is CONVERT_TO_NULL. */
  oneOf<T extends string>(name: string, words: readonly T[], unset: T): T {
    const value = this.text(name);
    if (value === null) return unset;
    const plain = (word: string) => word.replaceAll('_', '').toUpperCase();
    const found = words.find((word) => plain(word) === plain(value));
    if (found === undefined) throw new ConfigError(`The database parameter ${name} = "${value}" is none of ${words.join(', ')}.`);
    return found;
  }
}
