/** All groups of the cluster: every broker lists those that it coordinates. */
import type { ClusterLink } from '../cluster-link.ts';
import type { GroupListing } from '../contract.ts';
import { type KafkaError, toKafkaError } from '../kafka-error.ts';
import { listGroupsMessage } from '../wire/messages/list-groups.ts';
import { reading, throwIfRefused } from './admin-call.ts';

/** Sorted by id. Rejects only when no broker answers; one that does not is told to `onBrokerFault`, its groups are missing then. */
export async function listGroups(link: ClusterLink, onBrokerFault?: (brokerId: number, error: Error) => void): Promise<GroupListing[]> {
  const brokers = await link.brokers();
  const groups = new Map<string, GroupListing>();
  const faults: KafkaError[] = [];
  await Promise.all(
    brokers.map(async ({ id }) => {
      try {
        for (const group of await listAt(link, id)) groups.set(group.groupId, group);
      } catch (error) {
        const fault = toKafkaError(error, `groups of ${link.describe(id)}`);
        faults.push(fault);
        link.log.debug(fault.message);
        onBrokerFault?.(id, fault);
      }
    }),
  );
  const [first] = faults;
  if (first && faults.length === brokers.length) throw first;
  return [...groups.values()].sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
}

async function listAt(link: ClusterLink, brokerId: number): Promise<GroupListing[]> {
  const subject = `groups of ${link.describe(brokerId)}`;
  const reply = await link.send(brokerId, listGroupsMessage, {}, reading(link));
  throwIfRefused([{ errorCode: reply.errorCode, subject }]);
  return reply.groups.map(({ groupId, protocolType, groupState, groupType }) => ({
    groupId,
    protocolType,
    state: groupState,
    groupType: groupType || 'classic',
  }));
}
