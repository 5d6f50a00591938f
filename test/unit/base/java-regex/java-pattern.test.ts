import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError } from '../../../../src/base/errors.ts';
import { compileJavaRegex } from '../../../../src/base/java-regex/java-pattern.ts';

// What java.util.regex.Pattern.matches says of each (Java 17).
test.each([
  ['a.*', 'abc', true],
  ['a|b', 'ab', false],
  ['(?i)orders-\\d+', 'ORDERS-12', true],
  ['\\Qa.b\\E[0-9]+', 'a.b12', true],
  ['\\Qa.b\\E[0-9]+', 'axb12', false],
  ['[a-z&&[^x]]+', 'abc', true],
  ['[a-z&&[^x]]+', 'axc', false],
  ['[a-z&&a-c]+', 'abc', true],
  ['[a-z&&a-c]+', 'abz', false],
  ['[a-c[x-z]]+', 'axz', true],
  ['\\p{Alpha}+\\p{Digit}', 'abc1', true],
  ['[\\p{Upper}_]+', 'A_B', true],
  ['a++b', 'aab', true],
  ['(?:ab)*+', 'abab', true],
  ['[^]a]', 'b', true],
  ['[]a]', ']', true],
  ['[a-]', '-', true],
  ['[a/(){}|]+', '/(){}|', true],
  ['a{2}', 'aa', true],
  ['a}', 'a}', true],
  ['주문.*', '주문-내역', true],
  ['.', '😀', true],
  ['\\Aa\\z', 'a', true],
  ['a\\.b\\-c', 'a.b-c', true],
  ['[.]{2,3}+', '...', true],
  ['\\h', '\t', true],
  ['[--a]', '-', true],
  ['(?>a|ab)c', 'abc', false],
])('%s on %s', (pattern, text, matches) => {
  expect(compileJavaRegex(pattern, true).test(text)).toBe(matches);
});

test.each(['b(', '[a', '*', 'a{2,1}', '\\', '(?x) a', 'a)|(b', '\\X', '\\p{NoSuch}'])('%s is refused with a reason', (pattern) => {
  expect(() => compileJavaRegex(pattern, true)).toThrow(ConfigError);
});

test('any text compiles or is a ConfigError', () => {
  const piece = fc.constantFrom(
    '[',
    ']',
    '(',
    ')',
    '&&',
    '\\',
    '\\Q',
    '\\E',
    '^',
    '-',
    'a',
    '+',
    '*',
    '{2}',
    '\\p{Alpha}',
    '|',
    '.',
    '\\d',
    '&',
    '~',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 30 }),
        fc.array(piece, { maxLength: 12 }).map((all) => all.join('')),
      ),
      (pattern) => {
        try {
          expect(compileJavaRegex(pattern)).toBeInstanceOf(RegExp);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      },
    ),
    { numRuns: 5000 },
  );
});
