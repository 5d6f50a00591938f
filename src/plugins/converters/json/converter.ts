/** JSON with or without schemas. Source: org.apache.kafka.connect.json.JsonConverter, byte for byte. */
import type { BytesInPlace, ValueInPlace } from '../../../base/bytes-in-place.ts';
import { DataError, SerializationError } from '../../../base/errors.ts';
import type { Converter, ReadTogether, Serialized, TextsInPlace } from '../../../plugin-api/plugin.ts';
import { asBuffer } from '../../../record/java-utf8.ts';
import { decodeJsonBytes } from '../../../record/json-bytes.ts';
import { type JsonNode, JsonReader, parseJson } from '../../../record/json-reader.ts';
import { isPlain } from '../../../record/logical-types.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../../../record/schema.ts';
import { Envelopes } from './envelopes.ts';
import { PayloadInPlace } from './payload-in-place.ts';
import { readValue } from './read-value.ts';
import { schemaFromJson, schemaToJson } from './schema-codec.ts';
import type { JsonConf } from './spec.ts';
import { MAX_UNITS, TextInPlace } from './text-in-place.ts';
import { Utf8InPlace } from './utf8-in-place.ts';
import { type ValueWriter, ValueWriters, writeSchemaless } from './write-value.ts';

const NO_ENVELOPE =
  'JsonConverter with schemas.enable requires "schema" and "payload" fields and may not contain additional fields. ' +
  'If you are trying to deserialize plain JSON data, set schemas.enable=false in your converter configuration.';
const UNREADABLE = 'Converting byte[] to Kafka Connect data failed due to serialization error: ';

/** What is written before a value of one schema, and how the value is. */
interface SchemaPlan {
  readonly head: string;
  /** The same, for values that are written in place. */
  readonly headBytes: Buffer;
  /** And for texts; `null` for all but plain strings. */
  readonly textHead: Buffer | null;
  readonly write: ValueWriter;
}

const NULL: SchemaAndValue = { schema: null, value: null };
const SCHEMALESS_PLAN = planOf('{"schema":null,"payload":', false, writeSchemaless);

export class JsonConverter implements Converter {
  readonly #conf: JsonConf;
  readonly #settings: { readonly replaceNullWithDefault: boolean };
  readonly #writers: ValueWriters;
  readonly #plans = new WeakMap<Schema, SchemaPlan>();
  readonly #envelopes: Envelopes;
  /** By their JSON text, the one used last at the end. */
  readonly #schemas = new Map<string, Schema | null>();
  readonly #fixedSchema: Schema | null;
  #lastSchema: Schema | null = null;
  #lastPlan: SchemaPlan = SCHEMALESS_PLAN;
  readonly #text: TextInPlace;
  readonly #utf8: Utf8InPlace;
  readonly #payload = new PayloadInPlace();

  /** Throws DataError for a `schema.content` that is no schema. */
  constructor(conf: JsonConf) {
    this.#conf = conf;
    const tail = conf['schemas.enable'] ? 0x7d : -1;
    this.#text = new TextInPlace(tail);
    this.#utf8 = new Utf8InPlace(tail);
    this.#settings = { replaceNullWithDefault: conf['replace.null.with.default'] };
    this.#writers = new ValueWriters({
      ...this.#settings,
      decimalFormat: conf['decimal.format'].toUpperCase() === 'NUMERIC' ? 'NUMERIC' : 'BASE64',
    });
    this.#envelopes = new Envelopes(this.#settings);
    this.#fixedSchema = this.#parseFixedSchema(conf['schema.content']);
  }

  fromConnectData(_topic: string, schema: Schema | null, value: ConnectValue): Serialized {
    if (schema === null && value === null) return null;
    try {
      const plan = schema === this.#lastSchema ? this.#lastPlan : this.#planOf(schema);
      if (plan.textHead !== null && typeof value === 'string' && value.length <= MAX_UNITS) return this.#text.of(plan.textHead, value);
      const text = plan.write(value);
      if (!this.#conf['schemas.enable']) return text;
      return text.length <= MAX_UNITS ? this.#payload.of(plan.headBytes, text) : `${plan.head}${text}}`;
    } catch (error) {
      if (error instanceof RangeError)
        throw new DataError('Converting Kafka Connect data to byte[] failed: the value is nested too deeply.', { cause: error });
      throw error;
    }
  }

  fromTextInPlace(schema: Schema | null, bytes: Buffer, start: number, end: number): BytesInPlace | null {
    const { textHead } = schema === this.#lastSchema ? this.#lastPlan : this.#planOf(schema);
    return textHead !== null && end - start <= MAX_UNITS ? this.#utf8.of(textHead, bytes, start, end) : null;
  }

  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    if (bytes === null) return NULL;
    if (!this.#conf['schemas.enable']) return { schema: null, value: readValue(null, parse(bytes), this.#settings) };
    if (this.#fixedSchema !== null) {
      return { schema: this.#fixedSchema, value: readValue(this.#fixedSchema, parse(bytes), this.#settings) };
    }
    const message = asBuffer(bytes);
    return this.#envelopes.read(message) ?? this.#readEnvelope(message);
  }

  readTogether(messages: readonly ValueInPlace[]): ReadTogether | null {
    return this.#conf['schemas.enable'] && this.#fixedSchema === null ? this.#envelopes.readTexts(messages) : null;
  }

  readTextsInPlace(messages: readonly ValueInPlace[]): TextsInPlace | null {
    return this.#conf['schemas.enable'] && this.#fixedSchema === null ? this.#envelopes.readTextsInPlace(messages) : null;
  }

  #planOf(schema: Schema | null): SchemaPlan {
    const plan = schema === null ? SCHEMALESS_PLAN : (this.#plans.get(schema) ?? this.#makePlan(schema));
    this.#lastSchema = schema;
    this.#lastPlan = plan;
    return plan;
  }

  #makePlan(schema: Schema): SchemaPlan {
    const head = this.#conf['schemas.enable'] ? `{"schema":${schemaToJson(schema, this.#writers.of)},"payload":` : '';
    const plan = planOf(head, isPlain(schema, 'STRING'), this.#writers.of(schema));
    this.#plans.set(schema, plan);
    return plan;
  }

  #readEnvelope(message: Buffer): SchemaAndValue {
    const text = decodeJsonBytes(message);
    const reader = new JsonReader(text);
    const spans: [name: string, start: number, end: number][] = [];
    let members: JsonNode | undefined;
    try {
      members = reader.skipBlanks() === 0x7b ? reader.object(1, (name, start, end) => spans.push([name, start, end])) : reader.root();
    } catch (error) {
      throw new DataError(UNREADABLE, { cause: error });
    }
    if (!(members instanceof Map) || members.size !== 2 || !members.has('schema') || !members.has('payload'))
      throw new DataError(NO_ENVELOPE);
    const schema = this.#schemaOf(members.get('schema') ?? null, text, spans);
    const value = readValue(schema, members.get('payload'), this.#settings);
    const payload = spans[1];
    if (schema !== null && spans.length === 2 && payload?.[0] === 'payload')
      this.#envelopes.remember(message, text.slice(0, payload[1]), schema);
    return { schema, value };
  }

  /** The same object for the same text, as long as it is among the last `schemas.cache.size`. */
  #schemaOf(node: JsonNode, text: string, spans: readonly [name: string, start: number, end: number][]): Schema | null {
    const [, start, end] = spans.findLast(([name]) => name === 'schema') ?? ['', 0, 0];
    const key = text.slice(start, end);
    let schema = this.#schemas.get(key);
    if (schema !== undefined) this.#schemas.delete(key);
    else schema = schemaFromJson(node, this.#settings);
    // A copy of the key: a slice would keep the whole message in memory.
    this.#schemas.set(Buffer.from(key).toString(), schema);
    if (this.#schemas.size > Math.max(0, this.#conf['schemas.cache.size'])) this.#schemas.delete(this.#schemas.keys().next().value ?? '');
    return schema;
  }

  #parseFixedSchema(content: string | null): Schema | null {
    if (content === null || !this.#conf['schemas.enable']) return null;
    let node: JsonNode | undefined;
    try {
      node = parseJson(content);
    } catch (error) {
      throw new DataError('Failed to parse schema in converter config due to serialization error: ', { cause: error });
    }
    return schemaFromJson(node, this.#settings);
  }
}

function planOf(head: string, isText: boolean, write: ValueWriter): SchemaPlan {
  const headBytes = Buffer.from(head);
  return { head, headBytes, textHead: isText ? headBytes : null, write };
}

function parse(bytes: Uint8Array): JsonNode | undefined {
  try {
    return parseJson(bytes);
  } catch (error) {
    if (error instanceof SerializationError) throw new DataError(UNREADABLE, { cause: error });
    throw error;
  }
}
