/** Reading, altering and resetting the offsets of a connector (KIP-875). Source: Worker.{connectorOffsets,modifyConnectorOffsets}. */
import { RestError } from '../base/errors.ts';
import type { Admin } from '../kafka/contract.ts';
import type { Config } from '../plugin-api/plugin.ts';
import { checkPrimitive } from '../storage/offset/offset-json.ts';
import type { SourceOffsets } from '../storage/offset/source-offsets.ts';
import type { ConfigResolver } from '../worker/config-resolver.ts';
import type { ConnectorOfOffsets } from '../worker/offset-access.ts';
import { sinkGroupId } from '../worker/plugin-clients.ts';
import type { Worker } from '../worker/worker.ts';
import type { ConnectorOffset, ConnectorOffsets, Message, TargetState } from './model.ts';
import { alterSinkOffsets, parseSinkOffsets, readSinkOffsets, resetSinkOffsets } from './sink-offsets.ts';

export interface OffsetControlParts {
  /** Runs `work` on the offsets of a source connector (its configuration resolved), wherever they are. */
  withSourceOffsets<T>(connector: ConnectorOfOffsets, work: (offsets: SourceOffsets) => Promise<T>): Promise<T>;
  /** Before offsets of a source are changed: none of its earlier tasks may write any more. */
  fence?(connector: string): Promise<void>;
  readonly worker: Worker;
  readonly workerProperties: Readonly<Record<string, string>>;
  readonly resolver: ConfigResolver;
  /** An admin client with a connector's own settings (resolved), for one piece of work. */
  withAdmin<T>(connector: string, config: Config, work: (admin: Admin) => Promise<T>): Promise<T>;
}

/** A connector as far as its offsets are concerned. */
export interface OffsetSubject {
  readonly name: string;
  readonly config: Config;
  readonly plugin: { readonly type: 'source' | 'sink' };
  readonly target: TargetState;
  readonly taskConfigs: readonly Config[];
}

export class OffsetControl {
  readonly #parts: OffsetControlParts;

  constructor(parts: OffsetControlParts) {
    this.#parts = parts;
  }

  async read(entry: OffsetSubject): Promise<ConnectorOffsets> {
    if (entry.plugin.type === 'source')
      return this.#ofSource(entry, false, async (offsets) => ({ offsets: await offsets.list(entry.name) }));
    return { offsets: await this.#ofGroup(entry, readSinkOffsets) };
  }

  async alter(entry: OffsetSubject, offsets: readonly ConnectorOffset[]): Promise<Message> {
    if (offsets.length === 0) throw new RestError(400, 'Partitions / offsets need to be provided for an alter offsets request');
    mustBeStopped(entry);
    if (entry.plugin.type === 'source') {
      const latest = lastOfEachPartition(offsets);
      const isComplete = await this.#askConnector(entry, latest);
      await this.#parts.fence?.(entry.name);
      await this.#ofSource(entry, true, (offsets) => offsets.write(entry.name, latest));
      return outcome('altered', isComplete);
    }
    const parsed = parseSinkOffsets(offsets);
    const isComplete = await this.#askConnector(entry, offsets);
    await this.#ofGroup(entry, (admin, group) => alterSinkOffsets(admin, entry.name, group, parsed));
    return outcome('altered', isComplete);
  }

  async reset(entry: OffsetSubject): Promise<Message> {
    mustBeStopped(entry);
    return entry.plugin.type === 'source' ? this.#resetSource(entry) : this.#resetSink(entry);
  }

  async #resetSource(entry: OffsetSubject): Promise<Message> {
    await this.#parts.fence?.(entry.name);
    return this.#ofSource(entry, true, async (offsets) => {
      const resets = (await offsets.partitions(entry.name)).map((partition) => ({ partition, offset: null }));
      const isComplete = await this.#askConnector(entry, resets);
      await offsets.write(entry.name, resets);
      return outcome('reset', isComplete);
    });
  }

  async #resetSink(entry: OffsetSubject): Promise<Message> {
    const resets = (await this.read(entry)).offsets.map(({ partition }) => ({ partition, offset: null }));
    const isComplete = await this.#askConnector(entry, resets);
    await this.#ofGroup(entry, (admin, group) => resetSinkOffsets(admin, entry.name, group));
    return outcome('reset', isComplete);
  }

  async #ofSource<T>({ name, config }: OffsetSubject, isChange: boolean, work: (offsets: SourceOffsets) => Promise<T>): Promise<T> {
    const resolved = await this.#parts.resolver.resolve(config);
    return this.#parts.withSourceOffsets({ name, config: resolved.config, isChange }, work);
  }

  async #askConnector(entry: OffsetSubject, offsets: readonly ConnectorOffset[]): Promise<boolean> {
    for (const { partition, offset } of offsets) {
      checkPrimitive(partition);
      checkPrimitive(offset);
    }
    const { config } = await this.#parts.resolver.resolve(entry.config);
    return this.#parts.worker.alterOffsets(entry.name, config, offsets);
  }

  async #ofGroup<T>(entry: OffsetSubject, work: (admin: Admin, groupId: string) => Promise<T>): Promise<T> {
    const { resolver, withAdmin, workerProperties } = this.#parts;
    const { config } = await resolver.resolve(entry.config);
    return withAdmin(entry.name, config, (admin) => work(admin, sinkGroupId(workerProperties, config, entry.name)));
  }
}

function mustBeStopped(entry: OffsetSubject): void {
  if (entry.target === 'STOPPED' && entry.taskConfigs.length === 0) return;
  throw new RestError(
    400,
    `Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${entry.name}/stop' endpoint`,
  );
}

function lastOfEachPartition(offsets: readonly ConnectorOffset[]): ConnectorOffset[] {
  const text = (entry: ConnectorOffset) =>
    JSON.stringify(
      Object.entries(entry.partition ?? { '': null }).sort(([a], [b]) => (a < b ? -1 : 1)),
      (_, value) => (typeof value === 'bigint' ? `${value}n` : value),
    );
  return [...new Map(offsets.map((entry) => [text(entry), entry])).values()];
}

function outcome(verb: 'altered' | 'reset', isComplete: boolean): Message {
  if (isComplete) return { message: `The offsets for this connector have been ${verb} successfully` };
  return {
    message: `The Connect framework-managed offsets for this connector have been ${verb} successfully. However, if this connector manages offsets externally, they will need to be manually ${verb} in the system that the connector uses.`,
  };
}
