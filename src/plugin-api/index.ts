/**
 * `kconsole/plugin`: what a package of plugin.path is written against. The program and its packages share one instance of this module
 * in each thread, so `instanceof` holds between them.
 */
export { ConfigError, ConnectError, DataError, RetriableError } from '../base/errors.ts';
export type { Log } from '../base/log.ts';
export {
  DATE_SCHEMA,
  decimalSchema,
  TIME_SCHEMA,
  TIMESTAMP_SCHEMA,
} from '../record/logical-types.ts';
export { Decimal, Float32 } from '../record/numbers.ts';
export type { ConnectValue, Field, Schema, SchemaAndValue, SchemaType } from '../record/schema.ts';
export * from '../record/schema-builder.ts';
export { schemaEquals } from '../record/schema-equals.ts';
export { Struct } from '../record/struct.ts';
export type { ConfigDef, ConfigKey, ConfigValue } from '../spec/config-def.ts';
export { type ConfOf, defineSpec, key, type Spec } from '../spec/define.ts';
export { allOf, atLeast, between, nonEmptyString, oneOf } from '../spec/validators.ts';
export type * from './config-provider.ts';
export type { PluginDefinition } from './definition.ts';
export type * from './inspection.ts';
export type * from './override-policy.ts';
export type * from './plugin.ts';
export type * from './records.ts';
