/**
 * The half of a record that a transform works on: `…$Key` and `…$Value` are the same code on another half.
 * A record is never changed: a transform makes a new one that shares everything it did not touch.
 */
import { KAFKA_VERSION } from '../../../plugin-api/kafka-version.ts';
import type { Config, Transformation, TransformationPlugin } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import type { ConnectValue, Schema } from '../../../record/schema.ts';
import type { ConfigDef } from '../../../spec/config-def.ts';

export interface RecordSide {
  schemaOf(record: ConnectRecord): Schema | null;
  valueOf(record: ConnectRecord): ConnectValue;
  /** The same record with another schema and value on this side. */
  with<R extends ConnectRecord>(record: R, schema: Schema | null, value: ConnectValue): R;
}

export const KEY: RecordSide = {
  schemaOf: (record) => record.keySchema,
  valueOf: (record) => record.key,
  with: (record, schema, value) => ({ ...record, keySchema: schema, key: value }),
};

export const VALUE: RecordSide = {
  schemaOf: (record) => record.valueSchema,
  valueOf: (record) => record.value,
  with: (record, schema, value) => ({ ...record, valueSchema: schema, value }),
};

const PACKAGE = 'org.apache.kafka.connect.transforms';

/** A transform of Apache Kafka by its simple name. `create` throws ConfigError for settings that do not go together. */
export function transformation(name: string, spec: ConfigDef, create: (config: Config) => Transformation): TransformationPlugin {
  return { kind: 'transformation', className: `${PACKAGE}.${name}`, version: KAFKA_VERSION, spec, create };
}

/** `name$Key` and `name$Value`. */
export function keyAndValue(
  name: string,
  spec: ConfigDef,
  create: (config: Config, side: RecordSide) => Transformation,
): readonly [key: TransformationPlugin, value: TransformationPlugin] {
  return [
    transformation(`${name}$Key`, spec, (config) => create(config, KEY)),
    transformation(`${name}$Value`, spec, (config) => create(config, VALUE)),
  ];
}
