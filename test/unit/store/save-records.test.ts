/** Records as a file: whole, in order, and to be read back byte for byte. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RecordRing } from '../../../src/cluster/record-ring.ts';
import { saveRecords } from '../../../src/store/save-records.ts';
import { aRecord, keptBatch } from '../../helpers/kept-batches.ts';

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'kconsole-save-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}
const monoMs = () => performance.now();

test('text as text, other bytes in base64, offsets exact, headers with their nulls', async () => {
  const ring = new RecordRing(1_000_000);
  const binary = Buffer.from([0, 0xff, 0x80]);
  const headers = [
    { key: 'h', value: binary },
    { key: 'n', value: null },
  ];
  ring.push(keptBatch([aRecord({ offset: 2n ** 60n + 1n, key: binary, value: Buffer.from('한글\n\x1b'), headers, timestampMs: 5 })]));
  const file = path.join(folder(), 'deep', 'out.ndjson');
  expect(await saveRecords(file, { ring }, [0, 1], () => true, monoMs)).toEqual({ written: 1, gone: 0, undecodable: 0 });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    topic: 't',
    partition: 0,
    offset: '1152921504606846977',
    timestamp: 5,
    timestampType: 'CreateTime',
    keyBase64: binary.toString('base64'),
    value: '한글\n\x1b',
    headers: [
      { key: 'h', valueBase64: binary.toString('base64') },
      { key: 'n', value: null },
    ],
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('what passes, in order; what has left the ring meanwhile is counted; nothing that is there is replaced', async () => {
  const ring = new RecordRing(20_000);
  for (let i = 0; i < 100; i++) ring.push(keptBatch(Array.from({ length: 10 }, (_, n) => aRecord({ offset: BigInt(i * 10 + n) }))));
  const file = path.join(folder(), 'out.ndjson');
  const result = await saveRecords(file, { ring }, [0, ring.endSequence], (record) => record.offset % 2n === 0n, monoMs);
  const offsets = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((one) => Number((JSON.parse(one) as { offset: string }).offset));
  expect(result).toEqual({ written: ring.length / 2, gone: ring.dropped, undecodable: 0 });
  expect(offsets).toEqual(Array.from({ length: ring.length / 2 }, (_, i) => ring.firstSequence + 2 * i));
  await expect(saveRecords(file, { ring }, [0, 1], () => true, monoMs)).rejects.toThrow('EEXIST');
  expect(readdirSync(path.dirname(file))).toEqual(['out.ndjson']);
});
