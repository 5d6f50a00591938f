/** What stands in place of a masked value. Source: org.apache.kafka.connect.transforms.MaskField. */
import { DataError } from '../../../base/errors.ts';
import { javaClassOfValue } from '../../../record/java-text.ts';
import { Decimal, Float32 } from '../../../record/numbers.ts';
import type { ConnectValue, Schema } from '../../../record/schema.ts';
import { isList, isMap } from '../../../record/schema-equals.ts';

const ZERO = new Decimal(0n, 0);
const BITS = { INT8: 8, INT16: 16, INT32: 32 } as const;

/** Zero, false, the empty text, list or map, 1970: by the kind of the value. Throws DataError for kinds without any (bytes, structs). */
export function emptyLike(value: ConnectValue): ConnectValue {
  if (value === null) return null;
  if (typeof value === 'boolean') return false;
  if (typeof value === 'number') return 0;
  if (typeof value === 'bigint') return 0n;
  if (typeof value === 'string') return '';
  if (value instanceof Float32) return new Float32(0);
  if (value instanceof Decimal) return ZERO;
  if (value instanceof Date) return new Date(0);
  if (isList(value)) return [];
  if (isMap(value)) return new Map();
  throw new DataError(`Cannot mask value of type: class ${javaClassOfValue(value)}`);
}

/** The replacement as a value of the same kind. Throws DataError for kinds that take none, and for a text that is no number. */
export function replacementLike(value: ConnectValue, schema: Schema | null, replacement: string): ConnectValue {
  if (value === null) return null;
  if (typeof value === 'string') return replacement;
  if (typeof value === 'bigint') return wholeOf(replacement);
  if (value instanceof Float32) return new Float32(decimalOf(replacement).toFloat32());
  if (value instanceof Decimal) return decimalOf(replacement, 'number');
  if (typeof value !== 'number') {
    throw new DataError(`Cannot mask value of type class ${javaClassOfValue(value, schema)} with custom replacement.`);
  }
  switch (schema?.type) {
    case 'INT8':
    case 'INT16':
    case 'INT32':
      return Number(BigInt.asIntN(BITS[schema.type], wholeOf(replacement)));
    case 'FLOAT32':
      return decimalOf(replacement).toFloat32();
    default:
      return decimalOf(replacement).toNumber();
  }
}

/** Fractions are cut, upper bits lost. */
function wholeOf(text: string): bigint {
  return decimalOf(text).toInt64();
}

/** `what`: the JVM has two sentences. */
function decimalOf(text: string, what = 'a number'): Decimal {
  try {
    return Decimal.parse(text);
  } catch (error) {
    throw new DataError(`Unable to convert ${text} (class java.lang.String) to ${what}`, { cause: error });
  }
}
