/** Coordinators of many groups with one question (KIP-699), where the broker knows that. */
import type { ClusterLink } from '../cluster-link.ts';
import { KafkaError, kafkaErrorOf, toKafkaError } from '../kafka-error.ts';
import { findCoordinatorMessage } from '../wire/messages/find-coordinator.ts';
import { reading } from './admin-call.ts';

/** First version with several keys. */
const BATCH_VERSION = 4;
const GROUP = 0;

export type Coordinator = { readonly nodeId: number; readonly error: null } | { readonly nodeId: null; readonly error: KafkaError };

/** One answer a group; never rejects. */
export async function findCoordinators(link: ClusterLink, groupIds: readonly string[]): Promise<Map<string, Coordinator>> {
  const found = new Map<string, Coordinator>();
  if (groupIds.length === 0) return found;
  try {
    const reply = await link.send('any', findCoordinatorMessage, (version) => batchBody(version, groupIds), reading(link));
    for (const { key, nodeId, errorCode, errorMessage } of reply.coordinators) {
      if (errorCode === 0) found.set(key, { nodeId, error: null });
      else found.set(key, { nodeId: null, error: kafkaErrorOf(errorCode, `coordinator of group "${key}"`, errorMessage) });
    }
  } catch (error) {
    const fault = toKafkaError(error, 'coordinators');
    if (fault.kafkaName === 'UNSUPPORTED_VERSION') return findOneByOne(link, groupIds);
    for (const groupId of groupIds) found.set(groupId, { nodeId: null, error: fault });
  }
  return found;
}

function batchBody(version: number, coordinatorKeys: readonly string[]) {
  if (version < BATCH_VERSION) throw new KafkaError('UNSUPPORTED_VERSION', 'this broker finds one coordinator a request');
  return { key: '', keyType: GROUP, coordinatorKeys };
}

async function findOneByOne(link: ClusterLink, groupIds: readonly string[]): Promise<Map<string, Coordinator>> {
  const answers = await Promise.all(
    groupIds.map(async (coordinator): Promise<[string, Coordinator]> => {
      try {
        return [coordinator, { nodeId: await link.nodeOf({ coordinator }), error: null }];
      } catch (error) {
        return [coordinator, { nodeId: null, error: toKafkaError(error, `coordinator of group "${coordinator}"`) }];
      }
    }),
  );
  return new Map(answers);
}
