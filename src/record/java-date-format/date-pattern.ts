/** A date pattern as parts: runs of one letter and the texts between them. Source: java.text.SimpleDateFormat.compile. */
import { IllegalArgumentError } from '../../base/errors.ts';

export type DatePart = { readonly text: string } | { readonly letter: string; readonly count: number };

const LETTERS = 'GyMdkHmsSEDFwWahKzZYuXL';

/** Texts stand between single quotes, two of which are one; other letters than Java's are refused. Throws IllegalArgumentError in Java's words. */
export function datePattern(pattern: string): readonly DatePart[] {
  const parts: DatePart[] = [];
  let text = '';
  const endText = () => {
    if (text !== '') parts.push({ text });
    text = '';
  };
  let isQuoted = false;
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at]!;
    if (char === "'") {
      const isDoubled = pattern[at + 1] === "'";
      if (isDoubled) text += "'";
      else isQuoted = !isQuoted;
      at += isDoubled ? 2 : 1;
    } else if (isQuoted || !/[A-Za-z]/.test(char)) {
      text += char;
      at++;
    } else {
      if (!LETTERS.includes(char)) throw new IllegalArgumentError(`Illegal pattern character '${char}'`);
      let count = 1;
      while (pattern[at + count] === char) count++;
      if (char === 'X' && count > 3) throw new IllegalArgumentError(`invalid ISO 8601 format: length=${count}`);
      endText();
      parts.push({ letter: char, count });
      at += count;
    }
  }
  if (isQuoted) throw new IllegalArgumentError('Unterminated quote');
  endText();
  return parts;
}
