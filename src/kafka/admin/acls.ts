/** Who may do what. Names as Kafka prints them (`TOPIC`, `LITERAL`, `READ`, `ALLOW`). */
import type { ClusterLink } from '../cluster-link.ts';
import type { AclBinding } from '../contract.ts';
import { describeAclsMessage } from '../wire/messages/describe-acls.ts';
import { reading, throwIfRefused } from './admin-call.ts';

const RESOURCE_TYPES = ['UNKNOWN', 'ANY', 'TOPIC', 'GROUP', 'CLUSTER', 'TRANSACTIONAL_ID', 'DELEGATION_TOKEN', 'USER'];
const PATTERN_TYPES = ['UNKNOWN', 'ANY', 'MATCH', 'LITERAL', 'PREFIXED'];
const OPERATIONS = [
  'UNKNOWN',
  'ANY',
  'ALL',
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'CLUSTER_ACTION',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'IDEMPOTENT_WRITE',
  'CREATE_TOKENS',
  'DESCRIBE_TOKENS',
  'TWO_PHASE_COMMIT',
];
const PERMISSIONS = ['UNKNOWN', 'ANY', 'DENY', 'ALLOW'];
const ANY = 1;

/** All bindings. Rejects with SECURITY_DISABLED where the brokers have no authorizer. */
export async function describeAcls(link: ClusterLink): Promise<AclBinding[]> {
  const filter = {
    resourceTypeFilter: ANY,
    resourceNameFilter: null,
    patternTypeFilter: ANY,
    principalFilter: null,
    hostFilter: null,
    operation: ANY,
    permissionType: ANY,
  };
  const reply = await link.request(
    'any',
    describeAclsMessage,
    filter,
    ({ errorCode, errorMessage }) => throwIfRefused([{ errorCode, errorMessage, subject: 'ACLs' }]),
    reading(link),
  );
  return reply.resources.flatMap(({ resourceType, resourceName, patternType, acls }) =>
    acls.map(({ principal, host, operation, permissionType }) => ({
      resourceType: nameIn(RESOURCE_TYPES, resourceType),
      resourceName,
      patternType: nameIn(PATTERN_TYPES, patternType),
      principal,
      host,
      operation: nameIn(OPERATIONS, operation),
      permission: nameIn(PERMISSIONS, permissionType),
    })),
  );
}

/** A code that is not known here (a newer broker) keeps its number. */
function nameIn(names: readonly string[], code: number): string {
  return names[code] ?? `UNKNOWN(${code})`;
}
