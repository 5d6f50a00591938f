/**
 * The filter of tails as typed: words and "texts" (all must be there), `/expression/`, `~fuzzy`, `key ~ "x"`, `value.path[0] >= 500`,
 * `.path` alone (it is there), `header.name = x`, `partition = 3`, `size > 1kB`, `time > -15m`, `tombstone`, and · or · not · ( ).
 */
import { messageOf } from '../../base/errors.ts';
import { linearRegex } from '../../base/linear-regex.ts';
import { parseField } from './parse-field.ts';
import { parseLiteral } from './parse-literal.ts';
import type { Comparison, Pattern, Query } from './query.ts';
import { QueryFault, Scanner } from './scanner.ts';

export type ParsedQuery =
  | { readonly ok: true; readonly query: Query | null }
  | { readonly ok: false; readonly problem: string; readonly column: number };

export interface QueryContext {
  /** Names of facts beside the usual ones. */
  readonly facts: readonly string[];
  readonly nowMs: number;
}

const MOST_DEPTH = 50;
const OPERATOR = /\s*(==|!=|!~|<=|>=|=|~|<|>|:(?!:))/y;

/** Never throws. `query` null: nothing is asked. */
export function parseQuery(text: string, context: QueryContext): ParsedQuery {
  try {
    return { ok: true, query: new Parser(new Scanner(text), context).all() };
  } catch (error) {
    if (error instanceof QueryFault) return { ok: false, problem: error.message, column: error.column };
    throw error;
  }
}

class Parser {
  readonly #in: Scanner;
  readonly #context: QueryContext;
  #depth = 0;

  constructor(scanner: Scanner, context: QueryContext) {
    this.#in = scanner;
    this.#context = context;
  }

  all(): Query | null {
    this.#in.skipSpace();
    // As in other panes: the rest of the line is an expression.
    if (this.#in.take(/re:/y)) {
      const at = this.#in.at;
      const expression = this.#in.text.slice(at).trim();
      return expression === '' ? null : { kind: 'contains', pattern: this.#expression(expression, at) };
    }
    if (this.#in.isAtEnd || /^!\s*$/.test(this.#in.text.slice(this.#in.at))) return null;
    const query = this.#or();
    if (!this.#in.isAtEnd) this.#in.fail('this bracket closes nothing');
    return query;
  }

  #or(): Query {
    return this.#joined(
      'or',
      () => this.#and(),
      () => this.#keyword('or'),
    );
  }

  #and(): Query {
    return this.#joined(
      'and',
      () => this.#not(),
      () => this.#keyword('and') || this.#anotherBegins(),
    );
  }

  #joined(kind: 'and' | 'or', part: () => Query, goesOn: () => boolean): Query {
    const all = [part()];
    while (goesOn()) all.push(part());
    return all.length === 1 ? all[0]! : { kind, all };
  }

  #keyword(word: string): boolean {
    this.#in.skipSpace();
    return this.#in.take(new RegExp(`${word}(?=[\\s(]|$)`, 'iy')) !== null;
  }

  /** Words side by side must all be there. */
  #anotherBegins(): boolean {
    this.#in.skipSpace();
    return !this.#in.isAtEnd && this.#in.peek(/\)|or(?=[\s(]|$)/iy) === null;
  }

  #not(): Query {
    this.#in.skipSpace();
    if (++this.#depth > MOST_DEPTH) this.#in.fail(`more than ${MOST_DEPTH} levels are not read`);
    const isNot = this.#keyword('not') || this.#in.take(/!(?![=~])/y) !== null;
    const query: Query = isNot ? { kind: 'not', of: this.#not() } : this.#term();
    this.#depth--;
    return query;
  }

  #term(): Query {
    this.#in.skipSpace();
    if (this.#in.isAtEnd) this.#in.fail('something to look for is missing here');
    const start = this.#in.at;
    if (this.#in.take(/\(/y)) {
      const query = this.#or();
      this.#in.skipSpace();
      if (!this.#in.take(/\)/y)) this.#in.fail('the closing bracket is missing', start);
      return query;
    }
    const text = this.#in.takeString();
    if (text !== null) return { kind: 'contains', pattern: { text } };
    const found = this.#in.takeExpression();
    if (found) return { kind: 'contains', pattern: this.#expression(found.expression, found.at) };
    if (this.#in.take(/~/y)) return { kind: 'fuzzy', text: this.#in.takeString() ?? this.#word() };
    return this.#aboutField() ?? this.#plainWord();
  }

  #plainWord(): Query {
    const start = this.#in.at;
    const text = this.#word();
    if (/^(?:and|or)$/i.test(text)) this.#in.fail(`"${text}" joins nothing here; in quotes it is a word`, start);
    return text === 'tombstone' ? { kind: 'tombstone' } : { kind: 'contains', pattern: { text } };
  }

  #word(): string {
    const found = this.#in.take(/[^\s()]+/y);
    return found ? found[0] : this.#in.fail('something to look for is missing here');
  }

  #aboutField(): Query | null {
    const start = this.#in.at;
    const field = parseField(this.#in, this.#context.facts);
    if (field === null) return null;
    const operator = this.#in.take(OPERATOR)?.[1];
    if (operator === undefined) {
      const isNamed = field.name === 'fact' ? false : field.name === 'header' ? field.header !== null : field.path.length > 0;
      if (isNamed) return { kind: 'exists', field };
      this.#in.at = start;
      return null;
    }
    this.#in.skipSpace();
    if (operator === '~' || operator === '!~' || operator === ':')
      return { kind: 'match', field, isNegated: operator === '!~', pattern: this.#pattern(operator) };
    const by: Comparison = operator === '==' ? '=' : (operator as Comparison);
    return { kind: 'compare', field, by, literal: parseLiteral(this.#in, field, operator, this.#context.nowMs) };
  }

  #pattern(operator: string): Pattern {
    const found = this.#in.takeExpression();
    if (found) return this.#expression(found.expression, found.at);
    const text = this.#in.takeString() ?? this.#in.take(/[^\s()]+/y)?.[0];
    return text === undefined ? this.#in.fail(`a text or /expression/ is missing after ${operator}`) : { text };
  }

  #expression(expression: string, at: number): Pattern {
    try {
      linearRegex(expression);
    } catch (error) {
      this.#in.fail(messageOf(error), at);
    }
    // An end that stands alone within it would end it when it is written down.
    return { expression: expression.replace(/\\[\s\S]|\/(?=[\s)]|$)/g, (found) => (found === '/' ? '\\/' : found)) };
  }
}
