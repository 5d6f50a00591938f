/** A text that an expression matches as a whole, rewritten by a replacement with `$1`, `${name}` and `\`. Source: Matcher.replaceFirst. */
import { IllegalArgumentError, IndexOutOfBoundsError } from '../errors.ts';
import { captureProblem, checkExactness } from './exactness.ts';
import { toRegExp } from './java-pattern.ts';
import { parseJavaRegex } from './parse.ts';
import { type ParsedRegex, unsupported } from './syntax.ts';

/** Literal text, or the number of a group. */
type Part = string | number;

export class JavaReplacer {
  readonly #whole: RegExp;
  readonly #first: RegExp;
  readonly #parts: readonly Part[];
  /** What is wrong with the replacement: Java says so when it is used, which may be never. */
  readonly #fault: IllegalArgumentError | null;

  /** Throws ConfigError for an expression that Java refuses, or whose matches or groups would not be exactly Java's. */
  constructor(pattern: string, replacement: string) {
    const regex = parseJavaRegex(pattern);
    checkExactness(regex, true);
    let parts: readonly Part[] = [];
    let fault: IllegalArgumentError | null = null;
    try {
      parts = parseReplacement(replacement, regex);
    } catch (error) {
      if (!(error instanceof IllegalArgumentError)) throw error;
      fault = error;
    }
    const groups = new Set(parts.filter((part) => typeof part === 'number' && part > 0) as number[]);
    for (const group of groups) {
      const problem = captureProblem(regex.root, group);
      if (problem !== null) throw unsupported(`group ${group} of the replacement, which ${problem} in the expression,`, 0);
    }
    this.#whole = toRegExp(regex, new Set(), true);
    this.#first = toRegExp(regex, groups, false);
    this.#parts = parts;
    this.#fault = fault;
  }

  /** The new text; `null` when the whole text does not match. Throws IllegalArgumentError for a faulty replacement. */
  replace(text: string): string | null {
    if (!this.#whole.test(text)) return null;
    if (this.#fault !== null) throw this.#fault;
    // Found anew from the start: a part of the text may match before the whole does.
    const match = this.#first.exec(text);
    if (match === null) return text;
    const replaced = this.#parts.map((part) =>
      typeof part === 'string' ? part : part === 0 ? match[0] : (match.groups?.[`g${part}`] ?? ''),
    );
    return text.slice(0, match.index) + replaced.join('') + text.slice(match.index + match[0].length);
  }
}

function parseReplacement(replacement: string, regex: ParsedRegex): Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < replacement.length) {
    const char = replacement[at++]!;
    if (char === '\\') {
      if (at === replacement.length) throw new IllegalArgumentError('character to be escaped is missing');
      parts.push(replacement[at++]!);
    } else if (char === '$') {
      const [group, length] = groupReference(replacement.slice(at), regex);
      parts.push(group);
      at += length;
    } else parts.push(char);
  }
  return parts;
}

/** Group and length of what stands behind a dollar. */
function groupReference(rest: string, regex: ParsedRegex): [group: number, length: number] {
  if (rest === '') throw new IllegalArgumentError('Illegal group reference: group index is missing');
  if (rest.startsWith('{')) return namedReference(rest, regex);
  if (!/^[0-9]/.test(rest)) throw new IllegalArgumentError('Illegal group reference');
  let group = Number(rest[0]);
  if (group > regex.groupCount) throw new IndexOutOfBoundsError(`No group ${group}`);
  let length = 1;
  // Further digits count as long as there is such a group.
  for (; /^[0-9]$/.test(rest[length] ?? ''); length++) {
    const longer = group * 10 + Number(rest[length]);
    if (longer > regex.groupCount) break;
    group = longer;
  }
  return [group, length];
}

function namedReference(rest: string, regex: ParsedRegex): [group: number, length: number] {
  const name = /^\{([a-zA-Z0-9]*)/.exec(rest)?.[1] ?? '';
  if (name === '') throw new IllegalArgumentError('named capturing group has 0 length name');
  if (rest[name.length + 1] !== '}') throw new IllegalArgumentError("named capturing group is missing trailing '}'");
  if (/^[0-9]/.test(name)) {
    throw new IllegalArgumentError(`capturing group name {${name}} starts with digit character`);
  }
  const group = regex.groupNames.get(name);
  if (group === undefined) throw new IllegalArgumentError(`No group with name {${name}}`);
  return [group, name.length + 2];
}
