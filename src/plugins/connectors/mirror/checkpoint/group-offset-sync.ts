/**
 * Commits translated offsets for the groups on the target cluster, while they have no members there. A group is never moved back, neither by its own
 * rewind upstream nor by a translation that is less exact than what it has. Source: org.apache.kafka.connect.mirror.MirrorCheckpointTask
 * (refreshIdleConsumerGroupOffset, syncGroupOffset; KIP-545).
 *
 * The original asks for the state of groups at one time and writes an interval later; who was not asked for, or could not be, is written to blindly.
 * Here each pass asks first, and writes only where it has been told what is there.
 */
import type { Log } from '../../../../base/log.ts';
import type { Admin, GroupDescription } from '../../../../kafka/contract.ts';
import { KafkaError, toKafkaError } from '../../../../kafka/kafka-error.ts';
import { partitionKey } from '../../../../kafka/partition-key.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { CheckpointFigures } from './figures.ts';

export interface GroupOffsetSyncParts {
  /** Of the target cluster. */
  readonly admin: Pick<Admin, 'describeGroups' | 'offsetsOfGroups' | 'alterGroupOffsets'>;
  readonly targetAlias: string;
  readonly store: Pick<CheckpointStore, 'groups' | 'of'>;
  readonly figures: Pick<CheckpointFigures, 'synced'>;
  readonly log: Log;
  /** Ends a pass between two groups. */
  readonly signal: AbortSignal;
}

/** A broker's words for: somebody of the group is there, so that nobody from outside may commit for it. */
const ACTIVE = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID', 'STALE_MEMBER_EPOCH']);

const SHOWN_CLIENTS = 5;

/** One pass over all groups of which there is a checkpoint; never rejects. */
export async function syncGroupOffsets(parts: GroupOffsetSyncParts): Promise<void> {
  const { admin, store, signal } = parts;
  const groups = store.groups();
  if (groups.length === 0) return;
  const idle: string[] = [];
  for (const description of await admin.describeGroups(groups)) {
    if (isAbsent(description) || (description.error === null && description.state === 'Empty')) idle.push(description.groupId);
    else if (description.error !== null) tellFailed(parts, description.groupId, 'its state is not known', description.error);
    else tellActive(parts, description.groupId, activityOf(description));
  }
  for (const { groupId, offsets, error } of idle.length === 0 ? [] : await admin.offsetsOfGroups(idle)) {
    if (signal.aborted) return;
    if (error !== null) tellFailed(parts, groupId, 'its offsets there cannot be read', error);
    else await write(parts, groupId, new Map(offsets.map((one) => [partitionKey(one), one.offset])));
  }
}

/** Nobody has ever committed or joined. */
function isAbsent({ error, state }: GroupDescription): boolean {
  return error === 'GROUP_ID_NOT_FOUND' || (error === null && state === 'Dead');
}

async function write(parts: GroupOffsetSyncParts, group: string, there: ReadonlyMap<string, bigint>): Promise<void> {
  const { admin, store, figures, log, targetAlias } = parts;
  const ahead = store.of(group).filter((checkpoint) => checkpoint.downstreamOffset > (there.get(partitionKey(checkpoint)) ?? -1n));
  const offsets = ahead.map(({ topic, partition, downstreamOffset, metadata }) => ({
    topic,
    partition,
    offset: downstreamOffset,
    ...(metadata === '' ? {} : { metadata }),
  }));
  try {
    if (offsets.length > 0) await admin.alterGroupOffsets(group, offsets);
    figures.synced(group, 'in-step', offsets.length);
    if (offsets.length > 0) log.debug(`Group "${group}": ${offsets.length} offsets were moved on cluster "${targetAlias}".`);
  } catch (error) {
    const fault = toKafkaError(error, `offsets of group "${group}"`);
    if (ACTIVE.has(fault.kafkaName)) tellActive(parts, group, `it answers ${fault.kafkaName}`);
    else tellFailed(parts, group, 'its offsets there cannot be moved', fault);
  }
}

/** Once, until it is another state: an active group is how it should be after a move to the target cluster. */
function tellActive({ figures, log, targetAlias }: GroupOffsetSyncParts, group: string, how: string): void {
  if (figures.synced(group, 'active', 0) === 'active') return;
  log.warn(
    `Group "${group}" is in use on cluster "${targetAlias}" (${how}), so its offsets there are left as they are. ` +
      'They are kept in step again once it has no members: if it is to be read on the source cluster only, stop its consumers on the target.',
  );
}

function tellFailed(parts: GroupOffsetSyncParts, group: string, what: string, cause: KafkaError | string): void {
  const { figures, log, targetAlias } = parts;
  const error = cause instanceof KafkaError ? cause.message : cause;
  figures.synced(group, 'failed', 0, error);
  log.warn(
    `Group "${group}" is not in step on cluster "${targetAlias}": ${what}. ${error}. It is tried again with the next pass; ` +
      'where rights are missing, give those of target.admin READ and DESCRIBE on the group and on its topics.',
  );
}

function activityOf({ state, members }: GroupDescription): string {
  const clients = members.slice(0, SHOWN_CLIENTS).map(({ clientId, host }) => `${clientId} at ${host.replace(/^\//, '')}`);
  const more = members.length > SHOWN_CLIENTS ? [`and ${members.length - SHOWN_CLIENTS} more`] : [];
  return [state, ...clients, ...more].join(', ');
}
