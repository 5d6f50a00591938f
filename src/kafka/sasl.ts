/** Login data from `sasl.*` settings. Mechanisms and login modules are a fixed table; what is not in it is a clear error. */
import type { Clock } from '../base/clock.ts';
import { ConfigError } from '../base/errors.ts';
import type { ConfOf } from '../spec/define.ts';
import { securitySpec } from './client-spec.ts';
import type { SaslOptions } from './contract.ts';
import { type JaasEntry, type LoginModule, parseJaas } from './jaas.ts';
import { type BearerToken, cachedToken, checkTokenEndpoint, requestToken, unsecuredToken } from './oauth-bearer.ts';
import { readTlsOptions } from './tls-material.ts';

type SecurityConf = ConfOf<typeof securitySpec>;

const SUPPORTED = 'PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER';
const DEFAULT_TOKEN_TIMEOUT_MS = 10_000;

/** Kafka's own handler, under its name of today and of 3.x. */
const OAUTH_HANDLERS = [
  'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler',
  'org.apache.kafka.common.security.oauthbearer.secured.OAuthBearerLoginCallbackHandler',
];

export function readSasl(conf: SecurityConf, isMechanismGiven: boolean, allowedUrls: readonly string[], clock: Clock): SaslOptions {
  const mechanism = conf['sasl.mechanism'].toUpperCase();
  switch (mechanism) {
    case 'PLAIN': {
      const { options } = jaasFor(conf, 'plain', mechanism);
      return { mechanism: 'plain', ...userOf(options) };
    }
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512': {
      const { options } = jaasFor(conf, 'scram', mechanism);
      const isTokenAuth = options.get('tokenauth')?.toLowerCase() === 'true';
      return { mechanism: mechanism === 'SCRAM-SHA-256' ? 'scram-sha-256' : 'scram-sha-512', ...userOf(options), isTokenAuth };
    }
    case 'OAUTHBEARER':
      return { mechanism: 'oauthbearer', token: bearerTokens(conf, jaasFor(conf, 'oauthbearer', mechanism), allowedUrls, clock) };
    case 'GSSAPI':
      throw new ConfigError(
        isMechanismGiven
          ? `sasl.mechanism = GSSAPI (Kerberos) is not supported. Supported are ${SUPPORTED}.`
          : `sasl.mechanism is not set, and Kafka's default GSSAPI (Kerberos) is not supported. Set it to ${SUPPORTED.replace(' and ', ' or ')}.`,
      );
    default:
      throw new ConfigError(`sasl.mechanism = "${conf['sasl.mechanism'].slice(0, 80)}" is not supported. Supported are ${SUPPORTED}.`);
  }
}

function jaasFor(conf: SecurityConf, module: LoginModule, mechanism: string): JaasEntry {
  const text = conf['sasl.jaas.config'];
  if (text === null)
    throw new ConfigError(`sasl.mechanism = ${mechanism} needs sasl.jaas.config; a JAAS file of the Java virtual machine is not read.`);
  const entry = parseJaas(text);
  if (entry.module !== module)
    throw new ConfigError(`sasl.jaas.config names the login module of another mechanism than sasl.mechanism = ${mechanism}.`);
  return entry;
}

function userOf(options: ReadonlyMap<string, string>): { username: string; password: string } {
  const username = options.get('username');
  const password = options.get('password');
  if (username === undefined || password === undefined) {
    throw new ConfigError(
      `sasl.jaas.config: ${username === undefined ? 'username' : 'password'} is missing. Write username="…" password="…" before the semicolon.`,
    );
  }
  return { username, password };
}

function bearerTokens(conf: SecurityConf, jaas: JaasEntry, allowedUrls: readonly string[], clock: Clock): () => Promise<BearerToken> {
  const handler = conf['sasl.login.callback.handler.class'];
  if (handler !== null && !OAUTH_HANDLERS.includes(handler)) {
    throw new ConfigError(
      `sasl.login.callback.handler.class = "${handler.slice(0, 120)}" is not supported: Java classes cannot be loaded. Use ${OAUTH_HANDLERS[0]}.`,
    );
  }
  const endpoint = conf['sasl.oauthbearer.token.endpoint.url'];
  const factor = conf['sasl.login.refresh.window.factor'];
  const extensions = extensionsOf(jaas.options);
  const withExtensions = (token: BearerToken): BearerToken => (extensions === null ? token : { ...token, extensions });
  if (endpoint === null) {
    if (handler !== null) throw new ConfigError('sasl.oauthbearer.token.endpoint.url is not set.');
    // Checked once here, so that a missing claim shows at start.
    unsecuredToken(jaas.options, clock);
    return cachedToken(async () => withExtensions(unsecuredToken(jaas.options, clock)), factor, clock);
  }
  const credentials = {
    tokenEndpoint: checkTokenEndpoint(endpoint, allowedUrls),
    clientId: need(conf['sasl.oauthbearer.client.credentials.client.id'] ?? jaas.options.get('clientId'), 'client.id', 'clientId'),
    clientSecret: need(
      conf['sasl.oauthbearer.client.credentials.client.secret'] ?? jaas.options.get('clientSecret'),
      'client.secret',
      'clientSecret',
    ),
    scope: conf['sasl.oauthbearer.scope'] ?? jaas.options.get('scope') ?? null,
    isHeaderUrlEncoded: conf['sasl.oauthbearer.header.urlencode'],
    tls: endpointTls(jaas.options),
    timeoutMs:
      (conf['sasl.login.connect.timeout.ms'] ?? DEFAULT_TOKEN_TIMEOUT_MS) +
      (conf['sasl.login.read.timeout.ms'] ?? DEFAULT_TOKEN_TIMEOUT_MS),
    retryBackoffMs: Number(conf['sasl.login.retry.backoff.ms']),
    retryBackoffMaxMs: Number(conf['sasl.login.retry.backoff.max.ms']),
  };
  return cachedToken(async () => withExtensions(await requestToken(credentials, clock)), factor, clock);
}

function need(value: string | null | undefined, setting: string, option: string): string {
  if (value) return value;
  throw new ConfigError(`sasl.oauthbearer.client.credentials.${setting} (or ${option} in sasl.jaas.config) is not set.`);
}

/** TLS to the token endpoint is set by `ssl.*` options inside the JAAS text, as in Java; without them the well-known authorities are trusted. */
function endpointTls(options: ReadonlyMap<string, string>) {
  const settings = Object.fromEntries([...options].filter(([name]) => name.startsWith('ssl.')));
  return Object.keys(settings).length === 0 ? null : readTlsOptions(securitySpec.parse(settings));
}

/** `extension_<name>="…"` options (KIP-342), e.g. what Confluent Cloud needs. */
function extensionsOf(options: ReadonlyMap<string, string>): Readonly<Record<string, string>> | null {
  const extensions: Record<string, string> = {};
  for (const [option, value] of options) {
    if (!option.startsWith('extension_')) continue;
    const name = option.slice('extension_'.length);
    if (!/^[A-Za-z]+$/.test(name) || name === 'auth' || !/^[\x20-\x7e\t\r\n]*$/.test(value)) {
      throw new ConfigError('sasl.jaas.config: a SASL extension has a name or a value that is not allowed (letters; visible ASCII).');
    }
    extensions[name] = value;
  }
  return Object.keys(extensions).length === 0 ? null : extensions;
}
