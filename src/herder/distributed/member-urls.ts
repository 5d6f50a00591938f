/** Where the workers of a group are reached, whoever leads it: the brokers tell what each has said when it joined. */
import { decodeWorkerMetadata } from '../../kafka/connect-protocol.ts';
import type { Admin } from '../../kafka/contract.ts';
import { KafkaProtocolError } from '../../kafka/kafka-error.ts';

/** Each ends in `/`; empty while a round goes on. Throws KafkaError. */
export async function readMemberUrls(admin: Pick<Admin, 'describeGroups'>, groupId: string): Promise<string[]> {
  const [group] = await admin.describeGroups([groupId]);
  if (group?.error) throw group.error;
  return (group?.members ?? []).flatMap(({ rawMetadata }) => {
    try {
      return decodeWorkerMetadata(rawMetadata).url;
    } catch (error) {
      if (error instanceof KafkaProtocolError) return [];
      throw error;
    }
  });
}
