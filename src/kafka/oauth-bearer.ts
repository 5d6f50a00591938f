/**
 * Tokens for SASL/OAUTHBEARER: OpenID Connect client credentials (KIP-768) and, as Kafka's own default for development, unsecured tokens.
 * A token is kept and renewed at `sasl.login.refresh.window.factor` of its life; callers at the same moment share one request.
 * Rules after CVE-2025-27817: the endpoint must be on the operator's allow list, https unless it is loopback, no redirects, and no text of an answer
 * (nor a secret) in any message.
 */
import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import { ConfigError, ConnectError, messageOf } from '../base/errors.ts';

export interface BearerToken {
  readonly value: string;
  /** When it expires, milliseconds since the epoch (Java's OAuthBearerToken.lifetimeMs). */
  readonly lifetimeMs: number;
  /** SASL extensions (KIP-342). */
  readonly extensions?: Readonly<Record<string, string>>;
}

export interface ClientCredentials {
  readonly tokenEndpoint: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | null;
  /** `sasl.oauthbearer.header.urlencode`: percent-encode id and secret before they go into the header (RFC 6749 §2.3.1). */
  readonly isHeaderUrlEncoded: boolean;
  readonly tls: ConnectionOptions | null;
  readonly timeoutMs: number;
  readonly retryBackoffMs: number;
  /** Trying again ends after this time. */
  readonly retryBackoffMaxMs: number;
}

const MAX_ANSWER_BYTES = 1024 * 1024;
/** Fallback life of a token that says nothing about it. */
const UNKNOWN_LIFE_MS = 300_000;

/** The variable with the endpoints that may be asked; Kafka's system property in KAFKA_OPTS counts as well. */
export const ALLOWED_URLS_VARIABLE = 'KCONSOLE_SASL_OAUTHBEARER_ALLOWED_URLS';
const ALLOWED_URLS_PROPERTY = 'org.apache.kafka.sasl.oauthbearer.allowed.urls';

/** Allow list of the process: never part of a configuration that a connector's author can write. */
export function allowedTokenUrls(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const fromOptions = new RegExp(`-D${ALLOWED_URLS_PROPERTY.replaceAll('.', '\\.')}=(?:"([^"]*)"|(\\S*))`).exec(
    environment.KAFKA_OPTS ?? '',
  );
  return [environment[ALLOWED_URLS_VARIABLE], fromOptions?.[1] ?? fromOptions?.[2]]
    .flatMap((list) => (list ?? '').split(','))
    .map((url) => url.trim())
    .filter((url) => url !== '');
}

/** Checks an endpoint against the rules; throws ConfigError. */
export function checkTokenEndpoint(text: string, allowed: readonly string[]): URL {
  const setting = 'sasl.oauthbearer.token.endpoint.url';
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ConfigError(`${setting} is not a URL.`);
  }
  if (url.username !== '' || url.password !== '') throw new ConfigError(`${setting} must not hold a user or a password.`);
  const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    throw new ConfigError(`${setting} = "${url.href}": https is needed (http to this machine only).`);
  }
  if (!allowed.some((entry) => entry === text || entry === url.href)) {
    throw new ConfigError(
      `${setting} = "${url.href}" is not on the list of allowed URLs. Set ${ALLOWED_URLS_VARIABLE} (or -D${ALLOWED_URLS_PROPERTY} in KAFKA_OPTS) for this process.`,
    );
  }
  return url;
}

/** A function that gives a valid token: the one in hand while it is fresh enough, else a new one. */
export function cachedToken(fetchToken: () => Promise<BearerToken>, refreshWindowFactor: number, clock: Clock): () => Promise<BearerToken> {
  let current: BearerToken | null = null;
  let renewAtMs = 0;
  let pending: Promise<BearerToken> | null = null;
  const renew = async () => {
    try {
      const token = await fetchToken();
      const nowMs = clock.wallMs();
      current = token;
      renewAtMs = nowMs + (token.lifetimeMs - nowMs) * refreshWindowFactor;
      return token;
    } catch (error) {
      // The old token serves until it ends: the endpoint may be back by then.
      if (current !== null && current.lifetimeMs > clock.wallMs()) return current;
      throw error;
    } finally {
      pending = null;
    }
  };
  return () => {
    if (current !== null && clock.wallMs() < renewAtMs) return Promise.resolve(current);
    pending ??= renew();
    return pending;
  };
}

/** Asks the endpoint; tries again with growing pauses until `retryBackoffMaxMs` has passed, where trying again can help. */
export async function requestToken(credentials: ClientCredentials, clock: Clock): Promise<BearerToken> {
  const deadlineMs = clock.monoMs() + credentials.retryBackoffMaxMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await requestOnce(credentials, clock);
    } catch (error) {
      const pauseMs = credentials.retryBackoffMs * 2 ** Math.min(attempt, 16);
      const isFinal = error instanceof ConnectError && !error.isRetriable;
      if (isFinal || clock.monoMs() + pauseMs > deadlineMs) throw error;
      await clock.sleep(pauseMs);
    }
  }
}

class TokenRequestError extends ConnectError {
  override readonly javaClass = 'org.apache.kafka.common.errors.SaslAuthenticationException';
  override readonly isRetriable: boolean;
  constructor(problem: string, isRetriable: boolean) {
    super(problem);
    this.isRetriable = isRetriable;
  }
}

async function requestOnce(credentials: ClientCredentials, clock: Clock): Promise<BearerToken> {
  const where = `OAuth token endpoint ${credentials.tokenEndpoint.origin}${credentials.tokenEndpoint.pathname}`;
  const answer = await post(credentials, where);
  if (answer.status !== 200 && answer.status !== 201) {
    const isRetriable = answer.status >= 500 || answer.status === 408 || answer.status === 429;
    throw new TokenRequestError(`${where} answered with HTTP status ${answer.status}.${hintFor(answer.status)}`, isRetriable);
  }
  return parseAnswer(answer.body, where, clock.wallMs());
}

function hintFor(status: number): string {
  if (status >= 300 && status < 400) return ' Redirects are not followed: set the final URL.';
  return status === 400 || status === 401 || status === 403 ? ' Check client id, client secret and scope.' : '';
}

async function post(credentials: ClientCredentials, where: string): Promise<{ status: number; body: Buffer }> {
  const encode = credentials.isHeaderUrlEncoded ? encodeURIComponent : (text: string) => text;
  const basic = Buffer.from(`${encode(credentials.clientId)}:${encode(credentials.clientSecret)}`).toString('base64');
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (credentials.scope !== null) form.set('scope', credentials.scope);
  const body = form.toString();
  const headers = {
    accept: 'application/json',
    authorization: `Basic ${basic}`,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
  };
  const { tokenEndpoint, tls, timeoutMs } = credentials;
  // Only when it is needed: importing node:http brings all of fetch with it, in every task's thread.
  const { request: start } = tokenEndpoint.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const fail = (problem: string) => reject(new TokenRequestError(`${where}: ${problem}`, true));
    const request = start(
      tokenEndpoint,
      { method: 'POST', headers, agent: false, signal: AbortSignal.timeout(timeoutMs), ...(tls ?? {}) },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) request.destroy(new Error('the answer is too long'));
          else chunks.push(chunk);
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
        response.on('error', (error) => fail(messageOf(error)));
      },
    );
    request.on('error', (error) =>
      fail(error.name === 'AbortError' || error.name === 'TimeoutError' ? `no answer within ${timeoutMs} ms` : messageOf(error)),
    );
    request.end(body);
  });
}

function parseAnswer(body: Buffer, where: string, nowMs: number): BearerToken {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    throw new TokenRequestError(`${where} did not answer with JSON.`, false);
  }
  const value = field(answer, 'access_token');
  // A token goes into a SASL message whose separator is 0x01: only visible ASCII is taken.
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value))
    throw new TokenRequestError(`${where} gave no usable access_token.`, false);
  const expiresInS = Number(field(answer, 'expires_in'));
  const lifetimeMs = expiryOfJwt(value) ?? nowMs + (expiresInS > 0 ? expiresInS * 1000 : UNKNOWN_LIFE_MS);
  if (lifetimeMs <= nowMs) throw new TokenRequestError(`${where} gave a token that has expired already. Compare the clocks.`, true);
  return { value, lifetimeMs };
}

function field(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null && Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined;
}

/** `exp` of a JWT in milliseconds; null when the token is opaque. Nothing is verified: that is the broker's part. */
function expiryOfJwt(token: string): number | null {
  const [, payload] = token.split('.');
  if (payload === undefined) return null;
  try {
    const exp = field(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')), 'exp');
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : null;
  } catch {
    return null;
  }
}

/** An unsigned token from JAAS options `unsecuredLoginStringClaim_<name>` and so on (development only; OAuthBearerUnsecuredLoginCallbackHandler). */
export function unsecuredToken(options: ReadonlyMap<string, string>, clock: Clock): BearerToken {
  const nowMs = clock.wallMs();
  const lifeS = Number(options.get('unsecuredLoginLifetimeSeconds') ?? 3600);
  if (!(lifeS > 0)) throw new ConfigError('sasl.jaas.config: unsecuredLoginLifetimeSeconds must be a positive number.');
  const claims: Record<string, unknown> = { iat: nowMs / 1000, exp: nowMs / 1000 + lifeS };
  for (const [name, text] of options) {
    const [, kind, claim = ''] = /^unsecuredLogin(String|Number|List)Claim_(\w+)$/.exec(name) ?? [];
    if (kind === 'String') claims[claim] = text;
    else if (kind === 'Number') claims[claim] = numberClaim(name, text);
    // The first character separates the elements.
    else if (kind === 'List') claims[claim] = text === '' ? [] : text.slice(1).split(text.slice(0, 1));
  }
  if (claims[options.get('unsecuredLoginPrincipalClaimName') ?? 'sub'] === undefined) {
    throw new ConfigError(
      'sasl.jaas.config: an unsecured OAUTHBEARER token needs unsecuredLoginStringClaim_sub="…" (or set sasl.oauthbearer.token.endpoint.url).',
    );
  }
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return { value: `${encode({ alg: 'none' })}.${encode(claims)}.`, lifetimeMs: nowMs + lifeS * 1000 };
}

function numberClaim(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new ConfigError(`sasl.jaas.config: ${name} is not a number.`);
  return value;
}
