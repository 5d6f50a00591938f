/** `{"filename": <file as configured>}` → `{"position": <bytes>}`. Source: org.apache.kafka.connect.file.FileStreamSourceTask. */
import { ConnectError } from '../../../../base/errors.ts';
import type { SourceOffset, SourcePartition } from '../../../../plugin-api/records.ts';

/** `file` null: standard input. */
export function partitionOf(file: string | null): SourcePartition {
  return { filename: file };
}

/** Of an offset in the store; 0 when there is none. Throws ConnectError for a position of another type. */
export function storedPosition(offset: SourceOffset | null): number {
  const position = offset?.position ?? null;
  if (position === null) return 0;
  if (typeof position !== 'bigint') throw new ConnectError('Offset position is the incorrect type');
  return Number(position);
}

/** Refuses offsets that no file has, in the original's words; what lies behind the end of the file shows when the task starts. */
export function checkOffsets(
  file: string | null,
  offsets: ReadonlyArray<{ partition: SourcePartition | null; offset: SourceOffset | null }>,
): void {
  if (file === null || file === '') {
    throw new ConnectError(
      "Offsets cannot be modified if the 'file' configuration is unspecified. This is because stdin is used for input and offsets are not tracked.",
    );
  }
  for (const { partition, offset } of offsets) {
    // A reset is always allowed: garbage must be removable.
    if (offset === null) continue;
    if (!('position' in offset)) throw new ConnectError("Offset objects should either be null or contain the key 'position'");
    const { position } = offset;
    if (typeof position !== 'bigint') {
      throw new ConnectError("The value for the 'position' key in the offset is expected to be a Long value");
    }
    if (position < 0n) throw new ConnectError("The value for the 'position' key in the offset should be a non-negative value");
    if (partition === null) throw new ConnectError('Partition objects cannot be null');
    if (!('filename' in partition)) throw new ConnectError("Partition objects should contain the key 'filename'");
  }
}
