/** One thing done to many: a few at once, a stop that starts no more, and an end for each. */
import { expect, test } from 'vitest';
import { RestError } from '../../../src/base/errors.ts';
import { type BulkAnswer, type BulkRow, countsText, runBulk } from '../../../src/store/bulk.ts';
import { isGlob, matchGlob } from '../../../src/store/glob.ts';

const ids = Array.from({ length: 10 }, (_, i) => `c${i}`);
const turn = () => new Promise((resolve) => setImmediate(resolve));

interface Gate {
  readonly id: string;
  open(answer: BulkAnswer): void;
  fail(error: Error): void;
}

/** Each one waits until the test answers it. */
function start(more: { signal?: AbortSignal } = {}) {
  const open: Gate[] = [];
  const rows = new Map<string, BulkRow>();
  let now = 0;
  const done = runBulk({
    ids,
    signal: more.signal ?? new AbortController().signal,
    monoMs: () => (now += 10),
    run: (id) => new Promise((resolve, reject) => open.push({ id, open: resolve, fail: reject })),
    onRow: (row) => rows.set(row.id, row),
  });
  const states = () => ids.map((id) => rows.get(id)?.state ?? '-').join(' ');
  return { open, rows, states, done };
}

test('four at once, the next when one has ended', async () => {
  const one = start();
  expect(one.open.map(({ id }) => id)).toEqual(['c0', 'c1', 'c2', 'c3']);
  one.open[2]!.open({ outcome: 'ok', detail: null });
  await turn();
  expect(one.open.map(({ id }) => id)).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
  expect(one.states()).toBe('running running ok running running - - - - -');
  for (let at = 0; at < ids.length; at++) {
    one.open[at]?.open({ outcome: 'ok', detail: null });
    await turn();
  }
  await one.done;
  expect(countsText([...one.rows.values()])).toBe('10 ok');
});

test('one that fails in a way nobody foresaw has failed, and the others go on', async () => {
  const one = start();
  one.open[0]!.fail(new RestError(500, 'boom'));
  for (let at = 1; at < ids.length; at++) {
    await turn();
    one.open[at]?.open({ outcome: at === 5 ? 'unknown' : 'ok', detail: null });
  }
  await one.done;
  expect(one.rows.get('c0')).toMatchObject({ state: 'failed', detail: 'boom' });
  expect(countsText([...one.rows.values()])).toBe('8 ok · 1 failed · 1 not known');
});

test('a stop begins no more, and waits for those that run', async () => {
  const stop = new AbortController();
  const one = start({ signal: stop.signal });
  stop.abort('it was stopped');
  one.open[0]!.open({ outcome: 'ok', detail: null });
  await turn();
  expect(one.open).toHaveLength(4);
  for (const gate of one.open) gate.open({ outcome: 'ok', detail: null });
  await one.done;
  expect(one.states()).toBe('ok ok ok ok skipped skipped skipped skipped skipped skipped');
  expect(one.rows.get('c9')?.detail).toBe('not begun: it was stopped');
});

test('patterns of names', () => {
  const names = ['pay-1', 'pay-22', 'xpay-1', 'pay.1', '주문-소스', '주문-싱크'];
  expect(isGlob('pay-1')).toBe(false);
  expect(isGlob('pay-*')).toBe(true);
  expect(matchGlob('pay-*', names)).toEqual(['pay-1', 'pay-22']);
  expect(matchGlob('pay-?', names)).toEqual(['pay-1']);
  expect(matchGlob('pay.*', names)).toEqual(['pay.1']);
  expect(matchGlob('주문-*', names)).toEqual(['주문-소스', '주문-싱크']);
  expect(matchGlob('*', names)).toEqual(names);
  expect(matchGlob('[a-z]*', names)).toEqual([]);
});
