/** Adds a header with a fixed value behind those that are there. Source: org.apache.kafka.connect.transforms.InsertHeader. */
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord, Header } from '../../../plugin-api/records.ts';
import { parseString } from '../../../record/values-parser.ts';
import type { InsertHeaderConf } from './spec.ts';

export class InsertHeader implements Transformation {
  readonly #header: Header;
  readonly #alone: readonly Header[];

  constructor(conf: InsertHeaderConf) {
    this.#header = { key: conf.header, ...parseString(conf['value.literal']) };
    this.#alone = [this.#header];
  }

  apply<R extends ConnectRecord>(record: R): R {
    return { ...record, headers: record.headers === null ? this.#alone : [...record.headers, this.#header] };
  }
}
