import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { compareVersions, parseVersionRange } from '../../../src/plugins/version-range.ts';

test.each([
  ['9', '[9,9]', ['9'], ['8', '9.1']],
  ['[1.0]', '[1.0,1.0]', ['1.0', '1'], ['1.1']],
  ['[4.0,5.0)', '[4.0,5.0)', ['4.0', '4.3.1'], ['3.9', '5.0', '5.0.1']],
  ['(4.0,5.0]', '(4.0,5.0]', ['4.0.1', '5.0'], ['4.0', '5.1']],
  ['(,1.5]', '(,1.5]', ['1.5', '0.1'], ['1.6']],
  ['[2,)', '[2,)', ['2', '10'], ['1.9']],
  ['(,1],[3,)', '(,1],[3,)', ['1', '3'], ['2']],
])('%s', (text, normal, accepted, refused) => {
  const range = parseVersionRange(text);
  expect(range?.text).toBe(normal);
  for (const version of accepted) expect(range?.accepts(version)).toBe(true);
  for (const version of refused) expect(range?.accepts(version)).toBe(false);
});

test('nothing and latest accept every version', () => {
  expect([parseVersionRange(''), parseVersionRange(null), parseVersionRange('latest')]).toEqual([null, null, null]);
});

test.each(['[4', '4]', 'x[', '[1,2,3]', '[1][2]x', ',,', '[1] [2'])('%s is refused', (text) => {
  expect(() => parseVersionRange(text)).toThrow(ConfigError);
});

test('versions in order', () => {
  const sorted = ['1.0-alpha', '1.0-rc1', '1.0', '1.0.1', '1.2', '1.10', '2.0'];
  expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted);
});
