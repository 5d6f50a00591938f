/** Whether somebody may do something, from the bindings alone: as Apache Kafka's own authorizer decides, without what only brokers know. Pure. */
import type { AclBinding } from '../kafka/contract.ts';

export interface AclQuestion {
  /** `User:alice`. */
  readonly principal: string;
  readonly operation: string;
  readonly resourceType: string;
  readonly resourceName: string;
  /** `null`: from wherever. */
  readonly host: string | null;
}

export interface AclVerdict {
  readonly isAllowed: boolean;
  /** What decided; `null`: nothing speaks of it. */
  readonly by: AclBinding | null;
}

/** Rights that others bring with them. */
const IMPLIED_BY: Readonly<Record<string, readonly string[]>> = {
  DESCRIBE: ['READ', 'WRITE', 'DELETE', 'ALTER'],
  DESCRIBE_CONFIGS: ['ALTER_CONFIGS'],
};

/** A denial beats every permission. */
export function checkAcl(bindings: readonly AclBinding[], question: AclQuestion): AclVerdict {
  const concerning = bindings.filter((one) => isAbout(one, question));
  const denial = concerning.find((one) => one.permission === 'DENY' && isOperation(one, [question.operation]));
  if (denial) return { isAllowed: false, by: denial };
  const sufficient = [question.operation, ...(IMPLIED_BY[question.operation] ?? [])];
  const by = concerning.find((one) => one.permission === 'ALLOW' && isOperation(one, sufficient)) ?? null;
  return { isAllowed: by !== null, by };
}

function isAbout(binding: AclBinding, { principal, resourceType, resourceName, host }: AclQuestion): boolean {
  if (binding.resourceType !== resourceType || !(binding.principal === principal || binding.principal === 'User:*')) return false;
  // Asked without a host, a denial for one host alone decides nothing, nor does a permission.
  if (binding.host !== '*' && binding.host !== host) return false;
  if (binding.patternType === 'PREFIXED') return resourceName.startsWith(binding.resourceName);
  return binding.resourceName === resourceName || binding.resourceName === '*';
}

function isOperation(binding: AclBinding, operations: readonly string[]): boolean {
  return binding.operation === 'ALL' || operations.includes(binding.operation);
}
