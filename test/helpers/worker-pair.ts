/** Apache Kafka's standalone worker and ours, to be given the same files, topics and connectors; what came of it is compared. */
import { afterAll, beforeAll } from 'vitest';
import { createHttpHerder, type HttpHerder } from '../../src/control/over-http.ts';
import type { Kafka } from '../../src/kafka/contract.ts';
import { base64 } from './kafka-records.ts';
import { readTopic } from './standalone-rig.ts';
import { startWorkerProcess, type WorkerProcess, type WorkerSettings } from './worker-process.ts';

export interface Side extends AsyncDisposable {
  readonly name: 'jvm' | 'ours';
  readonly worker: WorkerProcess;
  readonly herder: HttpHerder;
}

/** One of the two. */
export async function startSide(name: Side['name'], settings: WorkerSettings = {}): Promise<Side> {
  const worker = await startWorkerProcess({ ...settings, isJvm: name === 'jvm' });
  const herder = createHttpHerder([`http://127.0.0.1:${worker.port}`]);
  return {
    name,
    worker,
    herder,
    async [Symbol.asyncDispose]() {
      herder.close();
      await worker[Symbol.asyncDispose]();
    },
  };
}

/** Both, for all tests of a file. */
export function bothSides(): ReadonlyMap<Side['name'], Side> {
  const sides = new Map<Side['name'], Side>();
  beforeAll(async () => {
    for (const side of await Promise.all([startSide('jvm'), startSide('ours')])) sides.set(side.name, side);
  });
  afterAll(async () => {
    await Promise.all([...sides.values()].map((side) => side[Symbol.asyncDispose]()));
  });
  return sides;
}

/** What a record is made of, but for its time. */
export interface Content {
  readonly partition: number;
  readonly key: string | null;
  /** As text when the bytes are text, else in base64. */
  readonly value: string | null;
  readonly headers: ReadonlyArray<readonly [key: string, value: string | null]>;
}

/** All records of a topic now, in the order of each partition. */
export async function contentsOf(kafka: Kafka, topic: string): Promise<Content[]> {
  const contents: Content[] = [];
  await readTopic(kafka, topic, ({ partition, key, value, headers }) => {
    contents.push({
      partition,
      key: base64(key),
      value: value === null ? null : textOf(value),
      headers: (headers ?? []).map((header) => [header.key, base64(header.value)]),
    });
  });
  return contents;
}

function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : `base64 ${bytes.toString('base64')}`;
}
