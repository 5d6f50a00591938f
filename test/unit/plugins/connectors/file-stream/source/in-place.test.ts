/** Lines that are left where they lie are, to whoever looks, those that come as strings; and they are taken only where nobody looks later. */
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { logFor } from '../../../../../../src/base/log.ts';
import type { SourceRecord } from '../../../../../../src/plugin-api/records.ts';
import { FileStreamSourceTask } from '../../../../../../src/plugins/connectors/file-stream/source/task.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';
import { TempFolder } from '../running-source.ts';

/** What a runtime can see of a record. */
const factsOf = (r: SourceRecord) => ({
  ...{ topic: r.topic, kafkaPartition: r.kafkaPartition, keySchema: r.keySchema, key: r.key, valueSchema: r.valueSchema, value: r.value },
  ...{ timestampMs: r.timestampMs, headers: r.headers, sourcePartition: r.sourcePartition, sourceOffset: r.sourceOffset },
});

/** What a task gives of the file, in batches; `look` sees each before the next poll. */
async function polled(file: string, takesTextsInPlace: boolean, look: (record: SourceRecord) => void = () => {}) {
  const task = new FileStreamSourceTask(createTestClock());
  const stop = new AbortController();
  await task.start(
    { file, topic: 't', 'batch.size': '700', 'max.line.bytes': '100000' },
    {
      ...{ log: logFor('test.in-place'), connector: 'c', taskId: 0, signal: stop.signal, transactions: null, takesTextsInPlace },
      offsets: async () => [null],
    },
  );
  const facts: ReturnType<typeof factsOf>[] = [];
  const count = 5_000;
  while (facts.length < count) {
    for (const record of (await task.poll()) ?? []) {
      look(record);
      facts.push(factsOf(record));
    }
  }
  stop.abort();
  await task.stop();
  return facts;
}

test('records of lines in place, of lines that are no UTF-8, and of lines across reads', async () => {
  using folder = new TempFolder();
  const file = folder.file('lines.txt');
  const lines = Array.from(
    { length: 5_000 },
    (_, i) => `${i} "quoted"\t한글 ${i % 50 === 0 ? 'x'.repeat(9_000) : '😀'}${i % 3 ? '' : '\r'}`,
  );
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  // In the last of several reads some bytes are no UTF-8.
  bytes[bytes.length - 30] = 0xff;
  writeFileSync(file, bytes);
  let inPlace = 0;
  const facts = await polled(file, true, (record) => {
    if (record.valueIn === undefined) return;
    inPlace++;
    expect(record.valueIn.toString('utf8', record.valueStart, record.valueEnd)).toBe(record.value);
  });
  expect(facts).toEqual(await polled(file, false));
  expect(inPlace).toBeGreaterThan(1_000);
  expect(inPlace).toBeLessThan(5_000);
});

test('only where they are taken', async () => {
  using folder = new TempFolder();
  const file = folder.file('lines.txt');
  writeFileSync(file, 'line\n'.repeat(5_000));
  await polled(file, false, (record) => expect(record.valueIn).toBeUndefined());
});
