/** Draining as an operator asks for it: which worker, what is answered, and when it ends. */
import { describe, expect, test } from 'vitest';
import { RestError } from '../../../../src/base/errors.ts';
import type { InternalRequests } from '../../../../src/herder/distributed/forwarder.ts';
import type { Assignment, MemberFacts } from '../../../../src/herder/distributed/membership.ts';
import { distributedRig, LEADER_URL } from '../../../helpers/distributed-rig.ts';
import { settle } from '../../../helpers/test-clock.ts';
import { TEST_SOURCE } from '../../../helpers/test-plugins.ts';

const OWN = '127.0.0.1:8083';
const other = (isLeaving = false): MemberFacts => ({ memberId: 'member-2', url: 'http://h:2/', isLeaving, connectors: [], tasks: [] });
const NOTHING = { connectors: [], tasks: [] };
const round = (given: Partial<Assignment> = {}): Assignment => ({
  ...NOTHING,
  error: 'NONE',
  leader: 'member-2',
  leaderUrl: LEADER_URL,
  configOffset: 0n,
  revoked: NOTHING,
  delayMs: 0,
  generation: 9,
  memberId: 'member-1',
  protocol: 'sessioned',
  ...given,
});

async function running(options: Parameters<typeof distributedRig>[0] = {}) {
  const rig = await distributedRig(options);
  await rig.herder.putConnectorConfig('c', { 'connector.class': TEST_SOURCE, 'tasks.max': '2' }, { allowReplace: false });
  await rig.agree();
  rig.group.others = [{ ...other(), memberId: 'member-1' }, other()];
  return rig;
}

describe('this worker', () => {
  test('is asked once, says what it has, and ends when the leader has taken it and it has stopped', async () => {
    const rig = await running();
    const asked = [rig.herder.drain(), rig.herder.drain(OWN)];
    await settle();
    const drain = rig.group.drained!;
    expect((await rig.herder.serverInfo()).draining).toEqual({ connectors: 1, tasks: 2 });
    drain.say();
    drain.onRound(round());
    const message = `Worker ${OWN} drains: its leader hands out its 1 connector and 2 tasks at once; then it ends.`;
    const reply = { worker_id: OWN, connectors: 1, tasks: 2, handover: 'at_once', message };
    expect(await Promise.all(asked)).toEqual([reply, reply]);
    expect(rig.drained).toEqual([]);
    await rig.group.round({ ...NOTHING });
    drain.end();
    await settle();
    expect([rig.drained, (await rig.herder.serverInfo()).draining, rig.states('c')]).toEqual([
      ['The worker has drained: all it ran is handed out by its leader'],
      { connectors: 0, tasks: 0 },
      ['UNASSIGNED', 'UNASSIGNED', 'UNASSIGNED'],
    ]);
  });

  test('under a leader that knows of none it says for how long the cluster waits', async () => {
    const rig = await running();
    rig.group.isLeader = false;
    const asked = rig.herder.drain();
    await settle();
    const drain = rig.group.drained!;
    drain.say();
    drain.onRound(round({ connectors: ['c'] }));
    drain.end();
    const message = `Worker ${OWN} stops its work and leaves. Its leader ${LEADER_URL} knows of no draining: the cluster waits for its return for scheduled.rebalance.max.delay.ms (300000 here), and only then does the work run elsewhere.`;
    expect(await asked).toEqual({ worker_id: OWN, connectors: 1, tasks: 2, handover: 'delayed', message });
    expect(rig.drained).toEqual(['The worker drains by leaving']);
    expect(rig.logRing.read().at(-1)).toMatchObject({ level: 'WARN', message });
  });

  test('when the group takes its time, the answer does not', async () => {
    const rig = await running();
    const asked = rig.herder.drain();
    await settle();
    await rig.clock.advance(15_000);
    expect(await asked).toMatchObject({ handover: 'unknown', message: `Worker ${OWN} drains; the group has not agreed on it yet.` });
    expect(rig.drained).toEqual([]);
  });

  test.each([
    ['alone', []],
    ['others leave as well', [other(true)]],
  ])('as the leader, with nobody who could take the work (%s), it does not drain', async (_, others) => {
    const rig = await running();
    rig.group.others = [{ ...other(), memberId: 'member-1' }, ...others];
    await expect(rig.herder.drain()).rejects.toMatchObject({ status: 409, message: expect.stringContaining('nobody can take its work') });
    expect([rig.group.drained, (await rig.herder.serverInfo()).draining]).toEqual([null, undefined]);
    rig.group.others = [other()];
    void rig.herder.drain();
    await settle();
    expect(rig.group.drained).not.toBeNull();
  });

  test('given up by the group: it goes on, and can be asked again', async () => {
    const rig = await running();
    const asked = rig.herder.drain();
    await settle();
    rig.group.drained!.giveUp(new RestError(409, 'All workers drain.'));
    await expect(asked).rejects.toThrow('All workers drain.');
    await settle();
    expect([rig.drained, (await rig.herder.serverInfo()).draining]).toEqual([[], undefined]);
    rig.group.drained = null;
    void rig.herder.drain();
    await settle();
    expect(rig.group.drained).not.toBeNull();
  });

  test('during a round it waits for its end', async () => {
    const rig = await running();
    rig.group.isRebalancing = true;
    const asked = rig.herder.drain();
    asked.catch(() => {});
    await settle();
    expect(rig.group.drained).toBeNull();
    await rig.group.round();
    await rig.clock.advance(10);
    expect(rig.group.drained).not.toBeNull();
  });
});

describe('another worker', () => {
  const asking = (drain: InternalRequests['drain']) =>
    running({ memberUrls: [`http://${OWN}/`, 'https://h:2/'], internalRequests: { drain } });

  test('is asked itself, signed; its answer is the answer', async () => {
    const asked: unknown[] = [];
    const rig = await asking(async (...given) => {
      asked.push(given);
      return { worker_id: 'h:2', connectors: 3, tasks: 4, handover: 'at_once', message: 'It drains.' };
    });
    const key = { key: Buffer.from('key'), algorithm: 'HmacSHA256', createdMs: 0 };
    await rig.configs.putSessionKey(key);
    expect((await rig.herder.drain('h:2')).message).toBe('It drains.');
    expect([asked, rig.group.drained]).toEqual([[['https://h:2/', 'h:2', expect.objectContaining({ key: key.key })]], null]);
  });

  test('who is not in the group is named, with those who are', async () => {
    const rig = await asking(async () => Promise.reject(new Error('nobody is to be asked')));
    await expect(rig.herder.drain('h:3')).rejects.toThrow(`Worker h:3 is not in the group. Its members are ${OWN}, h:2.`);
  });

  test('Apache Kafka’s cannot, which is said; other faults are told as they are', async () => {
    const fault = { now: new RestError(404, 'HTTP 404 Not Found') };
    const rig = await asking(async () => Promise.reject(fault.now));
    await expect(rig.herder.drain('h:2')).rejects.toMatchObject({
      status: 400,
      message: /^Worker h:2 is Apache Kafka's, which cannot drain/,
    });
    fault.now = new RestError(500, 'IO Error trying to forward REST request');
    await expect(rig.herder.drain('h:2')).rejects.toBe(fault.now);
  });

  test('what another one asks must be signed, and mean this one', async () => {
    const rig = await running();
    await expect(rig.herder.acceptDrain('h:2', null)).rejects.toMatchObject({ status: 409, message: `This worker is ${OWN}, not h:2.` });
    void rig.herder.acceptDrain(OWN, null);
    await settle();
    expect(rig.group.drained).not.toBeNull();
    const unsigned = await running();
    Object.defineProperty(unsigned.group, 'protocol', { value: 'compatible' });
    await expect(unsigned.herder.acceptDrain(OWN, null)).rejects.toMatchObject({
      status: 403,
      message: `The workers of this group do not sign what they ask of each other (connect.protocol): ask ${OWN} itself.`,
    });
  });
});
