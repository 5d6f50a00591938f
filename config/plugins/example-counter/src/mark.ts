/** Puts a header on every record. */
import { type ConnectRecord, defineSpec, key, type PluginDefinition, STRING_SCHEMA, type Transformation } from 'kconsole/plugin';

export const spec = defineSpec({
  header: key.string({ default: 'mark', importance: 'MEDIUM', doc: 'Name of the header.' }),
  value: key.string({ importance: 'HIGH', doc: 'Value of the header.' }),
});

export class Mark implements Transformation {
  readonly #header: { readonly key: string; readonly schema: typeof STRING_SCHEMA; readonly value: string };

  constructor(header: string, value: string) {
    this.#header = { key: header, schema: STRING_SCHEMA, value };
  }

  apply<R extends ConnectRecord>(record: R): R {
    return { ...record, headers: [...(record.headers ?? []), this.#header] };
  }
}

export const mark: PluginDefinition = {
  kind: 'transformation',
  className: 'example.Mark',
  spec,
  create: (config) => {
    const { header, value } = spec.parse(config);
    return new Mark(header, value);
  },
};
