import { expect, test } from 'vitest';
import { retentionText, settingInWords } from '../../../src/cluster/setting-words.ts';

test.each([
  ['retention.ms', '604800000', '7 d'],
  ['retention.ms', '-1', 'for ever'],
  ['flush.ms', '9223372036854775807', 'never'],
  ['segment.bytes', '1073741824', '1.07 GB'],
  ['retention.bytes', '-1', 'no limit'],
  ['local.retention.bytes', '-2', 'as retention'],
  ['segment.jitter.ms', '0', null],
  ['min.insync.replicas', '2', null],
  ['cleanup.policy', 'delete', null],
  ['retention.ms', null, null],
])('%s = %s in words', (name, value, words) => {
  expect(settingInWords(name, value)).toBe(words);
});

test('retention of a topic', () => {
  const rules = { minIsr: 1, isUncleanAllowed: false, cleanup: 'delete', retentionMs: 3_600_000, retentionBytes: -1n };
  expect(retentionText(rules)).toBe('1 h');
  expect(retentionText({ ...rules, retentionBytes: 1_000_000_000n })).toBe('1 h · 1.00 GB');
  expect(retentionText({ ...rules, retentionMs: -1 })).toBe('for ever');
  expect(retentionText({ ...rules, cleanup: 'compact' })).toBe('newest of key');
  expect(retentionText({ ...rules, retentionMs: null })).toBe('?');
});
