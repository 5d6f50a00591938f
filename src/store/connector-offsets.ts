/** A connector's offsets as the wizard changes them: read through the worker, bounds and times through Kafka; stop → change → as it was. */
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import { fetchOffsets } from '../cluster/progress.ts';
import type { Herder } from '../herder/herder.ts';
import type { ConnectorOffset, ConnectorStateInfo } from '../herder/model.ts';
import type { Admin } from '../kafka/contract.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { ConnectorRow } from './connect-model.ts';
import { pathOf } from './connector-steps.ts';
import { type OffsetFacts, partitionLabel, sinkPartition } from './offset-plan.ts';
import type { OffsetTarget, OffsetWork } from './offset-target.ts';

const STOP_TIMEOUT_MS = 60_000;
const CHANGE_TIMEOUT_MS = 30_000;
const RESUME_TIMEOUT_MS = 30_000;
const LOOK_MS = 250;

export interface ConnectorOffsetsOptions {
  readonly herder: Herder;
  /** `null`: Kafka cannot be asked from here. */
  readonly admin: Admin | null;
  readonly clock: Clock;
  /** As it is known now; `null` once it is gone. */
  row(): ConnectorRow | null;
}

export function connectorTarget(name: string, options: ConnectorOffsetsOptions): OffsetTarget {
  const { herder, admin, clock } = options;
  const kind = options.row()?.type === 'sink' ? 'sink' : 'source';
  return {
    name,
    kind,
    action: 'connector.offsets-reset',
    readFacts: async () => {
      const { offsets } = await herder.connectorOffsets(name);
      if (kind === 'sink') return sinkFacts(offsets, options.row()?.partitions ?? [], admin);
      return offsets.flatMap(({ partition, offset }) => (partition ? [{ partition, offset, earliest: null, end: null }] : []));
    },
    offsetsAt: (facts, timestampMs) => offsetsAtTime(admin, facts, timestampMs),
    isMoving: () => options.row()?.state === 'RUNNING',
    work: () => new ConnectorWork(name, herder, clock),
  };
}

/** Of partitions with committed offsets, and of `places`, which may never have been committed. */
export async function sinkFacts(
  offsets: readonly ConnectorOffset[],
  places: readonly TopicPartition[],
  admin: Admin | null,
): Promise<OffsetFacts[]> {
  const known = new Map(
    offsets.flatMap(({ partition, offset }) => (partition ? [[partitionLabel(partition), { partition, offset }] as const] : [])),
  );
  for (const place of places) {
    const partition = sinkPartition(place);
    if (!known.has(partitionLabel(partition))) known.set(partitionLabel(partition), { partition, offset: null });
  }
  const all = [...known.values()];
  const [first, end] = admin
    ? await Promise.all([fetchOffsets(admin, all.map(placeOf), 'earliest'), fetchOffsets(admin, all.map(placeOf), 'latest')])
    : [new Map<string, bigint>(), new Map<string, bigint>()];
  return all.map((one) => {
    const { topic, partition } = placeOf(one);
    const key = `${topic} ${partition}`;
    return { partition: one.partition, offset: one.offset, earliest: first.get(key) ?? null, end: end.get(key) ?? null };
  });
}

function placeOf({ partition }: Pick<OffsetFacts, 'partition'>): TopicPartition {
  return { topic: String(partition.kafka_topic), partition: Number(partition.kafka_partition) };
}

export async function offsetsAtTime(
  admin: Admin | null,
  facts: readonly OffsetFacts[],
  timestampMs: number,
): Promise<ReadonlyMap<string, bigint>> {
  if (!admin) throw new Error('Kafka is not reachable from here: times cannot be looked up');
  const found = await fetchOffsets(admin, facts.map(placeOf), { timestampMs });
  // Kafka answers −1 where nothing is that new: the end then.
  return new Map([...found].filter(([, offset]) => offset >= 0n).map(([key, offset]) => [key.replace(/ (\d+)$/, ' p$1'), offset]));
}

class ConnectorWork implements OffsetWork {
  readonly first = 'stop';
  readonly last = 'resume';
  readonly #name: string;
  readonly #herder: Herder;
  readonly #clock: Clock;
  #before = 'RUNNING';

  constructor(name: string, herder: Herder, clock: Clock) {
    this.#name = name;
    this.#herder = herder;
    this.#clock = clock;
  }

  get notBegun(): string {
    return `Look at the state of ${this.#name}: u resumes it should it be STOPPED.`;
  }

  get leftOpen(): string {
    return `${this.#name} stays STOPPED: look at its offsets, then resume it (u)`;
  }

  request(isReset: boolean): string {
    return `${isReset ? 'DELETE' : 'PATCH'} ${pathOf(this.#name, '/offsets')}`;
  }

  async begin(): Promise<string> {
    this.#before = (await this.#herder.connectorStatus(this.#name)).connector.state;
    const wasStopped = this.#before === 'STOPPED';
    if (!wasStopped) await this.#herder.stopConnector(this.#name);
    await this.#until(STOP_TIMEOUT_MS, (status) => status.connector.state === 'STOPPED' && status.tasks.length === 0);
    return wasStopped ? 'was STOPPED' : 'STOPPED';
  }

  async read(): Promise<readonly ConnectorOffset[]> {
    return (await this.#herder.connectorOffsets(this.#name)).offsets;
  }

  /** Tasks and group members may need a moment after the status says STOPPED: refusals for that reason are tried again. */
  async apply(changes: readonly ConnectorOffset[], isReset: boolean): Promise<string> {
    const untilMs = this.#clock.monoMs() + CHANGE_TIMEOUT_MS;
    for (;;) {
      try {
        const answer = isReset
          ? await this.#herder.resetConnectorOffsets(this.#name)
          : await this.#herder.alterConnectorOffsets(this.#name, changes);
        return answer.message;
      } catch (error) {
        const isBusy = /not empty|still active|zombie|non-empty|UNKNOWN_MEMBER|STOPPED state|currently active|group.*active/i.test(
          messageOf(error),
        );
        if (!isBusy || this.#clock.monoMs() > untilMs) throw error;
        await this.#clock.sleep(LOOK_MS * 2);
      }
    }
  }

  async end(): Promise<string> {
    if (this.#before === 'STOPPED') return 'STOPPED as before';
    if (this.#before === 'PAUSED') {
      await this.#herder.pauseConnector(this.#name);
      await this.#until(RESUME_TIMEOUT_MS, (status) => status.connector.state === 'PAUSED');
      return 'PAUSED as before';
    }
    await this.#herder.resumeConnector(this.#name);
    await this.#until(
      RESUME_TIMEOUT_MS,
      (status) => status.connector.state !== 'STOPPED' && (status.tasks.length > 0 || status.connector.state === 'FAILED'),
    );
    return `${(await this.#herder.connectorStatus(this.#name)).connector.state} again`;
  }

  async #until(timeoutMs: number, isReached: (status: ConnectorStateInfo) => boolean): Promise<void> {
    const untilMs = this.#clock.monoMs() + timeoutMs;
    for (;;) {
      const status = await this.#herder.connectorStatus(this.#name);
      if (isReached(status)) return;
      if (this.#clock.monoMs() > untilMs)
        throw new Error(`it is ${status.connector.state} with ${plural(status.tasks.length, 'task')} after ${timeoutMs / 1000} s`);
      await this.#clock.sleep(LOOK_MS);
    }
  }
}
