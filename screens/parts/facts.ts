/** Facts in lines: a label and what it says, under titles. */
import { fitText } from '../../src/base/width.ts';
import type { Token } from '../../src/skin/skin.ts';
import type { Plain } from '../../src/store/plain.ts';
import { toYaml } from '../../src/store/yaml.ts';
import { type Line, type Span, span } from './line.ts';

const LABEL = 16;

export function fact(label: string, value: string | Span | Line, token: Token = 'text'): Line {
  const shown = typeof value === 'string' ? [span(value, token)] : 'text' in value ? [value] : value;
  return [span(`  ${fitText(label, LABEL)}`, 'dim'), ...shown];
}

/** A title with what stands under it; nothing at all where there is nothing. */
export function section(title: string, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [[], [span(title, 'title')], ...lines];
}

/** Everything that is known, as it is. */
export function allFacts(facts: Plain): Line[] {
  return facts === null
    ? []
    : section(
        'all facts',
        yamlLines(facts).map((line) => [span('  '), ...line]),
      );
}

/** The names in their own colour. */
export function yamlLines(facts: Plain): Line[] {
  return toYaml(facts)
    .trimEnd()
    .split('\n')
    .map((text) => {
      const [, name, rest] = /^(\s*(?:- )*(?:[^\s"'#][^:"]*|"(?:[^"\\]|\\.)*"):)( .*)?$/.exec(text) ?? [];
      return name === undefined ? [span(text)] : [span(name, 'accent'), span(rest ?? '')];
    });
}
