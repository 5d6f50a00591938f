/** Groups, ACLs and quotas of the scripted world, as its admin tells and changes them. */
import type { Admin, GroupDescription, GroupMemberInfo } from '../../src/kafka/contract.ts';
import { KafkaError } from '../../src/kafka/kafka-error.ts';
import type { ScriptedWorld } from './scripted-world.ts';
import { START_MS } from './worlds.ts';

export interface ScriptedGroup {
  state: string;
  offsets: Array<{ topic: string; partition: number; offset: bigint }>;
  clientId: string;
  /** Default `classic`. */
  type?: string;
  /** Default `consumer`. */
  protocolType?: string;
  /** Default `range`. */
  protocol?: string;
  /** What members say in their own bytes, in place of the one member. */
  told?: ReadonlyArray<Pick<GroupMemberInfo, 'memberId' | 'host' | 'rawMetadata' | 'rawAssignment'>>;
  /** Assigned besides what has been committed. */
  uncommitted?: Array<{ topic: string; partition: number }>;
}

type Read = <T>(value: () => T) => Promise<T>;
type GroupPart = Pick<
  Admin,
  | 'groups'
  | 'describeGroups'
  | 'groupOffsets'
  | 'offsetsOfGroups'
  | 'offsetsOfShareGroups'
  | 'alterGroupOffsets'
  | 'alterShareGroupOffsets'
  | 'deleteGroupOffsets'
  | 'deleteShareGroupOffsets'
  | 'deleteGroups'
  | 'recordTimes'
  | 'acls'
  | 'createAcls'
  | 'quotas'
>;

/** A record is written each second, the last one when the test began. */
const RECORD_MS = 1_000;

export function groupAdmin(world: ScriptedWorld, read: Read): GroupPart {
  const offsetsOf = (ids: readonly string[]) =>
    read(() => ids.map((groupId) => ({ groupId, offsets: world.groups.get(groupId)?.offsets ?? [], error: null })));
  const set = (groupId: string, offsets: ScriptedGroup['offsets']) =>
    read(() => {
      world.calls.push(`commit ${groupId} ${offsets.map((one) => `${one.topic} ${one.partition} ${one.offset}`).join(', ')}`);
      const group = world.groups.get(groupId);
      if (!group) return;
      refuseMembers(group, 'UNKNOWN_MEMBER_ID');
      const rest = group.offsets.filter((old) => !offsets.some((one) => isSame(one, old)));
      group.offsets = [...rest, ...offsets];
    });
  return {
    groups: () =>
      read(() =>
        [...world.groups].map(([groupId, { state, type = 'classic', protocolType = 'consumer' }]) => ({
          groupId,
          protocolType,
          state,
          groupType: type,
        })),
      ),
    describeGroups: (ids) => read(() => ids.flatMap((id) => describe(world, id))),
    groupOffsets: (id) => read(() => (world.groups.get(id)?.offsets ?? []).map((one) => ({ ...one, metadata: '' }))),
    offsetsOfGroups: offsetsOf,
    offsetsOfShareGroups: offsetsOf,
    alterGroupOffsets: (id, offsets) => set(id, [...offsets]),
    alterShareGroupOffsets: (id, offsets) => set(id, [...offsets]),
    deleteGroupOffsets: (id, partitions) =>
      read(() => {
        world.calls.push(`delete offsets ${id} ${partitions.map((one) => `${one.topic} ${one.partition}`).join(', ')}`);
        const group = world.groups.get(id);
        if (group) group.offsets = group.offsets.filter((old) => !partitions.some((one) => isSame(one, old)));
      }),
    deleteShareGroupOffsets: (id, topics) =>
      read(() => {
        world.calls.push(`delete offsets ${id} ${topics.join(', ')}`);
        const group = world.groups.get(id);
        if (group) group.offsets = group.offsets.filter((old) => !topics.includes(old.topic));
      }),
    deleteGroups: (ids) =>
      read(() => {
        world.calls.push(`delete group ${ids.join(', ')}`);
        for (const id of ids) {
          refuseMembers(world.groups.get(id), 'NON_EMPTY_GROUP');
          world.groups.delete(id);
        }
      }),
    recordTimes: (places) =>
      read(() =>
        places.map((place) => {
          const end = world.topics.find((one) => one.name === place.topic)?.partitions[place.partition]?.end ?? 0n;
          const timestampMs = place.offset < end ? START_MS - Number(end - 1n - place.offset) * RECORD_MS : null;
          return { ...place, timestampMs, isExact: true, error: null };
        }),
      ),
    createAcls: async () => undefined,
    acls: () =>
      world.acls === null
        ? Promise.reject(new KafkaError('SECURITY_DISABLED', 'SECURITY_DISABLED: ACLs: No Authorizer is configured.'))
        : read(() => world.acls ?? []),
    quotas: () => read(() => world.quotas),
  };
}

function isSame(a: { topic: string; partition: number }, b: { topic: string; partition: number }): boolean {
  return a.topic === b.topic && a.partition === b.partition;
}

function refuseMembers(group: ScriptedGroup | undefined, kafkaName: string): void {
  if (group?.state === 'Stable') throw new KafkaError(kafkaName, `${kafkaName}: the group has members`);
}

function describe(world: ScriptedWorld, id: string): GroupDescription[] {
  const group = world.groups.get(id);
  if (!group) return [];
  const { type = 'classic', protocolType = 'consumer', protocol = 'range', told = null, uncommitted = [], clientId, state } = group;
  const assignment = [...group.offsets, ...uncommitted].map(({ topic, partition }) => ({ topic, partition }));
  const isClassic = type === 'classic';
  const member = {
    memberId: `${clientId}-1`,
    clientId,
    host: '/10.0.0.12',
    instanceId: null,
    rackId: null,
    epoch: isClassic ? null : 3,
    subscribedTopics: [...new Set(assignment.map((one) => one.topic))],
    subscribedRegex: null,
    assignment,
    targetAssignment: isClassic || type === 'share' ? null : assignment,
    rawAssignment: Buffer.alloc(0),
    rawMetadata: Buffer.alloc(0),
  };
  return [
    {
      groupId: id,
      groupType: type,
      state,
      protocolType,
      protocol,
      epoch: isClassic ? null : 3,
      assignmentEpoch: isClassic ? null : 3,
      coordinator: 1,
      error: null,
      members: state === 'Stable' ? (told?.map((one) => ({ ...member, ...one })) ?? [member]) : [],
    },
  ];
}
