/** Which ACLs are copied, and what becomes of them. Source: org.apache.kafka.connect.mirror.MirrorSourceConnector.syncTopicAcls. */
import type { AclBinding } from '../../../../kafka/contract.ts';

/** ACLs for the target, from all of the source: who may read a topic may read its copy, nobody but the connector writes it. */
export function aclsOfCopies(
  bindings: readonly AclBinding[],
  isCopied: (topic: string) => boolean,
  remoteTopic: (topic: string) => string,
): AclBinding[] {
  return bindings
    .filter(({ resourceType, patternType }) => resourceType === 'TOPIC' && patternType === 'LITERAL')
    .filter(({ permission, operation }) => !(permission === 'ALLOW' && operation === 'WRITE'))
    .filter(({ resourceName }) => isCopied(resourceName))
    .map((binding) => {
      const isAll = binding.permission === 'ALLOW' && binding.operation === 'ALL';
      return { ...binding, resourceName: remoteTopic(binding.resourceName), operation: isAll ? 'READ' : binding.operation };
    });
}
