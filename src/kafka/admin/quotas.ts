/** All quotas of users, clients and addresses. */
import type { ClusterLink } from '../cluster-link.ts';
import type { ClientQuota } from '../contract.ts';
import { describeClientQuotasMessage } from '../wire/messages/describe-client-quotas.ts';
import { reading, throwIfRefused } from './admin-call.ts';

export async function describeQuotas(link: ClusterLink): Promise<ClientQuota[]> {
  const reply = await link.request(
    'any',
    describeClientQuotasMessage,
    { components: [], strict: false },
    ({ errorCode, errorMessage }) => throwIfRefused([{ errorCode, errorMessage, subject: 'quotas' }]),
    reading(link),
  );
  return (reply.entries ?? []).map(({ entity, values }) => ({
    entity: entity.map(({ entityType, entityName }) => ({ type: entityType, name: entityName })),
    limits: values.map(({ key, value }) => ({ key, value })),
  }));
}
