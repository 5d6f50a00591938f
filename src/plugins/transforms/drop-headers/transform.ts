/** Removes headers by name, all of each name. Source: org.apache.kafka.connect.transforms.DropHeaders. */
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import type { DropHeadersConf } from './spec.ts';

export class DropHeaders implements Transformation {
  readonly #names: ReadonlySet<string>;

  constructor(conf: DropHeadersConf) {
    this.#names = new Set(conf.headers);
  }

  apply<R extends ConnectRecord>(record: R): R {
    const kept = record.headers?.filter((header) => !this.#names.has(header.key));
    return kept === undefined || kept.length === record.headers?.length ? record : { ...record, headers: kept };
  }
}
