/**
 * The records of one `put`, table by table, in the groups that the original flushes one after the other: the schemas of a group are the same, it
 * has at most batch.size records, and no record is written to a key behind its deletion. Source: io.confluent.connect.jdbc.sink.BufferedRecords.
 */
import type { SinkRecord } from '../../../../plugin-api/records.ts';
import type { Schema } from '../../../../record/schema.ts';
import { schemaEquals } from '../../../../record/schema-equals.ts';

export interface RecordGroup {
  readonly keySchema: Schema | null;
  /** Null while only tombstones have come. */
  readonly valueSchema: Schema | null;
  /** Written first. */
  readonly writes: SinkRecord[];
  readonly deletes: SinkRecord[];
}

export interface GroupConf {
  /** Below 1: each record by itself. */
  readonly batchSize: number;
  readonly deletesEnabled: boolean;
}

/** `tableOf` gives the same text for the same table. Tables come in the order of their first record. */
export function groupRecords(
  records: readonly SinkRecord[],
  conf: GroupConf,
  tableOf: (topic: string) => string,
): ReadonlyMap<string, readonly RecordGroup[]> {
  const tables = new Map<string, TableGroups>();
  let topic: string | null = null;
  let groups: TableGroups | null = null;
  for (const record of records) {
    if (groups === null || record.topic !== topic) {
      topic = record.topic;
      const table = tableOf(topic);
      groups = tables.get(table) ?? new TableGroups(conf);
      tables.set(table, groups);
    }
    groups.add(record);
  }
  return new Map([...tables].map(([table, { all }]) => [table, all]));
}

class TableGroups {
  readonly all: RecordGroup[] = [];
  readonly #conf: GroupConf;
  #keySchema: Schema | null = null;
  #valueSchema: Schema | null = null;
  #open: RecordGroup | null = null;

  constructor(conf: GroupConf) {
    this.#conf = conf;
  }

  add(record: SinkRecord): void {
    const { keySchema, valueSchema, value } = record;
    const isDelete = value === null && this.#conf.deletesEnabled;
    // A tombstone has no schema, or one that says nothing: it goes with any value.
    const hasOtherValue = !isDelete && !isSame(valueSchema, this.#valueSchema);
    const isBehindDelete = !isDelete && (this.#open?.deletes.length ?? 0) > 0;
    if (!isSame(keySchema, this.#keySchema) || hasOtherValue || isBehindDelete) this.#open = null;
    if (hasOtherValue) this.#valueSchema = valueSchema;
    this.#keySchema = keySchema;
    const group = this.#open ?? this.#next();
    (isDelete ? group.deletes : group.writes).push(record);
    if (group.writes.length + group.deletes.length >= this.#conf.batchSize) this.#open = null;
  }

  #next(): RecordGroup {
    const group = { keySchema: this.#keySchema, valueSchema: this.#valueSchema, writes: [], deletes: [] };
    this.all.push(group);
    this.#open = group;
    return group;
  }
}

function isSame(a: Schema | null, b: Schema | null): boolean {
  return a === b || schemaEquals(a, b);
}
