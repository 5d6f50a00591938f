/** Places between characters: beginnings and ends of text, lines and words, as JavaScript with Java's meaning. */

export interface LineFlags {
  readonly isMultiline: boolean;
  /** Only `\n` ends a line. */
  readonly isUnixLines: boolean;
}

export const TEXT_START = '(?<![\\s\\S])';
export const TEXT_END = '(?![\\s\\S])';
const OTHER_ENDS = '\\u{85}\\u{2028}\\u{2029}';

/** `^`. In several lines not behind a line end that is the text's last character. */
export function lineStart({ isMultiline, isUnixLines }: LineFlags): string {
  if (!isMultiline) return TEXT_START;
  const behind = isUnixLines ? '\\n' : `[\\n${OTHER_ENDS}]|\\r(?!\\n)`;
  return `(?=[\\s\\S])(?:${TEXT_START}|(?<=${behind}))`;
}

/** `$`, and `\Z` with `isMultiline` false: also before the line end that ends the text; never inside `\r\n`. */
export function lineEnd({ isMultiline, isUnixLines }: LineFlags): string {
  if (isUnixLines) return isMultiline ? `(?=\\n|${TEXT_END})` : `(?=\\n?${TEXT_END})`;
  if (isMultiline) return `(?=[\\r${OTHER_ENDS}]|(?<!\\r)\\n|${TEXT_END})`;
  return `(?=(?:\\r\\n|[\\r${OTHER_ENDS}]|(?<!\\r)\\n)?${TEXT_END})`;
}

/** Letters and digits of all scripts, as Java up to 18; marks belong to the letter before them. */
const BEHIND_WORD = '(?<=[\\p{L}\\p{Nd}_]|[\\p{L}\\p{Nd}]\\p{Mn}+)';
const BEFORE_WORD = '(?=[\\p{L}\\p{Nd}_]|(?<=[\\p{L}\\p{Nd}]\\p{Mn}*)\\p{Mn})';
const negated = (place: string) => place.replace(/^\(\?(<?)=/, '(?$1!');

export const WORD_BOUNDARY = `(?:${BEHIND_WORD}${negated(BEFORE_WORD)}|${negated(BEHIND_WORD)}${BEFORE_WORD})`;
export const NO_WORD_BOUNDARY = `(?:${BEHIND_WORD}${BEFORE_WORD}|${negated(BEHIND_WORD)}${negated(BEFORE_WORD)})`;

/** `.` as a set. */
export function dotSet({ isUnixLines, isDotAll }: Pick<LineFlags, 'isUnixLines'> & { readonly isDotAll: boolean }): {
  readonly set: string;
  readonly isNegated: boolean;
} {
  if (isDotAll) return { set: '\\s\\S', isNegated: false };
  return { set: isUnixLines ? '\\n' : `\\n\\r${OTHER_ENDS}`, isNegated: true };
}
