/** Source of the vectors: OffsetSyncStoreTest of Apache Kafka. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OffsetSync } from '../../../../../../src/plugins/connectors/mirror/shared/offset-sync.ts';
import { isRecent, isSeparated, OffsetSyncStore, SLOTS } from '../../../../../../src/plugins/connectors/mirror/shared/offset-sync-store.ts';

const T0 = { topic: 't', partition: 0 };
const sync = (upstreamOffset: bigint, downstreamOffset: bigint): OffsetSync => ({ ...T0, upstreamOffset, downstreamOffset });

function startedStore(keepsHistory = true): OffsetSyncStore {
  const store = new OffsetSyncStore({ keepsHistory });
  store.startIsRead();
  return store;
}

/** Offsets that are translated to themselves, where both sides have the same offsets. */
function anchorsOf(store: OffsetSyncStore): bigint[] {
  const slots = store.slotsOf(T0) ?? [];
  return [...new Set(slots.map(({ upstreamOffset }) => upstreamOffset))].reverse();
}

/** Syncs at 0, 10 … 1000 that are there at the start, then those up to 10000. */
function regularSyncs(keepsHistory: boolean, onStart: (store: OffsetSyncStore) => void = () => undefined): OffsetSyncStore {
  const store = new OffsetSyncStore({ keepsHistory });
  for (let offset = 0n; offset <= 1000n; offset += 10n) {
    store.add(sync(offset, offset));
    expect(store.translate(T0, offset)).toBe('not-read');
  }
  store.startIsRead();
  onStart(store);
  for (let offset = 1010n; offset <= 10_000n; offset += 10n) {
    store.add(sync(offset, offset));
    expect(store.translate(T0, offset)).toBe(offset);
  }
  return store;
}

describe('translation', () => {
  test('at a sync its offset, behind it the next one, before the oldest none; after a rewind only what came with it', () => {
    const store = startedStore();
    store.add(sync(100n, 200n));
    expect(store.translate(T0, 150n)).toBe(201n);
    store.add(sync(150n, 251n));
    expect(store.translate(T0, 150n)).toBe(251n);
    expect(store.translate(T0, 5n)).toBe('too-old');
    store.add(sync(200n, 10n));
    expect(store.translate(T0, 200n)).toBe(10n);
    store.add(sync(20n, 20n));
    expect(store.translate(T0, 20n)).toBe(20n);
    expect(anchorsOf(store)).toEqual([20n]);
  });

  test('the distance to the sync is never added', () => {
    const store = startedStore();
    store.add(sync(100n, 200n));
    for (const offset of [101n, 110n, 9_007_199_254_740_993n]) expect(store.translate(T0, offset)).toBe(201n);
  });

  test('offsets that no number holds are exact', () => {
    const store = startedStore();
    store.add(sync(9_007_199_254_740_993n, 9_007_199_254_740_995n));
    expect(store.translate(T0, 9_007_199_254_740_993n)).toBe(9_007_199_254_740_995n);
    expect(store.translate(T0, 9_007_199_254_740_992n)).toBe('too-old');
  });

  test('nothing is translated before the start is read, nor a partition of which there is no sync', () => {
    const store = new OffsetSyncStore({ keepsHistory: true });
    store.add(sync(100n, 200n));
    expect(store.translate(T0, 100n)).toBe('not-read');
    store.startIsRead();
    expect(store.translate(T0, 100n)).toBe(200n);
    for (const other of [
      { topic: 't', partition: 1 },
      { topic: 'u', partition: 0 },
    ])
      expect(store.translate(other, 100n)).toBe('no-sync');
    expect(store.slotsOf({ topic: 'u', partition: 0 })).toBeNull();
    expect(store.partitionCount).toBe(1);
  });
});

describe('what is kept', () => {
  test('of two syncs at one offset upstream the newer one counts', () => {
    const store = startedStore();
    store.add(sync(100n, 200n));
    store.add(sync(100n, 300n));
    expect(store.translate(T0, 100n)).toBe(300n);
    expect(store.translate(T0, 101n)).toBe(301n);
  });

  test('the first sync fills all slots', () => {
    const store = startedStore();
    const only = sync(7n, 8n);
    store.add(only);
    expect(store.slotsOf(T0)).toEqual(new Array(SLOTS).fill(only));
  });

  test('without history: of the start the last sync, then ever coarser ones', () => {
    const store = regularSyncs(false, (started) => expect(anchorsOf(started)).toEqual([1000n]));
    expect(anchorsOf(store)).toEqual([1000n, 4840n, 6760n, 8680n, 9160n, 9640n, 9880n, 9940n, 9970n, 9990n, 10_000n]);
    expect(store.translate(T0, 999n)).toBe('too-old');
  });

  test('with history: also of the start', () => {
    const store = regularSyncs(true, (started) => {
      const anchors = anchorsOf(started);
      expect(anchors.slice(0, 3)).toEqual([0n, 480n, 720n]);
      expect(anchors.slice(-2)).toEqual([990n, 1000n]);
    });
    expect(anchorsOf(store)).toEqual([0n, 3840n, 7680n, 8640n, 9120n, 9600n, 9840n, 9900n, 9960n, 9990n, 10_000n]);
    store.add(sync(1500n, 11_000n));
    expect(store.translate(T0, 1499n)).toBe('too-old');
    expect(store.translate(T0, 1500n)).toBe(11_000n);
    expect(store.translate(T0, 2000n)).toBe(11_001n);
  });

  test('syncs at regular distances cost at most one that was kept each', () => {
    for (const step of [1n, 2n, 3n, 10n, 100n, 1024n]) {
      const store = startedStore();
      let before = new Set<bigint>();
      const costs: number[] = [];
      for (let i = 0n; i < 1000n; i++) {
        store.add(sync(i * step, i * step));
        const now = new Set(anchorsOf(store));
        costs.push([...before].filter((anchor) => !now.has(anchor)).length);
        before = now;
      }
      expect(Math.max(...costs), `syncs ${step} apart`).toBe(1);
    }
  });
});

/** Distances between one sync and the next; negative ones rewind. */
const DISTANCE = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: 1n, max: 200n }) },
  { weight: 3, arbitrary: fc.nat({ max: 40 }).map((bits) => 2n ** BigInt(bits)) },
  { weight: 1, arbitrary: fc.bigInt({ min: -5000n, max: -1n }) },
);

function histories(): fc.Arbitrary<{ isRead: boolean; keepsHistory: boolean; upstream: bigint[] }> {
  const upstream = fc
    .tuple(fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2n ** 62n })), fc.array(DISTANCE, { maxLength: 60 }))
    .map(([start, distances]) => {
      let at = start;
      const after = (distance: bigint) => (at + distance >= 0n ? at + distance : at > 0n ? 0n : 1n);
      return [at, ...distances.map((distance) => (at = after(distance)))];
    });
  return fc.record({ isRead: fc.boolean(), keepsHistory: fc.boolean(), upstream });
}

function brokenRules(slots: readonly OffsetSync[]): string[] {
  const broken: string[] = [];
  for (let i = 0; i < SLOTS; i++) {
    for (let j = i + 1; j < SLOTS; j++) {
      if (!isRecent(slots[i]!, slots[j]!, i, j)) broken.push(`age of slots ${i} and ${j}`);
      if (!isSeparated(slots[i]!, slots[j]!, i)) broken.push(`distance of slots ${i} and ${j}`);
    }
  }
  return broken;
}

/** Lines of a part of the file that the original wrote. */
function golden(part: string): string[] {
  const text = readFileSync(new URL('../../../../../golden/mirror/checkpoints.txt', import.meta.url), 'utf8');
  const block = text.split(/^== /m).find((one) => one.startsWith(part)) ?? '';
  return block.trimEnd().split('\n').slice(1);
}

test('histories of all kinds leave the same syncs as in the original, and translate the same', () => {
  const lines = golden('store');
  expect(lines.length).toBeGreaterThan(50);
  for (const line of lines) {
    const [keepsHistory, atStart, syncs = '', , queries = ''] = line.split(' | ');
    const store = new OffsetSyncStore({ keepsHistory: keepsHistory === 'true' });
    for (const [i, text] of syncs.split(' ').entries()) {
      if (i === Number(atStart)) store.startIsRead();
      const [up = '', down = ''] = text.split(':');
      store.add(sync(BigInt(up), BigInt(down)));
    }
    const runs = runsOf(store.slotsOf(T0) ?? []);
    const answers = queries.split(' ').map((query) => {
      const [offset = ''] = query.split('=');
      const found = store.translate(T0, BigInt(offset));
      return `${offset}=${found === 'too-old' ? -1 : found}`;
    });
    expect(`${keepsHistory} | ${atStart} | ${syncs} | ${runs} | ${answers.join(' ')}`).toBe(line);
  }
});

/** `1021*5 1009*1`: the sync at 1021 in five slots. */
function runsOf(slots: readonly OffsetSync[]): string {
  const runs: { readonly sync: OffsetSync; count: number }[] = [];
  for (const slot of slots) {
    const last = runs.at(-1);
    if (last?.sync === slot) last.count++;
    else runs.push({ sync: slot, count: 1 });
  }
  return runs.map(({ sync: { upstreamOffset }, count }) => `${upstreamOffset}*${count}`).join(' ');
}

describe('whatever comes', () => {
  test('the newest is in slot 0, and any two slots keep their distance and their age', () => {
    fc.assert(
      fc.property(histories(), ({ isRead, keepsHistory, upstream }) => {
        const store = new OffsetSyncStore({ keepsHistory });
        if (isRead) store.startIsRead();
        for (const offset of upstream) {
          store.add(sync(offset, offset));
          const slots = store.slotsOf(T0)!;
          expect(slots).toHaveLength(SLOTS);
          expect(slots[0]!.upstreamOffset).toBe(offset);
          expect(brokenRules(slots)).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a translation never lies past the record that the group would read next, and grows with the offset', () => {
    fc.assert(
      fc.property(histories(), fc.nat(500), ({ keepsHistory, upstream }, gap) => {
        const store = new OffsetSyncStore({ keepsHistory });
        store.startIsRead();
        // Downstream lies behind upstream by a gap that records without a copy have left; the last rewind counts.
        for (const offset of upstream) store.add(sync(offset, offset + BigInt(gap)));
        let before = -1n;
        const places = new Set(upstream.flatMap((at) => [at, at + 1n]));
        for (const offset of [...places].sort((a, b) => (a < b ? -1 : 1))) {
          const found = store.translate(T0, offset);
          if (typeof found !== 'bigint') continue;
          expect(found).toBeLessThanOrEqual(offset + BigInt(gap));
          expect(found).toBeGreaterThanOrEqual(before);
          before = found;
        }
      }),
      { numRuns: 150 },
    );
  });
});
