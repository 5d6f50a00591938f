/** The schema registry that the command line or the properties name, with login and certificates as Confluent's clients take them. */
import { ConfigError } from '../base/errors.ts';
import { logFor } from '../base/log.ts';
import { createSchemaRegistry, type SchemaRegistry } from '../control/schema-registry.ts';
import { parseClientProperties } from '../kafka/client-properties.ts';
import { type Properties, readPropertiesFile } from '../spec/properties-file.ts';

/** A worker names its registry for its converters. */
const PREFIXES = ['', 'value.converter.', 'key.converter.'];
const URL_KEY = 'schema.registry.url';

export interface RegistryPlace {
  /** `--schema-registry`; `undefined`: what the properties name. */
  readonly url?: string | undefined;
  readonly properties?: Properties | undefined;
  /** File of client properties. */
  readonly commandConfig?: string | null | undefined;
}

/** `null`: none is named. Throws ConfigError. */
export function openRegistry({ url, properties, commandConfig }: RegistryPlace): SchemaRegistry | null {
  const all = properties ?? (commandConfig ? readPropertiesFile(commandConfig) : {});
  const prefix = PREFIXES.find((one) => all[`${one}${URL_KEY}`] !== undefined) ?? '';
  const named = url ?? all[`${prefix}${URL_KEY}`];
  if (named === undefined || named.trim() === '') return null;
  const urls = named.split(',').map((one) => one.trim().replace(/\/$/, ''));
  const of = (key: string): string | undefined => all[`${prefix}schema.registry.${key}`] ?? all[`${prefix}${key}`];
  const isTls = urls.some((one) => one.toLowerCase().startsWith('https:'));
  const tls = isTls ? tlsOf(all, prefix) : null;
  return createSchemaRegistry(urls, { headers: loginOf(of), ...(tls === null ? {} : { tls }) });
}

function loginOf(of: (key: string) => string | undefined): Readonly<Record<string, string>> {
  const token = of('bearer.auth.token');
  if (token !== undefined) return { Authorization: `Bearer ${token}` };
  const source = of('basic.auth.credentials.source') ?? 'USER_INFO';
  const user = of('basic.auth.user.info');
  if (source === 'URL' || user === undefined) return {};
  if (source !== 'USER_INFO')
    throw new ConfigError(`basic.auth.credentials.source = "${source}" is not supported for the schema registry. Use USER_INFO or URL.`);
  return { Authorization: `Basic ${Buffer.from(user).toString('base64')}` };
}

/** `schema.registry.ssl.*`; without any of them, the client's own `ssl.*`. */
function tlsOf(all: Properties, prefix: string) {
  const start = `${prefix}schema.registry.ssl.`;
  const own = Object.entries(all).flatMap(([key, value]) =>
    key.startsWith(start) ? [[`ssl.${key.slice(start.length)}`, value] as const] : [],
  );
  const ssl = own.length > 0 ? own : Object.entries(all).filter(([key]) => key.startsWith('ssl.'));
  const properties = { 'bootstrap.servers': 'registry:443', 'security.protocol': 'SSL', ...Object.fromEntries(ssl) };
  return parseClientProperties(properties, 'admin', logFor('kconsole.registry')).tls;
}
