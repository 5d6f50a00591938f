/** What code that Struct itself needs may know of a struct: keeps the room free of import cycles. */
import type { ConnectValue, Schema } from './schema.ts';

export abstract class StructBase {
  abstract readonly schema: Schema;
  /** By field index, without defaults. */
  abstract readonly values: readonly ConnectValue[];
  /** Throws DataError when a field does not fit the schema. */
  abstract validate(): void;
}
