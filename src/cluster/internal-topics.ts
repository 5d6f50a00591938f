/** Topics that Kafka and its kin keep for themselves: Kafka names its own; others follow a custom. */
import type { TopicInfo } from '../kafka/contract.ts';

/** `__consumer_offsets`, `_schemas`, `mm2-offsets.us.internal`, changelogs of streams. */
const CUSTOM = /^_|\.internal$|-(?:changelog|repartition)$/;

export function isInternalTopic({ name, isInternal }: Pick<TopicInfo, 'name' | 'isInternal'>): boolean {
  return isInternal || CUSTOM.test(name);
}
