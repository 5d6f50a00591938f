/** What the cluster has switched on, and what a broker could do: the nearest that the protocol has to a version number. */
import type { ClusterLink } from '../cluster-link.ts';
import { CLIENT_SOFTWARE } from '../connection.ts';
import type { Features } from '../contract.ts';
import { apiVersionsMessage } from '../wire/messages/api-versions.ts';
import { reading, throwIfRefused } from './admin-call.ts';

/** Both lists are empty before Kafka 2.7. */
export async function describeFeatures(link: ClusterLink, target: number | 'any'): Promise<Features> {
  const reply = await link.send(target, apiVersionsMessage, CLIENT_SOFTWARE, reading(link));
  throwIfRefused([{ errorCode: reply.errorCode, subject: 'features of the cluster' }]);
  return {
    finalized: (reply.finalizedFeatures ?? []).map(({ name, maxVersionLevel }) => ({ name, level: maxVersionLevel })),
    supported: (reply.supportedFeatures ?? []).map(({ name, minVersion, maxVersion }) => ({ name, min: minVersion, max: maxVersion })),
  };
}
