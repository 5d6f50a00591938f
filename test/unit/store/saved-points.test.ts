/** Offsets kept before each change: private, bounded, exact, one file for each target. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { SavedPoints } from '../../../src/store/saved-points.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-points-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const point = (i: number) => ({
  time: new Date(Date.UTC(2026, 10, 23, 12, i)).toISOString(),
  user: 'kim',
  reason: `to earliest, ${i}`,
  offsets: [{ partition: { kafka_topic: '주문', kafka_partition: 0n }, offset: { kafka_offset: 9007199254740993n } }],
});
const owner = { kind: 'sink', name: '주문/싱크' };

test('newest first, exact, for its owner only', async () => {
  const points = new SavedPoints(folder, 'prod');
  expect(await points.read(owner)).toEqual([]);
  await points.add(owner, point(1));
  const file = await points.add(owner, point(2));
  expect(await points.read(owner)).toEqual([point(2), point(1)]);
  expect(await points.read({ kind: 'sink', name: '주문_싱크' })).toEqual([]);
  expect(await points.read({ kind: 'group', name: owner.name })).toEqual([]);
  expect(await new SavedPoints(folder, 'other').read(owner)).toEqual([]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(readdirSync(path.dirname(file))).toHaveLength(1);
});

test('twenty are kept', async () => {
  const points = new SavedPoints(folder, 'prod');
  for (let i = 0; i < 25; i++) await points.add(owner, point(i));
  const kept = await points.read(owner);
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([20, point(24), point(5)]);
});

test('a file that cannot be read is said, put aside by the next point, never written over', async () => {
  const points = new SavedPoints(folder, 'prod');
  const file = await points.add(owner, point(1));
  writeFileSync(file, '{"points":[{"time":"soon"}]}');
  await expect(points.read(owner)).rejects.toThrow(/saved points .* cannot be read: point 1 has no time. Move the file away/);
  await points.add(owner, point(2));
  expect(await points.read(owner)).toEqual([point(2)]);
  expect(readFileSync(`${file}.broken`, 'utf8')).toContain('soon');
});

test('the password in the address of a worker is in no name and no file', async () => {
  const points = new SavedPoints(folder, 'http://kim:geheim@127.0.0.1:8083');
  const file = await points.add(owner, point(1));
  expect(file + readFileSync(file, 'utf8')).not.toContain('geheim');
});
