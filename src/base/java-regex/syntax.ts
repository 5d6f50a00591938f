/** What a parsed expression consists of, and the two ways in which one is turned down. */
import { ConfigError } from '../errors.ts';

export type RegexNode =
  /** One character out of a set. `set`: the inside of a JavaScript class with the `v` flag. */
  | { readonly kind: 'set'; readonly set: string; readonly isNegated: boolean }
  /** Holds at a place and takes nothing. `source`: JavaScript. */
  | { readonly kind: 'place'; readonly source: string }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly branches: readonly RegexNode[] }
  /** `max` may be infinite. */
  | {
      readonly kind: 'repeat';
      readonly body: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly mode: RepeatMode;
      readonly at: number;
    }
  | { readonly kind: 'capture'; readonly group: number; readonly body: RegexNode }
  | { readonly kind: 'atomic'; readonly body: RegexNode; readonly at: number }
  | { readonly kind: 'look'; readonly isAhead: boolean; readonly isNegative: boolean; readonly body: RegexNode; readonly at: number }
  | { readonly kind: 'reference'; readonly group: number; readonly at: number };

export type RepeatMode = 'greedy' | 'lazy' | 'possessive';

export interface ParsedRegex {
  readonly root: RegexNode;
  /** Capturing groups, numbered from 1. */
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
}

/** `\R`. */
export const LINE_BREAK: RegexNode = {
  kind: 'choice',
  branches: [
    {
      kind: 'sequence',
      parts: [
        { kind: 'set', set: '\\r', isNegated: false },
        { kind: 'set', set: '\\n', isNegated: false },
      ],
    },
    { kind: 'set', set: '\\n\\v\\f\\r\\u{85}\\u{2028}\\u{2029}', isNegated: false },
  ],
};

/** Java refuses it too. */
export class RegexSyntaxError extends Error {
  /** Index into the pattern. */
  readonly at: number;
  constructor(description: string, at: number) {
    super(description);
    this.at = at;
  }
}

/** With Java's words. `at`: index into the pattern. */
export function syntaxError(description: string, at: number): RegexSyntaxError {
  return new RegexSyntaxError(description, at);
}

/** As java.util.regex.PatternSyntaxException tells it: the place is marked below the pattern. */
export function syntaxMessage(pattern: string, { message, at }: RegexSyntaxError): string {
  const place = at >= 0 ? ` near index ${at}` : '';
  const mark = at >= 0 && at < pattern.length ? `\n${' '.repeat(at)}^` : '';
  return `${message}${place}\n${pattern}${mark}`;
}

/** Java takes it, but JavaScript has nothing that means exactly the same. */
export function unsupported(construct: string, at: number): ConfigError {
  return new ConfigError(`${construct} at index ${at} cannot be translated exactly; write it in another way`);
}
