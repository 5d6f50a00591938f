/** What an operator does to topics, leaders and settings: asked first with what follows, carried out, written down, taken back where it can be. */
import { describe, expect, test } from 'vitest';
import { KafkaError } from '../../../src/kafka/kafka-error.ts';
import { ScriptedWorld, topic } from '../../helpers/scripted-world.ts';
import { type SessionRig, startSession } from '../../helpers/session-rig.ts';

function world(): ScriptedWorld {
  const one = new ScriptedWorld();
  one.topics = [topic('orders', 3, 1_000n), topic('audit', 1, 40n)];
  return one;
}

const open = async (rig: SessionRig, line: string) => {
  await rig.command(line);
  await rig.clock.advance(3_000);
};
const log = (rig: SessionRig) =>
  rig.session.actionLog.records.map(({ action, target, result, before, after }) => ({ action, target, result, before, after }));
const type = (rig: SessionRig, text: string) => rig.keys(...text, 'enter');
/** Clears a field that is filled in. */
const clear = (rig: SessionRig, length: number) => rig.keys(...Array.from({ length }, () => 'backspace'));

describe('elections', () => {
  test('preferred leaders of one topic, after a yes; what needed none is not asked for', async () => {
    const one = world();
    for (const partition of one.topics[0]!.partitions) partition.leader = partition.replicas[0]!;
    one.topics[0]!.partitions[1]!.leader = one.topics[0]!.partitions[1]!.replicas[1]!;
    using rig = await startSession(one);
    await open(rig, 'topic orders');
    await rig.keys('down');
    await rig.press('leaders.elect');
    expect(rig.dialog().join('\n')).toMatch(/preferred here +1 partition led by another replica/);
    await rig.keys('p', 'enter');
    expect(one.calls).toEqual([]);
    await rig.press('leaders.elect');
    await rig.keys('p', 'y');
    await rig.clock.advance(100);
    expect(one.calls).toEqual(['elect preferred orders-1']);
    expect(one.topics[0]!.partitions[1]!.leader).toBe(one.topics[0]!.partitions[1]!.replicas[0]);
    expect(rig.flash()).toContain('1 partition elected');
    expect(log(rig)).toMatchObject([{ action: 'leaders.elect', target: 'orders p1', result: 'ok', after: '1 partition elected' }]);
  });

  test('an unclean election only where nobody leads, and only with the name typed', async () => {
    const one = world();
    one.brokers = [1, 2];
    Object.assign(one.topics[0]!.partitions[2]!, { leader: -1, isr: [3], replicas: [3, 1] });
    using rig = await startSession(one);
    await open(rig, 'topic audit');
    await rig.press('leaders.elect');
    expect(rig.dialog().join('\n')).toMatch(/unclean +none is without a leader/);
    await rig.keys('u', 'esc');
    await open(rig, 'topic orders');
    expect(rig.rows()[0]).toBe('2');
    await rig.press('leaders.elect');
    await rig.keys('u');
    expect(rig.dialog().join('\n')).toMatch(/p2: can be led by 1 \(/);
    await type(rig, 'order');
    expect(one.calls).toEqual([]);
    await rig.keys('s', 'enter');
    await rig.clock.advance(100);
    expect(one.calls).toEqual(['elect unclean orders-2']);
    expect(one.topics[0]!.partitions[2]!.leader).toBe(1);
  });

  test('a refusal of all is an error with its reason', async () => {
    const one = world();
    for (const partition of one.topics[0]!.partitions) partition.leader = partition.replicas[0]!;
    Object.assign(one.topics[0]!.partitions[0]!, { leader: 2, replicas: [1, 2, 3], isr: [2, 3] });
    using rig = await startSession(one);
    await open(rig, 'elect orders');
    await rig.keys('p', 'y');
    await rig.clock.advance(100);
    expect(rig.flash()).toContain('orders p0: PREFERRED_LEADER_NOT_AVAILABLE');
    expect(log(rig)).toMatchObject([{ result: 'failed' }]);
  });
});

test('a move is taken back, and is gone from the list', async () => {
  const one = world();
  one.cluster.moves = [{ topic: 'orders', partition: 0, replicas: [1, 2, 3], adding: [3], removing: [1] }];
  using rig = await startSession(one);
  await open(rig, 'reassignments');
  expect(rig.rows()).toEqual(['orders 0']);
  await rig.press('reassignments.cancel');
  await rig.keys('y');
  await rig.clock.advance(3_000);
  expect(one.calls).toEqual(['cancel move of orders-0']);
  expect(rig.rows()).toEqual([]);
  expect(log(rig)).toMatchObject([{ before: 'orders p0 adding 3 removing 1', after: '1 partition taken back' }]);
});

describe('settings', () => {
  const retention = async (rig: SessionRig) => {
    await open(rig, 'settings orders');
    rig.session.updateView({ cursorId: 'retention.ms' });
  };

  test('a shorter retention says how many records go, wants the name, is read back, and is undone', async () => {
    const one = world();
    using rig = await startSession(one);
    await retention(rig);
    await rig.press('settings.change');
    await clear(rig, 9);
    await type(rig, '3600000');
    await rig.clock.advance(300);
    const asked = rig.dialog().join('\n');
    expect(asked).toContain('7 d → 1 h');
    expect(asked).toMatch(/About 1 500 records older than 1 h go/);
    expect(one.calls).toEqual([]);
    await type(rig, 'orders');
    await rig.clock.advance(3_000);
    expect(one.calls).toEqual(['alter topic orders {"retention.ms":"3600000"}']);
    expect(log(rig)).toMatchObject([
      { action: 'settings.change', target: 'orders', before: 'retention.ms = (default)', after: 'retention.ms = 3600000' },
    ]);
    await rig.keys('z');
    expect(rig.dialog().join('\n')).toContain('put back retention.ms of orders');
    await rig.keys('y');
    await rig.clock.advance(3_000);
    expect(one.calls.at(-1)).toBe('alter topic orders {"retention.ms":null}');
  });

  test('an undo is refused when somebody else has changed it since', async () => {
    const one = world();
    using rig = await startSession(one);
    await open(rig, 'settings orders');
    rig.session.updateView({ cursorId: 'max.message.bytes' });
    await rig.press('settings.change');
    await clear(rig, 7);
    await type(rig, '2000000');
    await rig.clock.advance(300);
    await rig.keys('y');
    await rig.clock.advance(3_000);
    one.cluster.set.get('topic orders')?.set('max.message.bytes', '7');
    await rig.keys('z', 'y');
    await rig.clock.advance(1_000);
    expect(rig.flash()).toContain('changed again since');
    expect(one.calls).toHaveLength(1);
  });

  test('what the broker refuses is said at the setting; nothing is changed', async () => {
    const one = world();
    one.cluster.configError = new KafkaError('INVALID_CONFIG', 'INVALID_CONFIG: topic "orders": soon is no number');
    using rig = await startSession(one);
    await retention(rig);
    await rig.press('settings.change');
    await clear(rig, 9);
    await type(rig, 'soon');
    await rig.clock.advance(300);
    expect(rig.dialog().join('\n')).toMatch(/retention\.ms: INVALID_CONFIG.*soon is no number[\s\S]*Nothing was changed/);
    await rig.keys('y', 'esc');
    expect(one.calls).toEqual([]);
  });

  test('what is read at the start of a broker cannot be changed here', async () => {
    using rig = await startSession(world());
    await open(rig, 'broker 1');
    rig.session.updateView({ cursorId: 'log.dirs' });
    await rig.press('settings.change');
    expect(rig.flash()).toContain('log.dirs cannot be changed while the broker runs');
  });

  test('a broker that is not there is no broker', async () => {
    using rig = await startSession(world());
    await open(rig, 'broker 77');
    expect(rig.flash()).toContain('there is no broker 77; there are 1, 2, 3');
  });

  test('back to the default, only where it is set', async () => {
    const one = world();
    one.cluster.set.set('topic orders', new Map([['retention.ms', '60000']]));
    using rig = await startSession(one);
    await open(rig, 'settings orders');
    rig.session.updateView({ cursorId: 'cleanup.policy' });
    await rig.press('settings.reset');
    expect(rig.flash()).toContain('cleanup.policy is not set here');
    rig.session.updateView({ cursorId: 'retention.ms' });
    await rig.press('settings.reset');
    await rig.clock.advance(300);
    await rig.keys('y');
    await rig.clock.advance(3_000);
    expect(one.calls).toEqual(['alter topic orders {"retention.ms":null}']);
  });

  test('all of them in the editor: a line that is gone goes back, a comment mark taken away sets one', async () => {
    const one = world();
    one.cluster.set.set('topic orders', new Map([['retention.ms', '60000']]));
    using rig = await startSession(one);
    let file = '';
    rig.session.terminal = {
      ...rig.session.terminal,
      edit: async (text) => {
        file = text;
        return { kind: 'changed', text: text.replace('retention.ms=60000\n', '').replace('#segment.bytes=', 'segment.bytes=1') };
      },
    };
    await open(rig, 'settings orders');
    await rig.press('settings.edit');
    await rig.clock.advance(300);
    expect(file).toContain('\nretention.ms=60000\n');
    expect(file).not.toContain('keystore');
    expect(rig.dialog().join('\n')).toMatch(
      /- retention\.ms = 60000[\s\S]*\+ retention\.ms = \(back to the default\)[\s\S]*\+ segment\.bytes = 11073741824/,
    );
    await rig.keys('y');
    await rig.clock.advance(3_000);
    expect(one.calls).toEqual(['alter topic orders {"segment.bytes":"11073741824","retention.ms":null}']);
  });
});

describe('topics', () => {
  test('one is deleted only with its name typed; the question says that there is no undo', async () => {
    const one = world();
    using rig = await startSession(one);
    await open(rig, 'delete-topic audit');
    expect(rig.dialog().join('\n')).toContain('there is no undo');
    await rig.keys('y', 'enter');
    await rig.keys('esc');
    expect(rig.session.actionLog.records).toEqual([]);
    await rig.command('delete-topic audit');
    await type(rig, 'audit');
    await rig.clock.advance(1_000);
    expect(log(rig)).toMatchObject([{ action: 'topic.delete', target: 'audit', result: 'ok' }]);
  });

  test('a new one from words; what is no name or number is said', async () => {
    using rig = await startSession(world());
    await rig.command('create-topic "bad=1');
    expect(rig.flash()).toContain('which name?');
    await rig.command('create-topic new partitions=none');
    expect(rig.flash()).toContain('partitions=none is no number');
    await rig.command('create-topic new partitions=6 cleanup.policy=compact');
    expect(rig.dialog().join('\n')).toMatch(/partitions 6 · replication the brokers' default[\s\S]*cleanup\.policy = compact/);
    await rig.keys('y');
    await rig.clock.advance(1_000);
    expect(log(rig)).toMatchObject([{ action: 'topic.create', target: 'new', result: 'ok' }]);
  });

  test('more partitions, never fewer', async () => {
    using rig = await startSession(world());
    await rig.command('add-partitions orders 3');
    expect(rig.flash()).toContain('orders has 3');
    await rig.command('add-partitions orders 5');
    expect(rig.dialog().join('\n')).toContain('Partitions never go again');
    await type(rig, 'orders');
    await rig.clock.advance(1_000);
    expect(log(rig)).toMatchObject([{ action: 'topic.add-partitions', before: '3 partitions', after: '5 partitions' }]);
  });
});

test('in a read-only context there is nothing of it', async () => {
  const one = world();
  using rig = await startSession(one, { isReadOnly: true });
  await rig.command('elect orders');
  expect(rig.flash()).toContain('there is no command "elect"');
});
