/** Fencing of transactional producers (Admin.fenceProducers): the next epoch of their ids is taken and thrown away. */
import { inParallel } from '../../base/in-parallel.ts';
import type { ClusterLink } from '../cluster-link.ts';
import { toKafkaError } from '../kafka-error.ts';
import { initProducer } from '../producer/transaction-requests.ts';
import { changing, type Refusal, throwIfRefused } from './admin-call.ts';

/** Ids that are taken over at the same time. */
const AT_ONCE = 10;

export async function fenceProducers(link: ClusterLink, transactionalIds: readonly string[]): Promise<void> {
  const { totalMs = link.options.defaultApiTimeoutMs } = changing(link);
  const refused: Refusal[] = [];
  await inParallel(transactionalIds, AT_ONCE, async (transactionalId) => {
    try {
      await initProducer({ link, transactionalId, totalMs }, link.options.requestTimeoutMs);
    } catch (error) {
      const { code, message } = toKafkaError(error, 'fencing');
      refused.push({ errorCode: code, subject: `fencing of transactional.id "${transactionalId}"`, errorMessage: message });
    }
  });
  throwIfRefused(refused);
}
