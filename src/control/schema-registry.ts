/** A schema registry that speaks Confluent's REST API (Confluent, Karapace, Apicurio's ccompat). Reading only. */
import { ConnectError } from '../base/errors.ts';
import { RestClient, type RestClientOptions } from './rest-client.ts';

export interface SchemaReference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

export interface SchemaVersion {
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  /** `AVRO`, `JSON`, `PROTOBUF`. */
  readonly type: string;
  readonly schema: string;
  readonly references: readonly SchemaReference[];
}

/** Rejects with one sentence that names the registry. */
export interface SchemaRegistry {
  /** Without user and password. */
  readonly address: string;
  subjects(): Promise<string[]>;
  versions(subject: string): Promise<number[]>;
  version(subject: string, version: number | 'latest'): Promise<SchemaVersion>;
  /** Of the subject, or the one that holds for all; `null`: not told. */
  compatibility(subject: string | null): Promise<string | null>;
  close(): void;
}

export function createSchemaRegistry(urls: readonly string[], options: Pick<RestClientOptions, 'headers' | 'tls'> = {}): SchemaRegistry {
  const client = new RestClient(urls, { connectTimeoutMs: 3_000, readTimeoutMs: 8_000, ...options, what: 'schema registry' });
  const [address = ''] = client.addresses;
  const get = async (path: string): Promise<unknown> => {
    const { status, text } = await client.request('GET', path);
    const body = parse(text);
    if (status >= 200 && status < 300 && body !== undefined) return body;
    throw new RegistryError(status, sentenceOf(address, status, body));
  };
  const at = (subject: string) => `/subjects/${encodeURIComponent(subject)}/versions`;
  return {
    address,
    subjects: async () => listOf(await get('/subjects'), isString).sort(),
    versions: async (subject) => listOf(await get(at(subject)), isNumber).sort((a, b) => a - b),
    version: async (subject, version) => toVersion(await get(`${at(subject)}/${version}`), subject),
    compatibility: async (subject) => {
      try {
        const path = subject === null ? '/config' : `/config/${encodeURIComponent(subject)}?defaultToGlobal=true`;
        const { compatibilityLevel } = record(await get(path));
        return isString(compatibilityLevel) ? compatibilityLevel : null;
      } catch (error) {
        // Registries that know no default answer 404 for a subject without a level of its own.
        if (error instanceof RegistryError && error.status === 404) return null;
        throw error;
      }
    },
    close: () => client.close(),
  };
}

class RegistryError extends ConnectError {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function sentenceOf(address: string, status: number, body: unknown): string {
  const said = record(body).message;
  if (status === 401)
    return `The schema registry ${address} wants a login (401): give basic.auth.user.info, or user and password in its URL.`;
  if (status === 403) return `The schema registry ${address} refuses this user (403).`;
  if (body === undefined) return `${address} answers ${status} without JSON: is a schema registry there?`;
  return `The schema registry ${address} answers ${status}${isString(said) ? `: ${said}` : ''}.`;
}

/** `undefined`: no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isString = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function listOf<T>(value: unknown, is: (one: unknown) => one is T): T[] {
  return Array.isArray(value) ? value.filter(is) : [];
}

/** Avro is not named in answers: it is what there was first. */
function toVersion(value: unknown, subject: string): SchemaVersion {
  const { version, id, schemaType, schema, references } = record(value);
  return {
    subject,
    version: isNumber(version) ? version : 0,
    id: isNumber(id) ? id : 0,
    type: isString(schemaType) ? schemaType : 'AVRO',
    schema: isString(schema) ? schema : '',
    references: listOf(references, (one): one is SchemaReference => isString(record(one).subject)),
  };
}
