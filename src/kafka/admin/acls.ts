/** Who may do what. Names as Kafka prints them (`TOPIC`, `LITERAL`, `READ`, `ALLOW`). */
import type { ClusterLink } from '../cluster-link.ts';
import type { AclBinding } from '../contract.ts';
import { KafkaError } from '../kafka-error.ts';
import { createAclsMessage } from '../wire/messages/create-acls.ts';
import { describeAclsMessage } from '../wire/messages/describe-acls.ts';
import { changing, reading, throwIfPassing, throwIfRefused } from './admin-call.ts';

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

/** Rejects with what was refused; the others are made all the same. SECURITY_DISABLED where the brokers have no authorizer. */
export async function createAcls(link: ClusterLink, bindings: readonly AclBinding[]): Promise<void> {
  if (bindings.length === 0) return;
  const creations = bindings.map((binding) => ({
    resourceType: codeIn(RESOURCE_TYPES, binding.resourceType),
    resourceName: binding.resourceName,
    resourcePatternType: codeIn(PATTERN_TYPES, binding.patternType),
    principal: binding.principal,
    host: binding.host,
    operation: codeIn(OPERATIONS, binding.operation),
    permissionType: codeIn(PERMISSIONS, binding.permission),
  }));
  const refusals = (results: ReadonlyArray<{ readonly errorCode: number; readonly errorMessage: string | null }>) =>
    results.map((one, i) => ({ ...one, subject: subjectOf(bindings[i]) }));
  const reply = await link.request(
    'any',
    createAclsMessage,
    { creations },
    ({ results }) => throwIfPassing(refusals(results)),
    changing(link),
  );
  throwIfRefused(refusals(reply.results));
}

function subjectOf(binding: AclBinding | undefined): string {
  if (!binding) return 'an ACL';
  const { permission, operation, principal, host, resourceType, resourceName } = binding;
  return `ACL ${permission} ${operation} of ${principal} from ${host} on ${resourceType} "${resourceName}"`;
}

function codeIn(names: readonly string[], name: string): number {
  const code = names.indexOf(name);
  if (code < 0) throw new KafkaError('INVALID_REQUEST', `"${name}" is none of ${names.slice(2).join(', ')}`);
  return code;
}

/** A code that is not known here (a newer broker) keeps its number. */
function nameIn(names: readonly string[], code: number): string {
  return names[code] ?? `UNKNOWN(${code})`;
}
