/** The SQL type that a field gets when its column is created. Source: MySqlDatabaseDialect.getSqlType. */
import { ConnectError } from '../../../../base/errors.ts';
import { logicalTypeOf, scaleOf } from '../../../../record/logical-types.ts';
import type { Schema } from '../../../../record/schema.ts';

/** Throws ConnectError for arrays, maps and structs. `isTimestamp`: the field is one of timestamp.fields.list. */
export function columnType(schema: Schema, isTimestamp: boolean): string {
  switch (logicalTypeOf(schema)) {
    case 'Decimal':
      return `DECIMAL(65,${scaleOf(schema)})`;
    case 'Date':
      return 'DATE';
    case 'Time':
      return 'TIME(3)';
    case 'Timestamp':
      return 'DATETIME(3)';
    case null:
      return plainType(schema, isTimestamp);
  }
}

function plainType({ type, name }: Schema, isTimestamp: boolean): string {
  switch (type) {
    case 'INT8':
    case 'BOOLEAN':
      return 'TINYINT';
    case 'INT16':
      return 'SMALLINT';
    case 'INT32':
      return 'INT';
    case 'INT64':
      return isTimestamp ? 'DATETIME(6)' : 'BIGINT';
    case 'FLOAT32':
      return 'FLOAT';
    case 'FLOAT64':
      return 'DOUBLE';
    case 'STRING':
      return isTimestamp ? 'DATETIME(6)' : 'TEXT';
    case 'BYTES':
      return 'VARBINARY(1024)';
    default:
      throw new ConnectError(`${name} (${type}) type doesn't have a mapping to the SQL database column type`);
  }
}
