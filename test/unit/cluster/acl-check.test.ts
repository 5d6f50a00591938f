/** What ACLs say of one right: denials first, wildcards, prefixes, rights that others bring with them. */
import { expect, test } from 'vitest';
import { checkAcl } from '../../../src/cluster/acl-check.ts';
import type { AclBinding } from '../../../src/kafka/contract.ts';
import { parseCan } from '../../../src/keymap/access-commands.ts';

const acl = (more: Partial<AclBinding>): AclBinding => ({
  resourceType: 'TOPIC',
  resourceName: 'orders',
  patternType: 'LITERAL',
  principal: 'User:alice',
  host: '*',
  operation: 'READ',
  permission: 'ALLOW',
  ...more,
});

function can(bindings: readonly AclBinding[], text: string): boolean {
  const question = parseCan(text.split(' '));
  if (typeof question === 'string') throw new Error(question);
  return checkAcl(bindings, question).isAllowed;
}

test.each<[bindings: Partial<AclBinding>[], question: string, isAllowed: boolean]>([
  [[], 'alice read topic orders', false],
  [[{}], 'alice read topic orders', true],
  [[{}], 'User:alice READ TOPIC orders', true],
  [[{}], 'alice write topic orders', false],
  [[{}], 'alice describe topic orders', true],
  [[{}], 'bob read topic orders', false],
  [[{}], 'alice read group orders', false],
  [[{ principal: 'User:*' }], 'bob read topic orders', true],
  [[{ resourceName: '*' }], 'alice read topic anything', true],
  [[{ resourceName: 'ord', patternType: 'PREFIXED' }], 'alice read topic orders', true],
  [[{ resourceName: 'ord' }], 'alice read topic orders', false],
  [[{ operation: 'ALL' }], 'alice alter-configs topic orders', true],
  [[{}, { permission: 'DENY', principal: 'User:*', operation: 'ALL' }], 'alice read topic orders', false],
  [[{ host: '10.0.0.1' }], 'alice read topic orders', false],
  [[{ host: '10.0.0.1' }], 'alice read topic orders from 10.0.0.1', true],
  [[{ resourceType: 'CLUSTER', resourceName: 'kafka-cluster', operation: 'ALTER' }], 'alice alter cluster', true],
])('%j: %s', (bindings, question, isAllowed) => {
  expect(can(bindings.map(acl), question)).toBe(isAllowed);
});

test('a question that cannot be understood says how to ask', () => {
  for (const text of ['alice', 'alice read topic', 'alice read topic orders 10.0.0.1', 'alice read topic orders from'])
    expect(parseCan(text.split(' ')), text).toMatch(/^:can User:NAME/);
});
