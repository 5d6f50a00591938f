/** Records that were refused together, each written by itself, so that only the bad ones are left out. Source: JdbcSinkTask.unrollAndRetry. */
import type { SinkRecord } from '../../../../plugin-api/records.ts';
import type { SinkWriter, TableWork } from './sink-writer.ts';
import { isFaultOfRecord } from './write-errors.ts';

export interface RefusedRecord {
  readonly record: SinkRecord;
  readonly error: unknown;
}

/**
 * All that the database takes, in one transaction, committed when `onRefused` has resolved for the others. Throws what is no record's fault, and what
 * `onRefused` throws; none of the records is in a table then.
 */
export async function writeOneByOne(
  writer: SinkWriter,
  records: readonly SinkRecord[],
  onRefused: (refused: readonly RefusedRecord[]) => Promise<void>,
): Promise<readonly TableWork[]> {
  const refused: RefusedRecord[] = [];
  const attempt = async <T>(record: SinkRecord, step: () => Promise<T>): Promise<T | null> => {
    try {
      return await step();
    } catch (error) {
      if (!isFaultOfRecord(error)) throw error;
      refused.push({ record, error });
      return null;
    }
  };
  try {
    // Tables first: the server commits with each change of one.
    const ready = [];
    for (const record of records) ready.push(await attempt(record, () => writer.prepare([record])));
    const work: TableWork[] = [];
    for (const [i, groups] of ready.entries()) {
      if (groups !== null) work.push(...((await attempt(records[i]!, () => writer.apply(groups))) ?? []));
    }
    await onRefused(refused);
    await writer.commit();
    return work;
  } catch (error) {
    await writer.rollBack();
    throw error;
  }
}
