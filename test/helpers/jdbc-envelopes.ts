/** Keys and values as JsonConverter with schemas writes them. */

/** A type of Connect, with `?` when it is optional: `int32`, `string?`, `decimal(2)?`, `timestamp`; or a whole schema. */
export type FieldType = string | Readonly<Record<string, unknown>>;

const LOGICAL: Readonly<Record<string, readonly [type: string, name: string]>> = {
  decimal: ['bytes', 'org.apache.kafka.connect.data.Decimal'],
  date: ['int32', 'org.apache.kafka.connect.data.Date'],
  time: ['int32', 'org.apache.kafka.connect.data.Time'],
  timestamp: ['int64', 'org.apache.kafka.connect.data.Timestamp'],
};

export function schemaOf(type: FieldType): Readonly<Record<string, unknown>> {
  if (typeof type !== 'string') return type;
  const [, word = '', scale, optional] = /^(\w+)(?:\((\d+)\))?(\?)?$/.exec(type) ?? [];
  const logical = LOGICAL[word];
  return {
    type: logical?.[0] ?? word,
    optional: optional !== undefined,
    ...(logical ? { name: logical[1], version: 1 } : {}),
    ...(scale === undefined ? {} : { parameters: { scale } }),
  };
}

/** Makes values of one struct; the schema's text is made once. Whole numbers may be bigint. */
export function structs(fields: Readonly<Record<string, FieldType>>, name = 'v'): (values: Readonly<Record<string, unknown>>) => string {
  const schema = {
    type: 'struct',
    fields: Object.entries(fields).map(([field, type]) => ({ ...schemaOf(type), field })),
    optional: false,
    name,
  };
  const head = `{"schema":${JSON.stringify(schema)},"payload":`;
  const names = Object.keys(fields);
  return (values) => `${head}{${names.map((field) => `${JSON.stringify(field)}:${jsonOf(values[field] ?? null)}`).join(',')}}}`;
}

/** A key that is no struct. */
export function primitive(type: FieldType, value: unknown): string {
  return `{"schema":${JSON.stringify(schemaOf(type))},"payload":${jsonOf(value)}}`;
}

function jsonOf(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}
