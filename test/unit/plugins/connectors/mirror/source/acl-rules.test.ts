/** Source: MirrorSourceConnectorTest (4.3): testAclFiltering, testAclTransformation. */
import { expect, test } from 'vitest';
import type { AclBinding } from '../../../../../../src/kafka/contract.ts';
import { aclsOfCopies } from '../../../../../../src/plugins/connectors/mirror/source/acl-rules.ts';

const acl = (resourceName: string, permission: string, operation: string, more: Partial<AclBinding> = {}): AclBinding => ({
  ...{ resourceType: 'TOPIC', resourceName, patternType: 'LITERAL', principal: 'User:u', host: '*', operation, permission },
  ...more,
});

const copies = (...bindings: AclBinding[]) =>
  aclsOfCopies(
    bindings,
    (topic) => topic !== 'private',
    (topic) => `A.${topic}`,
  ).map(({ resourceName, permission, operation }) => `${resourceName} ${permission} ${operation}`);

test('who may read a topic may read its copy', () => {
  expect(copies(acl('t', 'ALLOW', 'READ'), acl('t', 'ALLOW', 'DESCRIBE'))).toEqual(['A.t ALLOW READ', 'A.t ALLOW DESCRIBE']);
});

test('nobody is allowed to write the copy, and all rights become those to read', () => {
  expect(copies(acl('t', 'ALLOW', 'WRITE'), acl('t', 'ALLOW', 'ALL'))).toEqual(['A.t ALLOW READ']);
});

test('what is denied stays so', () => {
  expect(copies(acl('t', 'DENY', 'WRITE'), acl('t', 'DENY', 'ALL'))).toEqual(['A.t DENY WRITE', 'A.t DENY ALL']);
});

test('only topics that are copied, named in full', () => {
  const others = [
    acl('private', 'ALLOW', 'READ'),
    acl('t', 'ALLOW', 'READ', { patternType: 'PREFIXED' }),
    acl('g', 'ALLOW', 'READ', { resourceType: 'GROUP' }),
  ];
  expect(copies(...others, acl('*', 'ALLOW', 'READ'))).toEqual(['A.* ALLOW READ']);
});
