import { expect, test } from 'vitest';
import { Lanes } from '../../../src/base/lanes.ts';

test('jobs of one key keep their order, those of others do not wait, and one that fails holds nothing up', async () => {
  const lanes = new Lanes();
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = lanes.run('a', async () => {
    await gate.promise;
    done.push('a1');
    throw new Error('no');
  });
  const second = lanes.run('a', () => done.push('a2'));
  expect(await lanes.run('b', () => done.push('b1'))).toBe(1);
  gate.resolve();
  await expect(first).rejects.toThrow('no');
  await second;
  expect(done).toEqual(['b1', 'a1', 'a2']);
});
