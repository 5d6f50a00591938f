/**
 * Refuses offsets that no task could have stored, in the original's words. Source: org.apache.kafka.connect.mirror.MirrorUtils.validateSourcePartitionString,
 * …validateSourcePartitionPartition, …validateSourceOffset.
 */
import { ConnectError } from '../../../../base/errors.ts';
import type { OffsetValue, SourceOffset, SourcePartition } from '../../../../plugin-api/records.ts';
import { javaHashOrder } from '../../../../spec/java-hash-order.ts';

export interface OffsetRules {
  /** Keys of the partition that are texts, in the order in which they are looked at. */
  readonly texts: readonly string[];
  /** The partition has a number `partition` as well. */
  readonly hasPartition: boolean;
  /** The offset says nothing: it is always 0. */
  readonly isZero: boolean;
}

/** Throws ConnectError. A reset is always allowed: garbage must be removable. */
export function checkMirrorOffsets(
  rules: OffsetRules,
  offsets: ReadonlyArray<{ partition: SourcePartition | null; offset: SourceOffset | null }>,
): void {
  for (const { partition, offset } of offsets) {
    if (offset === null) continue;
    if (partition === null) throw new ConnectError('Source partitions may not be null');
    for (const name of rules.texts) checkText(partition, name);
    if (rules.hasPartition) checkPartition(partition);
    checkOffset(partition, offset, rules.isZero);
  }
}

function checkText(partition: SourcePartition, name: string): void {
  const value = partition[name] ?? null;
  if (value === null) throw new ConnectError(`Source partition ${mapText(partition)} is missing the '${name}' key, which is required`);
  if (typeof value !== 'string') throw invalid(`Source partition ${mapText(partition)}`, name, value, ', which must be a string');
}

function checkPartition(partition: SourcePartition): void {
  const value = partition.partition ?? null;
  const subject = `Source partition ${mapText(partition)}`;
  if (value === null) throw new ConnectError(`${subject} is missing the 'partition' key, which is required`);
  if (!isInteger(value)) throw invalid(subject, 'partition', value, ', which must be an integer');
  if (value < 0) throw invalid(subject, 'partition', value, ', which cannot be negative');
}

function checkOffset(partition: SourcePartition, offset: SourceOffset, isZero: boolean): void {
  const value = offset.offset ?? null;
  const subject = `Source offset ${mapText(offset)} for source partition ${mapText(partition)}`;
  if (value === null) throw new ConnectError(`${subject} is missing the 'offset' key, which is required`);
  if (!isInteger(value)) throw invalid(subject, 'offset', value, ', which must be an integer');
  if (isZero && BigInt(value) !== 0n) throw invalid(subject, 'offset', value, '; the only accepted value is 0');
  if (value < 0) throw invalid(subject, 'offset', value, ', which cannot be negative');
}

function invalid(subject: string, name: string, value: OffsetValue, end: string): ConnectError {
  return new ConnectError(`${subject} has an invalid value ${value} for the '${name}' key${end}`);
}

/** JSON's integers come as bigint; a number with a fraction never does, and none of the two that a plugin makes itself. */
function isInteger(value: OffsetValue): value is bigint | number {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

/** As Java prints a map. */
function mapText(map: SourcePartition): string {
  return `{${javaHashOrder(Object.keys(map))
    .map((name) => `${name}=${map[name]}`)
    .join(', ')}}`;
}
