/** `--once` of a tail and of dead letters: read to where the partitions ended, and printed in the order of the records' times. */
import { groupDigits, plural } from '../src/base/format.ts';
import { until } from '../src/base/until.ts';
import { decodeDeadLetter, originalHeaders } from '../src/cluster/dead-letter.ts';
import type { TailRecord } from '../src/cluster/record-ring.ts';
import type { Tail, TailStatus } from '../src/cluster/tail.ts';
import type { Snapshot } from '../src/store/console-data.ts';
import { reasonFacts } from '../src/store/dead-letter-text.ts';
import { formatRecords, PLAIN_RECORDS, type RecordExtras } from '../src/store/record-formats.ts';
import type { Session } from '../src/store/session.ts';
import type { PaneId } from '../src/store/view.ts';
import { stateTexts } from './dlq/states.ts';
import type { OnceAnswer, OnceOptions } from './once.ts';
import type { Pane } from './parts/pane.ts';
import { printView } from './print-view.ts';

/** Nothing has come for so long, and there should be more: nobody answers. */
const SILENCE_MS = 10_000;
const LONGEST_MS = 60_000;
const LOOK_MS = 20;
/** Decoded records that are printed at most, the newest of what was read; with what each costs beside its own bytes. */
const MOST_BYTES = 64_000_000;
const RECORD_OVERHEAD_BYTES = 200;

const LETTERS: RecordExtras = {
  columns: ['stage', 'reason', 'exception', 'connector', 'origin'],
  facts: (record) => reasonFacts(decodeDeadLetter(record)),
  headers: originalHeaders,
};

/** Of the tail that the view in sight has begun. Dead letters end it with 1, whatever the filter leaves of them. */
export async function printRecords(
  session: Session,
  panes: ReadonlyMap<PaneId, Pane>,
  format: OnceOptions['format'],
  isAscii: boolean,
): Promise<OnceAnswer> {
  const isQueue = session.view.pane === 'dlq';
  const states = isQueue ? stateTexts(session.current()) : [];
  const tail = session.tail?.tail;
  if (states.length > 0 || !tail)
    return noRecords(states, format, session.context.hasKafka || session.view.target.topics === undefined ? 0 : 2);
  const problem = filterProblem(session.current());
  if (problem !== null) return { text: '', problem, exit: 2 };
  await untilRead(tail, session);
  const snapshot = session.current();
  const { records, left } = newestRecords(tail, snapshot);
  const status = tail.status();
  if (status.phase === 'failed') return { text: '', problem: status.error ?? 'Kafka has not answered', exit: 3 };
  const whole: Snapshot = { ...snapshot, data: { ...snapshot.data, tail: { ...snapshot.data.tail!, records } } };
  const text =
    format === 'text'
      ? printView(whole, panes, { skin: null, width: null, isAscii })
      : formatRecords(format, records, isQueue ? LETTERS : PLAIN_RECORDS);
  const hasEnded = status.phase === 'ended';
  return { text, problem: remarks(status, left).join('; '), exit: !hasEnded ? 3 : isQueue && status.received > 0 ? 1 : 0 };
}

/** There is no queue to read. */
function noRecords(states: readonly string[], format: OnceOptions['format'], exit: 0 | 2): OnceAnswer {
  const text = format === 'text' ? states.map((one) => `${one}\n`).join('') : formatRecords(format, [], LETTERS);
  return exit === 0 ? { text, problem: '', exit } : { text: '', problem: states.join(' '), exit };
}

function filterProblem({ data, view }: Snapshot): string | null {
  const problem = data.tail?.filter.problem ?? null;
  return problem && `filter "${view.filter}", column ${problem.column + 1}: ${problem.text}`;
}

async function untilRead(tail: Tail, { clock }: Session): Promise<void> {
  let [received, sinceMs] = [0, clock.monoMs()];
  const isOver = () => {
    const status = tail.status();
    if (status.received > received) [received, sinceMs] = [status.received, clock.monoMs()];
    return status.phase === 'ended' || status.phase === 'failed' || clock.monoMs() - sinceMs >= SILENCE_MS;
  };
  await until(isOver, { clock, forMs: LONGEST_MS, everyMs: LOOK_MS });
}

/** What passes the filter, in the order of time; `left`: records that there was no room for. */
function newestRecords(tail: Tail, { data }: Snapshot): { records: readonly TailRecord[]; left: number } {
  const { filter } = data.tail!;
  const { start } = tail.status();
  const { ring } = tail;
  const found: TailRecord[] = [];
  let room = MOST_BYTES;
  let sequence = ring.endSequence;
  while (sequence > ring.firstSequence && room > 0) {
    const record = ring.get(--sequence);
    if (!record || !filter.test(record)) continue;
    room -= record.sizeBytes + RECORD_OVERHEAD_BYTES;
    found.push(copyOf(record));
  }
  found.sort((a, b) => a.timestampMs - b.timestampMs || a.sequence - b.sequence);
  // Shares of partitions are rounded up.
  const records = typeof start === 'object' && 'last' in start ? found.slice(Math.max(0, found.length - start.last)) : found;
  return { records, left: ring.dropped + sequence - ring.firstSequence };
}

/** Its bytes are views into a batch, which would be kept for it. */
function copyOf(record: TailRecord): TailRecord {
  const { key, value, headers } = record;
  return {
    ...record,
    key: key && Buffer.from(key),
    value: value && Buffer.from(value),
    headers: headers?.map((one) => ({ key: one.key, value: one.value && Buffer.from(one.value) })) ?? null,
  };
}

/** What the records do not say themselves. */
function remarks({ phase, behind, undecodable, notes }: TailStatus, left: number): string[] {
  const ahead = behind === null ? '' : `, ${groupDigits(behind)} before the ends`;
  return [
    ...(phase === 'ended' ? [] : [`Kafka has not answered in time: the reading stopped${ahead}`]),
    ...(left === 0 ? [] : [`${plural(left, 'older record')} did not fit: begin later, with o=-1000 or t=-15m`]),
    ...(undecodable === 0 ? [] : [`${plural(undecodable, 'record')} cannot be decoded`]),
    ...notes,
  ];
}
