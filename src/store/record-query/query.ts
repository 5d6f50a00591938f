/** What may be asked of a record, as data, and its text. `parseQuery(queryText(q))` is `q` again. */

export type Step = { readonly member: string } | { readonly index: number };

export type Field =
  | { readonly name: 'key' | 'value'; readonly path: readonly Step[] }
  /** `null`: all headers as one text. */
  | { readonly name: 'header'; readonly header: string | null }
  /** `partition`, `offset`, `size`, `time`, `topic`, and what a pane adds. */
  | { readonly name: 'fact'; readonly fact: string };

export type Literal = string | number | bigint | boolean | null;
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type Pattern = { readonly text: string } | { readonly expression: string };

export type Query =
  | { readonly kind: 'contains'; readonly pattern: Pattern }
  | { readonly kind: 'fuzzy'; readonly text: string }
  | { readonly kind: 'tombstone' }
  | { readonly kind: 'exists'; readonly field: Field }
  | { readonly kind: 'compare'; readonly field: Field; readonly by: Comparison; readonly literal: Literal }
  | { readonly kind: 'match'; readonly field: Field; readonly isNegated: boolean; readonly pattern: Pattern }
  | { readonly kind: 'not'; readonly of: Query }
  | { readonly kind: 'and' | 'or'; readonly all: readonly Query[] };

export const FACTS = ['partition', 'offset', 'size', 'time', 'topic'] as const;

export function queryText(query: Query): string {
  switch (query.kind) {
    case 'contains':
      return patternText(query.pattern);
    case 'fuzzy':
      return `~${quoted(query.text)}`;
    case 'tombstone':
      return 'tombstone';
    case 'exists':
      return fieldText(query.field);
    case 'compare':
      return `${fieldText(query.field)} ${query.by} ${literalText(query.literal)}`;
    case 'match':
      return `${fieldText(query.field)} ${query.isNegated ? '!~' : '~'} ${patternText(query.pattern)}`;
    case 'not':
      return `not ${inner(query.of)}`;
    default:
      return query.all.map(inner).join(` ${query.kind} `);
  }
}

function inner(query: Query): string {
  return query.kind === 'and' || query.kind === 'or' || query.kind === 'not' ? `(${queryText(query)})` : queryText(query);
}

/** In double quotes; a backslash stands before what would end it. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function patternText(pattern: Pattern): string {
  return 'text' in pattern ? quoted(pattern.text) : `/${pattern.expression}/`;
}

function literalText(literal: Literal): string {
  return typeof literal === 'string' ? quoted(literal) : String(literal);
}

function fieldText(field: Field): string {
  if (field.name === 'fact') return field.fact;
  if (field.name === 'header') return field.header === null ? 'header' : `header[${quoted(field.header)}]`;
  return field.name + field.path.map((step) => ('index' in step ? `[${step.index}]` : `[${quoted(step.member)}]`)).join('');
}
