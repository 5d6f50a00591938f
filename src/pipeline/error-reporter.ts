/** Who is told about a record that failed: the log (here), and a dead-letter queue (`dead-letter-queue.ts`). */
import { ConnectError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { FetchedRecord } from '../kafka/contract.ts';
import type { SourceRecord } from '../plugin-api/records.ts';
import type { Stage } from './stage.ts';

/** The record as it was before the runtime touched it. */
export type FailedRecord =
  | { readonly kind: 'source'; readonly record: SourceRecord }
  | { readonly kind: 'sink'; readonly record: FetchedRecord };

export interface RecordFailure {
  readonly stage: Stage;
  /** Class name of what was executing, as in Apache Kafka. */
  readonly executingClass: string;
  readonly error: unknown;
  readonly record: FailedRecord;
}

/** A report that was taken and is on its way. */
export interface Delivery {
  /** Rejects with an error that names record and place when the report could not be made. */
  readonly delivered: Promise<void>;
}

export interface ErrorReporter {
  /** Undefined when all is done; else resolves as soon as the report is taken, which may wait for memory. */
  report(failure: RecordFailure): Promise<Delivery> | undefined;
  close(): Promise<void>;
}

/** `errors.log.enable`: the sentence of the original, with the record's place when `includesRecord`. */
export function createLogReporter(
  log: Log,
  task: { readonly connector: string; readonly taskId: number },
  includesRecord: boolean,
  onLogged: () => void,
): ErrorReporter {
  return {
    report: (failure) => {
      log.error(failureText(failure, task, includesRecord), failure.error);
      onLogged();
      return undefined;
    },
    close: () => Promise.resolve(),
  };
}

export function failureText(
  failure: RecordFailure,
  task: { readonly connector: string; readonly taskId: number },
  includesRecord: boolean,
): string {
  const where = `Error encountered in task ${task.connector}-${task.taskId}.`;
  const what = `Executing stage '${failure.stage}' with class '${failure.executingClass}'`;
  return `${where} ${what}${includesRecord ? recordText(failure.record) : ''}.`;
}

function recordText(failed: FailedRecord): string {
  if (failed.kind === 'source') return `, where source record is = ${sourceRecordText(failed.record)}`;
  const r = failed.record;
  const place = `topic='${r.topic}', partition=${r.partition}, offset=${r.offset}`;
  return `, where consumed record is {${place}, timestamp=${r.timestampMs}, timestampType=${r.timestampType}}`;
}

/** Where the record comes from and goes to; its key and value may be secret or huge, so they stay out. */
function sourceRecordText(r: SourceRecord): string {
  const target = `topic='${r.topic}', kafkaPartition=${r.kafkaPartition}, timestamp=${r.timestampMs}`;
  return `SourceRecord{sourcePartition=${mapText(r.sourcePartition)}, sourceOffset=${mapText(r.sourceOffset)}} ConnectRecord{${target}}`;
}

/** The original's sentence, and which record it was: its trace is what the operator sees in the status. */
export function toleranceExceeded(stage: Stage, failed: FailedRecord, cause: unknown): ConnectError {
  return new ConnectError(
    `Tolerance exceeded in error handler (${stage}, ${placeOf(failed)}). Mend what fails there, or pass over such records with errors.tolerance=all.`,
    { cause },
  );
}

/** Which record it is, for errors. */
export function placeOf(failed: FailedRecord): string {
  if (failed.kind === 'sink') return `record ${failed.record.topic}-${failed.record.partition} at offset ${failed.record.offset}`;
  return `record for topic ${failed.record.topic} with source offset ${mapText(failed.record.sourceOffset)}`;
}

function mapText(map: Readonly<Record<string, unknown>> | null): string {
  if (map === null) return 'null';
  const entries = Object.entries(map).map(([name, value]) => `${name}=${String(value)}`);
  return `{${entries.join(', ')}}`;
}
