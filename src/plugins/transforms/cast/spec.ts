/** Settings of Cast. Source: org.apache.kafka.connect.transforms.Cast. */
import { ConfigError } from '../../../base/errors.ts';
import type { SchemaType } from '../../../record/schema.ts';
import { javaTrim } from '../../../record/values-tokens.ts';
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { invalidValue } from '../../../spec/parse.ts';
import { javaSplit } from '../shared/java-split.ts';
import { REPLACE_NULL, replaceNullKey } from '../shared/struct-fields.ts';

export const spec = defineSpec({
  spec: key.list({
    validator: (_name, value) => {
      if (!Array.isArray(value) || value.length === 0) throw new ConfigError('Must specify at least one field to cast.');
      parseCasts(value);
    },
    importance: 'HIGH',
    doc: 'Fields and their new types, as field:type; or one type alone, for the whole key or value. Types: int8, int16, int32, int64, float32, float64, boolean, string. Bytes become string only (Base64).',
  }),
  [REPLACE_NULL]: replaceNullKey,
});

export type CastConf = ConfOf<typeof spec>;

export type CastType = Exclude<SchemaType, 'BYTES' | 'ARRAY' | 'MAP' | 'STRUCT'>;

export interface Casts {
  readonly byField: ReadonlyMap<string, CastType>;
  /** Type of the whole key or value; null when fields are cast. */
  readonly whole: CastType | null;
}

const OUTPUT_TYPES: readonly string[] = ['INT8', 'INT16', 'INT32', 'INT64', 'FLOAT32', 'FLOAT64', 'BOOLEAN', 'STRING'] satisfies CastType[];
const OTHER_TYPES: readonly string[] = ['BYTES', 'ARRAY', 'MAP', 'STRUCT'] satisfies SchemaType[];

/** Throws ConfigError in the JVM's words. */
export function parseCasts(mappings: readonly string[]): Casts {
  const byField = new Map<string, CastType>();
  let whole: CastType | null = null;
  for (const mapping of mappings) {
    const parts = javaSplit(mapping, ':');
    const [first = '', second] = parts;
    if (parts.length > 2) throw invalidValue('renames', mappings, `Invalid rename mapping: ${mapping}`);
    if (second === undefined) whole = castType(first);
    else byField.set(javaTrim(first), castType(second));
  }
  if (whole !== null && mappings.length > 1) {
    throw new ConfigError(
      'Cast transformations that specify a type to cast the entire value to may only specify a single cast in their spec',
    );
  }
  return { byField, whole };
}

function castType(text: string): CastType {
  const name = javaTrim(text);
  const type = name.toUpperCase();
  if (OUTPUT_TYPES.includes(type)) return type as CastType;
  if (OTHER_TYPES.includes(type)) {
    throw new ConfigError(`Cast transformation does not support casting to ${type}; supported types are [${OUTPUT_TYPES.join(', ')}]`);
  }
  throw new ConfigError(`Invalid type found in casting spec: ${name}`);
}
