/** ACLs and quotas as they are read on the screen, and when there are none, for whatever reason. */
import { test } from 'vitest';
import type { AclBinding } from '../../../src/kafka/contract.ts';
import { startConsole } from '../../helpers/console-rig.ts';
import { ScriptedWorld } from '../../helpers/scripted-world.ts';

async function looksAt(world: ScriptedWorld, word: string) {
  const rig = startConsole(world);
  await rig.screen.shows('incidents');
  rig.keys(':', ...word, 'enter');
  await rig.pass(3_000);
  return rig;
}

const binding: AclBinding = {
  resourceType: 'TOPIC',
  resourceName: 'orders\x1b[31m',
  patternType: 'PREFIXED',
  principal: 'User:한글',
  host: '*',
  operation: 'READ',
  permission: 'DENY',
};

test('ACLs, and the question whether somebody may', async () => {
  const world = new ScriptedWorld();
  world.acls = [binding, { ...binding, principal: 'User:alice', permission: 'ALLOW', patternType: 'LITERAL', resourceName: 'orders' }];
  await using rig = await looksAt(world, 'acls');
  await rig.screen.shows(/User:한글 +DENY +READ +TOPIC +orders␛\[31m +PREFIXED/);
  await rig.screen.shows('2 of 2');
  rig.keys(':', ...'can', 'space', ...'alice', 'space', ...'read', 'space', ...'topic', 'space', ...'orders', 'enter');
  await rig.screen.shows('User:alice may READ TOPIC orders');
  await rig.screen.shows('by ALLOW READ on LITERAL TOPIC orders for User:alice from *');
});

test('without an authorizer that is said, not an empty list', async () => {
  const world = new ScriptedWorld();
  world.acls = null;
  await using rig = await looksAt(world, 'ac');
  await rig.screen.shows('These brokers have no authorizer: all may do everything.');
});

test('quotas with their units', async () => {
  const world = new ScriptedWorld();
  world.quotas = [
    {
      entity: [
        { type: 'user', name: 'alice' },
        { type: 'client-id', name: null },
      ],
      limits: [
        { key: 'producer_byte_rate', value: 1_048_576 },
        { key: 'request_percentage', value: 12.5 },
      ],
    },
  ];
  await using rig = await looksAt(world, 'quotas');
  await rig.screen.shows(
    /user alice, client-id \(default\) +producer_byte_rate +\S+ MB\/s|user alice, client-id \(default\) +producer_byte_rate +1\.\d* \S+\/s/,
  );
  await rig.screen.shows('12.5 % of a thread');
});

test('no quotas', async () => {
  await using rig = await looksAt(new ScriptedWorld(), 'quotas');
  await rig.screen.shows('There are no quotas: nobody is slowed down.');
});
