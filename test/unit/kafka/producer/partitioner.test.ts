import { describe, expect, it } from 'vitest';
import { murmur2, partitionOfKey, StickyPartitioner } from '../../../../src/kafka/producer/partitioner.ts';

describe('murmur2', () => {
  // From org.apache.kafka.common.utils.Utils.murmur2 and toPositive(…) % 7 of kafka-clients 4.3.1.
  it.each([
    ['', 275646681, 2],
    ['a', -1563381124, 5],
    ['ab', 316155434, 0],
    ['abc', 479470107, 4],
    ['abcd', -1323649548, 5],
    ['21', -973932308, 3],
    ['foobar', -790332482, 0],
    ['a-little-bit-long-string', -985981536, 1],
    ['a-little-bit-longer-string', -1486304829, 0],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971, 3],
    ['한국어', 790120414, 6],
    ['😀', 131881617, 0],
    ['user-12345', -243491053, 1],
  ] as const)('of "%s" is %d, partition %d of 7', (key, hash, partition) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
    expect(partitionOfKey(Buffer.from(key), 7)).toBe(partition);
  });

  it('takes the first bytes of a longer buffer', () => {
    expect(murmur2(Buffer.from('foobar and more'), 6)).toBe(murmur2(Buffer.from('foobar')));
  });
});

describe('records without a key', () => {
  it('stay on a partition until it has a batch of bytes, then go to another', () => {
    const sticky = new StickyPartitioner(100, () => 0);
    expect(sticky.mustSwitch(3)).toBe(true);
    sticky.switch(3, () => true);
    sticky.took(60);
    expect([sticky.current, sticky.mustSwitch(3)]).toEqual([0, false]);
    sticky.took(60);
    expect([sticky.current, sticky.mustSwitch(3)]).toEqual([0, true]);
    sticky.switch(3, () => true);
    expect(sticky.current).toBe(1);
  });

  it('avoid partitions without a leader, but not when none has one', () => {
    const sticky = new StickyPartitioner(100, () => 0);
    sticky.switch(4, (partition) => partition === 2);
    expect(sticky.current).toBe(2);
    sticky.took(100);
    sticky.switch(4, () => false);
    expect(sticky.current).toBe(0);
  });

  it('switch when the topic shrank, as after it was made anew', () => {
    const sticky = new StickyPartitioner(100, () => 0.99);
    sticky.switch(4, () => true);
    expect(sticky.mustSwitch(2)).toBe(true);
  });
});
