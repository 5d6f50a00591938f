/** Expressions and replacements give what Java 17's give, or are refused; which ones are refused is listed. */
import { expect, test } from 'vitest';
import { ConfigError, ConnectError } from '../../../../src/base/errors.ts';
import { JavaReplacer } from '../../../../src/base/java-regex/java-replacer.ts';
import { cases, results } from '../../../helpers/transform-golden.ts';

/** Java takes these; JavaScript has nothing that is exactly the same. */
const REFUSED: readonly string[] = [
  '(?iu)é',
  '(?:(a)|b)*12',
  '\\p{javaLowerCase}+',
  '\\p{InHangulSyllables}+',
  '\\X+',
  '(?x) o r ders',
  '\\N{LATIN SMALL LETTER A}',
  '((a)|b)+12',
  '(a?)*b12',
  '(?:){3}x',
  '(?U)\\w+',
  '[&&a]',
  '[a&&]',
];

function replaced(regex: string, replacement: string, text: string): string {
  try {
    const result = new JavaReplacer(regex, replacement).replace(text);
    return result === null ? '-' : `> ${result}`;
  } catch (error) {
    if (error instanceof ConfigError) return `! java.util.regex.PatternSyntaxException: ${error.message}`;
    if (error instanceof ConnectError) return `! ${error.javaClass}: ${error.message}`;
    throw error;
  }
}

const accepted = cases.expressions
  .map((one, i) => [...one, results.expressions[i]!] as const)
  .filter(([regex]) => !REFUSED.includes(regex));

test.each(accepted)('%s by %s', (regex, replacement, texts, theirs) => {
  expect(texts.map((text) => replaced(regex, replacement, text))).toEqual(theirs);
});

test.each(REFUSED)('%s is refused with its place', (regex) => {
  const known = cases.expressions.find(([one]) => one === regex);
  expect(known).toBeDefined();
  const attempt = () => new JavaReplacer(regex, known![1]);
  expect(attempt).toThrow(ConfigError);
  expect(attempt).toThrow(/ at index \d+ cannot be translated exactly; write it in another way$/);
});
