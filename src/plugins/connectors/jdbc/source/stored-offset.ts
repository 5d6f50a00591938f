/** Which of the offsets found at a start counts, in the words of the original's log. Source: io.confluent.connect.jdbc.source.JdbcSourceTask. */
import type { Log } from '../../../../base/log.ts';
import type { SourceOffset } from '../../../../plugin-api/records.ts';
import { javaMapOrder } from '../../../../spec/java-hash-order.ts';

type TextMap = Readonly<Record<string, string>>;

/** The offset of the first of `partitions` that has one; `null`: none has. `name`: of the table or query, for the log. */
export function storedOffset(
  name: string,
  partitions: readonly TextMap[],
  offsets: readonly (SourceOffset | null)[],
  log: Log,
): SourceOffset | null {
  const at = offsets.findIndex((offset) => offset !== null);
  const partition = partitions[at];
  if (partition === undefined) {
    log.info(`Partition offset for '${name}' is null. Computing initial offset.`);
    return null;
  }
  const all = javaMapOrder(partitions).map((one) => `${mapText(one)}=${mapText(offsets[partitions.indexOf(one)] ?? null)}`);
  log.info(`Found offset {${all.join(', ')}} for partition ${mapText(partition)}`);
  log.info(`Partition offset for '${name}' is not null. Using existing offset.`);
  return offsets[at] ?? null;
}

function mapText(map: Readonly<Record<string, unknown>> | null): string {
  if (map === null) return 'null';
  return `{${Object.entries(map)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(', ')}}`;
}
