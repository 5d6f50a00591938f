/** `jdbc:mysql://…` and `jdbc:mariadb://…` addresses with their parameters, and the driver properties of a connector (`connection.*`). */
import { ConfigError } from '../base/errors.ts';
import { applyParameters, type ConnectionParameters } from './jdbc-parameters.ts';
import { maskJdbcText } from './mask-jdbc.ts';

export interface DatabaseAddress extends ConnectionParameters {
  readonly host: string;
  readonly port: number;
  readonly database: string | null;
  /** `127.0.0.1:3306/kafkadb`: for messages. */
  readonly place: string;
  /** What was left out of the address and why, a sentence each: to be logged once. */
  readonly warnings: readonly string[];
}

const DEFAULT_PORT = 3306;
const FORM = 'Write it as jdbc:mysql://host:port/database?parameter=value&….';

/**
 * `properties`: driver properties by their own names, `user` and `password` among them; they win over the address's query, as with Connector/J.
 * Throws ConfigError, with passwords masked.
 */
export function parseJdbcUrl(url: string, properties: Readonly<Record<string, string>> = {}): DatabaseAddress {
  const match = /^jdbc:(mysql|mariadb):(?:(\w+):)?\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i.exec(url.trim());
  if (match === null) throw refused(url, `It is no address of MySQL or MariaDB. ${FORM}`);
  const [, product = '', mode, authority = '', path = '', query = ''] = match;
  const warnings: string[] = [];
  if (mode !== undefined) warnings.push(`connection.url: the mode "${mode}" of jdbc:${product}:${mode}: has no effect here.`);
  const { hosts, credentials } = splitAuthority(authority, url);
  if (hosts.length > 1)
    warnings.push(
      `connection.url names ${hosts.length} hosts; only the first one, ${hosts[0]}, is used: there is no fail-over to the others.`,
    );
  const [host, port] = parseHost(hosts[0] ?? '', url);
  const database = decode(path, url) || null;
  const parameters = applyParameters({ ...parseQuery(query, url), ...credentials, ...properties }, product.toLowerCase(), warnings);
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return { ...parameters, host, port, database, place: `${shownHost}:${port}${database === null ? '' : `/${database}`}`, warnings };
}

/** The driver properties in a connector's configuration: each `connection.X` but those that are the connector's own. */
export function driverProperties(config: Readonly<Record<string, string>>): Record<string, string> {
  const own = new Set(['connection.url', 'connection.attempts', 'connection.backoff.ms']);
  return Object.fromEntries(
    Object.entries(config)
      .filter(([name]) => name.startsWith('connection.') && !own.has(name))
      .map(([name, value]) => [name.slice('connection.'.length), value]),
  );
}

function splitAuthority(authority: string, url: string): { hosts: string[]; credentials: Record<string, string> } {
  if (/[()]/.test(authority)) throw refused(url, `Hosts in parentheses are not supported. ${FORM}`);
  const at = authority.lastIndexOf('@');
  const credentials = at < 0 ? {} : parseCredentials(authority.slice(0, at), url);
  const list = authority.slice(at + 1).replace(/^\[([^\]]*,[^\]]*)\]$/, '$1');
  return { hosts: list.split(',').map((host) => host.trim()), credentials };
}

function parseCredentials(text: string, url: string): Record<string, string> {
  const colon = text.indexOf(':');
  if (colon < 0) return { user: decode(text, url) };
  return { user: decode(text.slice(0, colon), url), password: decode(text.slice(colon + 1), url) };
}

function parseHost(text: string, url: string): [host: string, port: number] {
  const match = /^(?:\[([0-9a-f:.]+(?:%[\w.~-]+)?)\]|([^:[\]\s]*))(?::(\d*))?$/i.exec(text);
  if (match === null) throw refused(url, `"${text}" is no host with a port; an IPv6 address stands in brackets. ${FORM}`);
  const [, ipv6, name, portText = ''] = match;
  const port = portText === '' ? DEFAULT_PORT : Number(portText);
  if (port < 1 || port > 65_535) throw refused(url, `The port ${portText} is none: ports go from 1 to 65535.`);
  return [ipv6 ?? (name || 'localhost'), port];
}

function parseQuery(query: string, url: string): Record<string, string> {
  const pairs = query.split('&').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [decode(pair, url), ''] : [decode(pair.slice(0, equals), url), decode(pair.slice(equals + 1), url)];
    }),
  );
}

function decode(text: string, url: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused(url, 'A "%" in it is not followed by two hexadecimal digits: write a "%" itself as %25.');
  }
}

function refused(url: string, why: string): ConfigError {
  return new ConfigError(`connection.url = "${maskJdbcText(url)}" cannot be used. ${why}`);
}
