/** Fields taken from one struct to another, as Struct.get and Struct.put of the JVM do it. */
import type { ConnectValue, Field, Schema } from '../../../record/schema.ts';
import type { SchemaOptions } from '../../../record/schema-builder.ts';
import type { Struct } from '../../../record/struct.ts';
import { validateValue } from '../../../record/validate-value.ts';
import { key } from '../../../spec/define.ts';

/** Key of the transforms that read fields. */
export const REPLACE_NULL = 'replace.null.with.default';

export const replaceNullKey = key.boolean({
  default: true,
  importance: 'MEDIUM',
  doc: 'true: a field that is null counts as its default value, where its schema has one. false: it stays null.',
});

/** Value of a field of the struct's own schema. */
export function fieldValue(struct: Struct, field: Field, replaceNull: boolean): ConnectValue {
  return replaceNull ? struct.get(field) : struct.getWithoutDefault(field);
}

/**
 * A value that the old struct held, on its way into the new one's field `name`. It was checked when it was put there, so that only a null is
 * looked at: throws DataError when the field's schema takes none.
 */
export function moved(value: ConnectValue, schema: Schema, name: string): ConnectValue {
  if (value === null && !schema.optional) validateValue(schema, value, `field: "${name}"`);
  return value;
}

/** What a changed schema takes over from the one it is made of. */
export function basicsOf({ name, version, doc, parameters }: Schema): SchemaOptions {
  return { name, version, doc, parameters };
}
