/** The value of one record as rows to look at: JSON that folds, its text, or its bytes. */
import { type FoldRow, foldRows, foldsOf, schemaFold } from '../cluster/json-folds.ts';
import { FRAME_BYTES, hexDump, prettyJson, schemaIdOf, toText } from '../cluster/record-text.ts';
import type { ViewState } from './view.ts';

export const VALUE_FORMS = ['best', 'text', 'hex'] as const;
export type ValueForm = (typeof VALUE_FORMS)[number];

export interface RecordValue {
  readonly form: 'json' | 'text' | 'hex';
  /** Schema id in front, as a schema registry's serializers write it; `null`: none. */
  readonly schemaId: number | null;
  readonly rows: readonly FoldRow[];
}

const MOST_TEXT_BYTES = 2_000_000;
const MOST_HEX_BYTES = 65_536;

interface Lines {
  readonly form: RecordValue['form'];
  readonly schemaId: number | null;
  readonly lines: readonly string[];
}

const made = new WeakMap<Buffer, Map<ValueForm, Lines>>();

export function recordValue(value: Buffer, view: Pick<ViewState, 'valueForm' | 'folds'>): RecordValue {
  const { form, schemaId, lines } = linesOf(value, view.valueForm);
  if (form !== 'json') return { form, schemaId, rows: lines.map((text) => ({ text, fold: null, hidden: 0 })) };
  const schema = schemaFold(lines);
  return { form, schemaId, rows: foldRows(lines, (line) => view.folds.has(line) !== (line === schema)) };
}

/** Folds that leave only the outermost open, or, when it is so already, all open. */
export function allFolds(value: Buffer, view: Pick<ViewState, 'valueForm' | 'folds'>): ReadonlySet<number> {
  const { form, lines } = linesOf(value, view.valueForm);
  if (form !== 'json') return view.folds;
  const schema = schemaFold(lines);
  const inner = foldsOf(lines).slice(1);
  const isFolded = (line: number) => view.folds.has(line) !== (line === schema);
  const wanted = !inner.every(isFolded);
  return new Set(inner.filter((line) => (line === schema) !== wanted));
}

function linesOf(value: Buffer, wish: ValueForm): Lines {
  const known = made.get(value) ?? new Map<ValueForm, Lines>();
  made.set(value, known);
  const found = known.get(wish) ?? makeLines(value, wish);
  known.set(wish, found);
  return found;
}

function makeLines(value: Buffer, wish: ValueForm): Lines {
  const schemaId = schemaIdOf(value);
  const hex = (): Lines => ({ form: 'hex', schemaId, lines: hexDump(value, MOST_HEX_BYTES).split('\n') });
  if (wish === 'hex' || value.length > MOST_TEXT_BYTES) return hex();
  const framed = schemaId === null ? null : toText(value.subarray(FRAME_BYTES), MOST_TEXT_BYTES);
  const { text, isText } = framed?.isText && prettyJson(framed.text) !== null ? framed : toText(value, MOST_TEXT_BYTES);
  if (!isText) return hex();
  const pretty = wish === 'best' ? prettyJson(text) : null;
  if (pretty !== null) return { form: 'json', schemaId, lines: pretty.split('\n') };
  // Bytes that happen to be UTF-8 behind a frame are no text.
  if (wish === 'best' && schemaId !== null) return hex();
  return { form: 'text', schemaId: null, lines: text.split(/\r\n|\n|\r/) };
}
