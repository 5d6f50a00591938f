/** The worker settings that are about REST: Connect's own names, and ours under `kconsole.rest.`. */
import { ConfigError } from '../base/errors.ts';
import { type ConfOf, defineSpec, key } from '../spec/define.ts';
import { isLoopback } from './host-check.ts';
import { type HeaderRule, parseHeaderRules } from './response-headers.ts';

export interface Listener {
  readonly scheme: 'http' | 'https';
  /** `null`: every interface. */
  readonly host: string | null;
  /** 0: any free one. */
  readonly port: number;
  /** As it was written. */
  readonly text: string;
}

/** Where we listen when `listeners` is unset. Apache's default is every interface; nobody should be reachable by accident. */
export const DEFAULT_LISTENER: Listener = { scheme: 'http', host: '127.0.0.1', port: 8083, text: 'http://127.0.0.1:8083' };
/** The same when the others are told a host to call, as Apache's images do. */
const ADVERTISED_LISTENER: Listener = { ...DEFAULT_LISTENER, host: null, text: 'http://:8083' };

export const restSpec = defineSpec({
  listeners: key.list({
    default: null,
    importance: 'MEDIUM',
    doc: 'Addresses of the REST API, comma separated: http://host:port or https://host:port. An empty host means every interface, port 0 any free port. Unset: http://127.0.0.1:8083, or http://:8083 when rest.advertised.host.name is that of another interface (Apache Kafka: always http://:8083).',
  }),
  'admin.listeners': key.list({
    default: null,
    importance: 'LOW',
    doc: 'Addresses that serve /admin. Unset: those of listeners. Empty: /admin is not served.',
  }),
  'rest.advertised.host.name': key.string({ default: null, importance: 'LOW', doc: 'Host name that other workers and the worker id use.' }),
  'rest.advertised.port': key.int({ default: null, importance: 'LOW', doc: 'Port that other workers and the worker id use.' }),
  'rest.advertised.listener': key.string({ default: null, importance: 'LOW', doc: 'Which listener is advertised: http or https.' }),
  'access.control.allow.origin': key.string({
    default: '',
    importance: 'LOW',
    doc: 'Origins whose pages may call the API from a browser, comma separated; * for all. Empty: none.',
  }),
  'access.control.allow.methods': key.string({
    default: '',
    importance: 'LOW',
    doc: 'Methods for such calls. Empty: GET, POST and HEAD.',
  }),
  'response.http.headers.config': key.string({
    default: '',
    importance: 'LOW',
    doc: 'Headers of every answer: [set|add|setDate|addDate] Name: value, comma separated, in double quotes where a value has a comma.',
  }),
  'rest.extension.classes': key.list({
    default: [],
    importance: 'LOW',
    doc: 'REST extensions. Known is BasicAuthSecurityRestExtension; its users come from kconsole.rest.basic.auth.file, or from the login configuration that KAFKA_OPTS names.',
  }),
  'kconsole.rest.basic.auth.file': key.string({
    default: null,
    importance: 'MEDIUM',
    doc: 'File of lines user=password. Set: each request must carry one of them as Basic authorization.',
  }),
  'kconsole.rest.mask.secrets': key.boolean({
    default: false,
    importance: 'LOW',
    doc: 'Show secrets of connector configurations as [hidden] in REST answers. A [hidden] that comes back means unchanged.',
  }),
  'kconsole.rest.allowed.hosts': key.list({
    default: [],
    importance: 'LOW',
    doc: 'Further host names by which an API on a loopback address may be called (it refuses foreign names: DNS rebinding).',
  }),
});

export interface RestConfig {
  readonly listeners: readonly Listener[];
  /** `null`: /admin is served on `listeners`. */
  readonly adminListeners: readonly Listener[] | null;
  readonly advertisedHost: string | null;
  readonly advertisedPort: number | null;
  readonly advertisedScheme: 'http' | 'https' | null;
  readonly headerRules: readonly HeaderRule[];
  readonly settings: ConfOf<typeof restSpec>;
  /** The worker's whole configuration: TLS settings are read from it when a listener needs them. */
  readonly raw: Readonly<Record<string, string>>;
}

/** Throws ConfigError naming key, value and what to do. */
export function parseRestConfig(raw: Readonly<Record<string, string>>): RestConfig {
  const settings = restSpec.parse(raw);
  const { listeners } = settings;
  if (listeners?.length === 0)
    throw new ConfigError('listeners is empty. Give it one or more addresses, or remove it for http://127.0.0.1:8083.');
  const scheme = settings['rest.advertised.listener']?.toLowerCase() || null;
  if (scheme !== null && scheme !== 'http' && scheme !== 'https')
    throw new ConfigError(`Invalid value ${scheme} for configuration rest.advertised.listener: use http or https.`);
  const advertisedHost = settings['rest.advertised.host.name'] || null;
  const unset = advertisedHost === null || isLoopback(advertisedHost) ? DEFAULT_LISTENER : ADVERTISED_LISTENER;
  return {
    listeners: listeners ? parseListeners('listeners', listeners) : [unset],
    adminListeners: settings['admin.listeners'] ? parseListeners('admin.listeners', settings['admin.listeners']) : null,
    advertisedHost,
    advertisedPort: settings['rest.advertised.port'],
    advertisedScheme: scheme,
    headerRules: parseHeaderRules(settings['response.http.headers.config']),
    settings,
    raw,
  };
}

function parseListeners(name: string, texts: readonly string[]): Listener[] {
  const listeners = texts.map((text) => parseListener(name, text));
  const seen = new Set<string>();
  for (const { host, port, text } of listeners) {
    const place = `${host ?? ''}:${port}`;
    if (port !== 0 && seen.has(place)) throw new ConfigError(`${name} names ${text} twice. Each listener needs an address of its own.`);
    seen.add(place);
  }
  return listeners;
}

function parseListener(name: string, text: string): Listener {
  const match = /^(\w+):\/\/\[?([0-9a-z\-%._:]*?)\]?:(\d+)\/?$/i.exec(text.trim());
  const scheme = match?.[1]?.toLowerCase();
  const port = Number(match?.[3]);
  if (!match || port > 65535)
    throw new ConfigError(`Invalid value ${text} for configuration ${name}: write an address as http://host:port or https://host:port.`);
  if (scheme !== 'http' && scheme !== 'https')
    throw new ConfigError(`Invalid value ${text} for configuration ${name}: the scheme ${match[1]} is not known; use http or https.`);
  return { scheme, host: match[2] || null, port, text: text.trim() };
}
