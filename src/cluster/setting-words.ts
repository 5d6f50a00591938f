/** How long records stay, in words. */
import { formatBytes, formatDuration } from '../base/format.ts';
import type { TopicRules } from './topic-rules.ts';

/** `7 d`, `7 d · 1.00 GB`, `for ever`; of a topic that is only compacted `newest of key`. */
export function retentionText({ cleanup, retentionMs, retentionBytes }: TopicRules): string {
  if (cleanup !== null && !cleanup.includes('delete')) return 'newest of key';
  const time = retentionMs === null ? '?' : retentionMs < 0 ? null : formatDuration(retentionMs);
  const size = retentionBytes === null || retentionBytes < 0n ? null : formatBytes(retentionBytes);
  return [time, size].filter((text) => text !== null).join(' · ') || 'for ever';
}

/** Settings whose value is a time, or a size, by the end of their name. */
export function settingInWords(name: string, value: string | null): string | null {
  if (value === null || !/^-?\d+$/.test(value)) return null;
  const number = Number(value);
  // Tiered storage: what holds for the whole holds for the local part.
  if (number === -2 && name.startsWith('local.retention')) return 'as retention';
  if (/(?:^|[._])(?:bytes|bytes\.per\.second)$/.test(name))
    return number < 0 ? 'no limit' : number < 1000 ? null : formatBytes(BigInt(value));
  if (!/(?:^|[._])ms$/.test(name)) return null;
  if (number < 0) return /retention/.test(name) ? 'for ever' : null;
  // The greatest number there is stands for never.
  return value === '9223372036854775807' ? 'never' : number < 1000 ? null : formatDuration(number);
}
