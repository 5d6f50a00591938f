/** How records of one table with certain schemas are written: made once, and kept while such records come. */
import type { Quoting, TableName } from '../../../../mysql/dialect.ts';
import type { TextRules } from '../../../../mysql/sql-literal.ts';
import type { Schema } from '../../../../record/schema.ts';
import { schemaEquals } from '../../../../record/schema-equals.ts';
import type { DdlContext } from './ddl.ts';
import { type FieldsMetadata, fieldsMetadata } from './fields-metadata.ts';
import { type RecordSchemas, type RowText, rowText } from './row-texts.ts';
import type { SinkConf } from './sink-conf.ts';
import { Names, type RowStatement, statementsFor } from './statements.ts';
import { ValueTexts } from './value-texts.ts';

export interface RowWriter {
  readonly statement: RowStatement;
  readonly text: RowText;
  /** The statement without values, for messages. */
  readonly shownAs: string;
}

export interface TableShape extends RecordSchemas {
  readonly table: TableName;
  readonly metadata: FieldsMetadata;
  readonly ddl: DdlContext;
  readonly write: RowWriter;
  /** `null`: there are no key columns. */
  readonly remove: RowWriter | null;
}

/** Shapes of a table that are kept: schemas rarely take turns. */
const MAX_KEPT = 16;

export class TableShapes {
  readonly #conf: SinkConf;
  readonly #values: ValueTexts;
  readonly #kept = new Map<string, TableShape[]>();

  constructor(conf: SinkConf, rules: TextRules) {
    this.#conf = conf;
    this.#values = new ValueTexts(conf, rules);
  }

  /** `tableKey`: the same text for the same table. Throws ConnectError when such records cannot be written as configured. */
  of(tableKey: string, table: TableName, keySchema: Schema | null, valueSchema: Schema | null): TableShape {
    const kept = this.#kept.get(tableKey) ?? [];
    const found = kept.find((shape) => isSame(shape.keySchema, keySchema) && isSame(shape.valueSchema, valueSchema));
    if (found !== undefined) return found;
    const shape = this.#make(table, { keySchema, valueSchema });
    this.#kept.set(tableKey, [shape, ...kept].slice(0, MAX_KEPT));
    return shape;
  }

  #make(table: TableName, schemas: RecordSchemas): TableShape {
    const conf = this.#conf;
    const quoting: Quoting = conf.quotesNames ? 'ALWAYS' : 'NEVER';
    const metadata = fieldsMetadata(table.table, conf, schemas.keySchema, schemas.valueSchema);
    const { write, remove } = statementsFor(table, metadata, conf.insertMode, quoting);
    const writer = (statement: RowStatement): RowWriter => ({
      statement,
      text: rowText(statement, metadata, schemas, conf, this.#values),
      shownAs: shownAs(statement),
    });
    return {
      ...schemas,
      table,
      metadata,
      ddl: { names: new Names(table, quoting), timestampFields: conf.timestampFields, values: this.#values },
      write: writer(write),
      remove: conf.deletesEnabled && remove !== null ? writer(remove) : null,
    };
  }
}

/** As the original prepares it: a `?` for each value. */
function shownAs({ one, pieces }: RowStatement): string {
  return one.head + pieces.join('?') + one.tail;
}

function isSame(a: Schema | null, b: Schema | null): boolean {
  return a === b || schemaEquals(a, b);
}
