/**
 * Writes dead letters back to where they came from, acknowledged by all replicas. The queue stays as it is: records are never taken out
 * of a topic. What fails is named one by one; the rest goes on.
 */
import { messageOf } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import type { Log } from '../base/log.ts';
import type { Kafka, Producer } from '../kafka/contract.ts';
import { fetchTargets, type PlannedRecord, placeOf, type RedrivePlan } from './redrive-plan.ts';

export interface RedriveOptions {
  readonly kafka: Kafka;
  readonly plan: RedrivePlan;
  readonly log: Log;
  onProgress(progress: RedriveProgress): void;
}

export interface RedriveProgress {
  readonly written: number;
  readonly failed: number;
  readonly total: number;
}

export interface RedriveResult {
  readonly written: readonly PlannedRecord[];
  readonly failed: ReadonlyArray<{ readonly record: PlannedRecord; readonly error: string }>;
}

const CLOSE_MS = 5_000;

/** Resolves when each record is acknowledged or has failed. Rejects when Kafka cannot be asked at all; nothing was written then. */
export async function redrive({ kafka, plan, log, onProgress }: RedriveOptions): Promise<RedriveResult> {
  const topics = plan.targets.map(({ topic }) => topic);
  // A topic that has gone since the plan must not be made anew by writing to it.
  const targets = await fetchTargets(kafka.admin(), topics);
  const written: PlannedRecord[] = [];
  const failed: { record: PlannedRecord; error: string }[] = [];
  const settle = (record: PlannedRecord, error: unknown) => {
    if (error === null) written.push(record);
    else failed.push({ record, error: messageOf(error) });
    onProgress({ written: written.length, failed: failed.length, total: plan.sends.length });
  };
  const producer = kafka.producer({ acks: -1, isIdempotent: true });
  try {
    for (const record of plan.sends) {
      if (targets.has(record.topic)) await send(producer, record, settle);
      else settle(record, new Error(`there is no topic ${record.topic} any more`));
    }
    await producer.flush();
  } finally {
    await producer.close(CLOSE_MS);
  }
  tell(log, plan, { written, failed });
  return { written, failed };
}

async function send(producer: Producer, record: PlannedRecord, settle: (record: PlannedRecord, error: unknown) => void): Promise<void> {
  const { topic, partition, key, value, headers, timestampMs } = record;
  const onDelivery = (error: Error | null) => settle(record, error);
  try {
    while (!producer.send(topic, partition, key, value, headers, timestampMs < 0 ? null : timestampMs, onDelivery))
      await producer.ready(topic);
  } catch (error) {
    settle(record, error);
  }
}

function tell(log: Log, { connector, queue, sends }: RedrivePlan, { written, failed }: RedriveResult): void {
  const counts = new Map<string, number>();
  for (const { topic } of written) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  const where = [...counts].map(([topic, count]) => `${topic} ${count}`).join(', ') || 'nowhere';
  for (const { record, error } of failed)
    log.warn(`Redrive of ${connector}: ${placeOf(record.place)} was not written to ${record.topic}: ${error}`);
  log.info(
    `Redrive of ${connector}: ${written.length} of ${plural(sends.length, 'dead letter')} of ${queue} written back (${where}), ${failed.length} failed`,
  );
}
