/**
 * Java's regular expressions on JavaScript's engine. An expression is parsed by Java's grammar and then either means exactly the same here, or
 * is refused with a ConfigError that names the construct and its place. Source: java.util.regex.Pattern, Matcher (Java 17).
 */
import { ConfigError, messageOf } from '../errors.ts';
import { emitJavaScript } from './emit.ts';
import { checkExactness, referencedGroups } from './exactness.ts';
import { parseJavaRegex } from './parse.ts';
import type { ParsedRegex } from './syntax.ts';

/** An expression to test texts with. `isWhole`: the whole text must match (`matches()`), else any part of it (`find()`). */
export function compileJavaRegex(pattern: string, isWhole = false): RegExp {
  const regex = parseJavaRegex(pattern);
  checkExactness(regex, false);
  return toRegExp(regex, new Set(), isWhole);
}

export function toRegExp(regex: ParsedRegex, wanted: ReadonlySet<number>, isWhole: boolean): RegExp {
  const source = emitJavaScript(regex.root, new Set([...wanted, ...referencedGroups(regex.root).keys()]));
  try {
    return new RegExp(isWhole ? `^(?:${source})$` : source, 'v');
  } catch (error) {
    throw new ConfigError(`the expression cannot be translated: ${messageOf(error)}`, { cause: error });
  }
}
