/** A member of a group without a broker: the test says what the coordinator does. */
import type { GroupMember, GroupMemberOptions, Kafka } from '../../src/kafka/contract.ts';
import { KafkaError } from '../../src/kafka/kafka-error.ts';

export class ScriptedMember implements GroupMember {
  readonly options: GroupMemberOptions;
  /** Reasons of the rounds that were asked for. */
  readonly rejoins: string[] = [];
  memberId = '';
  generation = -1;
  isStable = false;
  isOverdue = false;
  isEnded = false;
  isStarted = false;
  leftBecause: string | null = null;
  readonly #listeners: Array<(error: Error) => void> = [];

  constructor(options: GroupMemberOptions) {
    this.options = options;
  }

  async start(): Promise<void> {
    this.isStarted = true;
  }

  onError(listener: (error: Error) => void): void {
    this.#listeners.push(listener);
  }

  requestRejoin(reason: string): void {
    this.rejoins.push(reason);
    this.isStable = false;
  }

  async commitOffsets(): Promise<void> {}

  async committedOffsets(): Promise<Map<string, bigint | null>> {
    return new Map();
  }

  async leave(reason = ''): Promise<void> {
    this.isEnded = true;
    this.isStable = false;
    this.generation = -1;
    this.leftBecause ??= reason;
  }

  /** A round begins, as the coordinator's answer to a heartbeat does it. */
  async prepare(): Promise<void> {
    this.isStable = false;
    await this.options.onJoinPrepare(this.generation, this.memberId);
  }

  /** What the member offers now, by name. */
  offered(): Map<string, Buffer> {
    return new Map(this.options.protocols().map(({ name, metadata }) => [name, metadata]));
  }

  /** The rest of a round. `joined`: its members with their metadata, when this one leads. */
  async lead(
    generation: number,
    protocol: string,
    joined: ReadonlyArray<{ readonly memberId: string; readonly metadata: Buffer }>,
  ): Promise<ReadonlyMap<string, Buffer>> {
    this.generation = generation;
    const members = joined.map((one) => ({ ...one, groupInstanceId: null }));
    return this.options.assign(protocol, members, generation);
  }

  assigned(bytes: Buffer, facts: { readonly generation: number; readonly leaderId: string; readonly protocol?: string }): Promise<void> {
    this.generation = facts.generation;
    this.isStable = true;
    return this.options.onAssigned(bytes, { protocol: 'sessioned', memberId: this.memberId, ...facts });
  }

  lose(silentMs: number, kafkaName = 'UNKNOWN_MEMBER_ID'): Promise<void> {
    this.generation = -1;
    this.memberId = '';
    this.isStable = false;
    return this.options.onLost(new KafkaError(kafkaName, `${kafkaName}: heartbeat of group "g"`), silentMs);
  }

  async fail(kafkaName: string): Promise<void> {
    const wasMember = this.generation >= 0;
    await this.leave();
    const fault = new KafkaError(kafkaName, `${kafkaName}: join of group "g"`);
    if (wasMember) await this.options.onLost(fault, 0);
    for (const listener of this.#listeners) listener(fault);
  }
}

/** `members`: all that were made, in order. */
export function scriptedMembers(): { readonly kafka: Pick<Kafka, 'groupMember'>; readonly members: ScriptedMember[] } {
  const members: ScriptedMember[] = [];
  return {
    members,
    kafka: {
      groupMember: (options) => {
        const member = new ScriptedMember(options);
        member.memberId = `m${members.length + 1}`;
        members.push(member);
        return member;
      },
    },
  };
}
