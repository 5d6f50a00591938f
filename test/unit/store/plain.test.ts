/** Facts as plain data: whatever a row holds becomes something that JSON can say, and no secret with it. */
import { expect, test } from 'vitest';
import { secrets } from '../../../src/base/secrets.ts';
import { toPlain } from '../../../src/store/plain.ts';

test('numbers that JSON has no word for, big ones, maps, sets, bytes and dates become plain', () => {
  const facts = {
    lag: 9_007_199_254_740_993n,
    rate: Number.NaN,
    ends: new Map([[0, 1n]]),
    topics: new Set(['a']),
    value: new Uint8Array([0, 255]),
    at: new Date(0),
    gone: undefined,
    nothing: null,
    list: [1n, undefined],
  };
  expect(toPlain(facts)).toEqual({
    lag: '9007199254740993',
    rate: null,
    ends: { '0': '1' },
    topics: ['a'],
    value: 'AP8=',
    at: '1970-01-01T00:00:00.000Z',
    nothing: null,
    list: ['1', null],
  });
});

test('a field that is named like a property of every object is a field', () => {
  expect(JSON.stringify(toPlain(JSON.parse('{"__proto__": {"a": 1}}')))).toBe('{"__proto__":{"a":1}}');
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: references of config providers are written so
test('secrets are hidden by their name, in addresses, in texts, and where a provider gave them', () => {
  secrets.remember('s3cr3t-of-the-vault', '${vault:db:password}');
  expect(
    toPlain({
      'connection.password': 'a',
      'ssl.key.password': '${file:/s.properties:key}',
      'connection.url': 'jdbc:mysql://root:toor@db/x?password=b',
      trace: 'refused: password=hunter2',
      cause: 'login with s3cr3t-of-the-vault failed',
    }),
  ).toEqual({
    'connection.password': '[hidden]',
    'ssl.key.password': '${file:/s.properties:key}',
    'connection.url': 'jdbc:mysql://[hidden]@db/x?password=[hidden]',
    trace: 'refused: password=[hidden]',
    cause: 'login with ${vault:db:password} failed',
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: to here
