/** What a filter sees of a record, and what records are grouped by: plain ones, and those of a dead-letter queue. */
import { decodeDeadLetter } from '../cluster/dead-letter.ts';
import { toText } from '../cluster/record-text.ts';
import type { QueuedRecord } from '../cluster/redrive-plan.ts';
import { groupOfReason, originText, reasonOf } from './dead-letter-text.ts';

export interface RecordLook {
  /** Facts that a filter may ask for beside the usual ones; `column` gives their texts. */
  readonly facts: readonly string[];
  /** The whole record as one text. */
  text(record: QueuedRecord): string;
  /** `null`: there is no such column. */
  column(record: QueuedRecord, name: string): string | null;
  /** `null`: nothing is grouped. */
  readonly group: ((record: QueuedRecord) => string) | null;
}

/** Longer keys and values are searched by their beginning. */
const SEARCHED_BYTES = 1_000_000;

export function searchedText(bytes: Uint8Array): string {
  return toText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), SEARCHED_BYTES).text;
}

const part = (bytes: Uint8Array | null) => (bytes === null ? '' : searchedText(bytes));
const headersText = ({ headers }: QueuedRecord) => (headers ?? []).map(({ key, value }) => `${key}=${part(value)}`).join(' ');

export const RECORDS: RecordLook = {
  facts: [],
  text: (record) => `${part(record.key)} ${part(record.value)} ${headersText(record)}`,
  column: (record, name) => {
    switch (name) {
      case 'header':
        return headersText(record);
      case 'topic':
        return record.topic;
      default:
        return null;
    }
  },
  group: null,
};

export const DEAD_LETTERS: RecordLook = {
  facts: ['reason', 'stage', 'exception', 'origin', 'connector'],
  text: (record) => {
    const letter = decodeDeadLetter(record);
    return `${letter === null ? '' : `${reasonOf(letter)} ${originText(letter)} `}${RECORDS.text(record)}`;
  },
  column: (record, name) => {
    const letter = decodeDeadLetter(record);
    switch (name) {
      case 'reason':
        return groupOfReason(letter);
      case 'stage':
        return letter?.stage ?? '';
      case 'exception':
        return letter?.exceptionClass ?? '';
      case 'origin':
        return letter === null ? '' : originText(letter);
      case 'connector':
        return letter?.connector ?? '';
      default:
        return RECORDS.column(record, name);
    }
  },
  group: (record) => groupOfReason(decodeDeadLetter(record)),
};
