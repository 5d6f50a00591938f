/** How full a disk is. */
import { formatBytes } from '../../src/base/format.ts';
import type { LogDirInfo } from '../../src/kafka/contract.ts';

/** `1.20 GB of 4.00 GB`. */
export function fillText({ totalBytes, usableBytes }: Pick<LogDirInfo, 'totalBytes' | 'usableBytes'>): string {
  const used = totalBytes === null || usableBytes === null ? null : totalBytes - usableBytes;
  return `${formatBytes(used)} of ${formatBytes(totalBytes)}`;
}
