/** Whether a record is what was asked for. What a record does not have is neither equal nor unequal to anything. */
import { type ExactJson, formatExactJson } from '../../base/exact-json.ts';
import { foldText } from '../../base/linear-regex.ts';
import type { TailRecord } from '../../cluster/record-ring.ts';
import type { QueuedRecord } from '../../cluster/redrive-plan.ts';
import { expressionMatcher, fuzzyMatcher, type Matcher, substringMatcher } from '../filter.ts';
import { type RecordLook, searchedText } from '../record-look.ts';
import { jsonOf, valueAt } from './json-of.ts';
import { numberOf } from './parse-literal.ts';
import type { Comparison, Field, Literal, Pattern, Query } from './query.ts';

/** What is looked at of a record. */
export type SearchedRecord = QueuedRecord & Pick<TailRecord, 'sizeBytes' | 'problem'>;
export type RecordTest = (record: SearchedRecord) => boolean;

type Actual = ExactJson;

/** Everything that can be made ready is made ready once, not for each record. */
export function testOf(query: Query, look: RecordLook): RecordTest {
  switch (query.kind) {
    case 'contains':
    case 'fuzzy': {
      const matcher = matcherOf(query);
      return (record) => matcher.test(look.text(record));
    }
    case 'tombstone':
      return (record) => record.value === null && record.problem === null;
    case 'exists': {
      const actual = actualsOf(query.field, look);
      return (record) => actual(record).length > 0;
    }
    case 'compare': {
      const { by, literal } = query;
      const actual = actualsOf(query.field, look);
      return (record) => actual(record).some((one) => compares(one, by, literal));
    }
    case 'match': {
      const [actual, matcher] = [actualsOf(query.field, look), matcherOf(query)];
      return (record) => actual(record).some((one) => one !== null && matcher.test(textOf(one)) !== query.isNegated);
    }
    case 'not': {
      const test = testOf(query.of, look);
      return (record) => !test(record);
    }
    default: {
      const tests = query.all.map((one) => testOf(one, look));
      return query.kind === 'and' ? (record) => tests.every((test) => test(record)) : (record) => tests.some((test) => test(record));
    }
  }
}

/** What of a query can be marked in a shown text. */
export function markersOf(query: Query): readonly Matcher[] {
  switch (query.kind) {
    case 'contains':
    case 'fuzzy':
      return [matcherOf(query)];
    case 'match':
      return query.isNegated ? [] : [matcherOf(query)];
    case 'compare':
      return query.by === '=' && typeof query.literal === 'string' ? [substringMatcher(query.literal)] : [];
    case 'and':
    case 'or':
      return query.all.flatMap(markersOf);
    default:
      return [];
  }
}

function matcherOf(of: { readonly pattern: Pattern } | { readonly kind: 'fuzzy'; readonly text: string }): Matcher {
  if (!('pattern' in of)) return fuzzyMatcher(of.text);
  return 'text' in of.pattern ? substringMatcher(of.pattern.text) : expressionMatcher(of.pattern.expression);
}

/** Values of a field: none when the record does not have it, several for a header that stands there twice. */
function actualsOf(field: Field, look: RecordLook): (record: SearchedRecord) => readonly Actual[] {
  if (field.name === 'fact') return (record) => factOf(record, field.fact, look);
  if (field.name === 'header') {
    const { header } = field;
    if (header === null) return (record) => [look.column(record, 'header') ?? ''];
    return ({ headers }) => (headers ?? []).filter(({ key }) => key === header).map(({ value }) => bytesText(value));
  }
  const { name, path } = field;
  if (path.length === 0) return (record) => (record.problem === null ? [bytesText(record[name])] : []);
  return (record) => {
    const found = valueAt(jsonOf(record[name]), path);
    return found === undefined ? [] : [found];
  };
}

function factOf(record: SearchedRecord, fact: string, look: RecordLook): readonly Actual[] {
  switch (fact) {
    case 'partition':
      return [record.partition];
    case 'offset':
      return [record.offset];
    case 'size':
      return [record.sizeBytes];
    case 'time':
      return record.timestampMs < 0 ? [] : [record.timestampMs];
    default: {
      const text = look.column(record, fact);
      return text === null ? [] : [text];
    }
  }
}

function bytesText(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : searchedText(bytes);
}

function textOf(actual: Actual): string {
  return typeof actual === 'string' ? actual : formatExactJson(actual);
}

function compares(actual: Actual, by: Comparison, literal: Literal): boolean {
  if (by === '=') return equals(actual, literal);
  if (by === '!=') return !equals(actual, literal);
  if (actual === null || literal === null) return false;
  if (typeof literal === 'string') return typeof actual === 'string' && ordered(actual.normalize('NFC'), by, literal.normalize('NFC'));
  if (typeof literal === 'boolean') return false;
  const number = asNumber(actual);
  return number !== null && ordered(number, by, literal);
}

function equals(actual: Actual, literal: Literal): boolean {
  if (literal === null || actual === null) return actual === literal;
  if (typeof literal === 'string') return typeof actual !== 'object' && String(actual).normalize('NFC') === literal.normalize('NFC');
  if (typeof literal === 'boolean') return typeof actual === 'string' ? foldText(actual) === String(literal) : actual === literal;
  const number = asNumber(actual);
  // A bigint and a number of the same value are equal here, as they are in JSON.
  return number !== null && ordered(number, '<=', literal) && ordered(number, '>=', literal);
}

function asNumber(actual: Actual): number | bigint | null {
  if (typeof actual === 'number' || typeof actual === 'bigint') return actual;
  return typeof actual === 'string' ? numberOf(actual.trim()) : null;
}

function ordered<T extends string | number | bigint>(a: T, by: Comparison, b: T): boolean {
  switch (by) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}
