/**
 * What Connect workers tell each other through the coordinator of their group, byte for byte as Apache Kafka's workers: metadata when they join, the
 * leader's assignment when they sync. An int16 version, then the fields; version 0 is `default` (eager), 1 `compatible`, 2 `sessioned`. Bytes of a
 * newer version are read as the newest known one. Source: ConnectProtocol, IncrementalCooperativeConnectProtocol.
 */
import { messageOf } from '../base/errors.ts';
import { KafkaProtocolError } from './kafka-error.ts';
import { WireReader } from './wire/wire-reader.ts';
import { WireWriter } from './wire/wire-writer.ts';

export const CONNECT_PROTOCOL_TYPE = 'connect';

/** Stands in the list of a connector's tasks for the connector itself. */
const CONNECTOR_ITSELF = -1;
const MAX_STRING_BYTES = 0x7fff;

/** Connectors and tasks, each in the order of the wire. */
export interface ConnectWork {
  readonly connectors: readonly string[];
  readonly tasks: ReadonlyArray<{ readonly connector: string; readonly task: number }>;
}

export interface WorkerAssignment {
  /** 0: none; 1: the leader could not read as far as `configOffset`. */
  readonly error: number;
  /** Member id. */
  readonly leader: string;
  readonly leaderUrl: string;
  /** Of the config topic; the assignment holds for exactly this one. */
  readonly configOffset: bigint;
  /** From version 1 on only what is new to the member. */
  readonly assigned: ConnectWork;
  /** To stop now. Version 1 on. */
  readonly revoked: ConnectWork;
  /** Until the next round, which the leader has planned; 0: none. Version 1 on. */
  readonly delayMs: number;
}

export interface WorkerMetadata {
  /** Of its REST API, as others reach it. */
  readonly url: string;
  /** Offset after the last record of the config topic that it has read; −1: none. */
  readonly configOffset: bigint;
  /** What it runs, in the shape of its last assignment; `null` before the first. Version 1 on. */
  readonly allocation: WorkerAssignment | null;
}

export const NO_WORK: ConnectWork = { connectors: [], tasks: [] };

/** Stands in the allocation of a member that wants to run nothing any more. Ours alone say and heed it: the original reads no delay there. */
const DRAINS = -1;
const NOTHING_YET: WorkerAssignment = {
  error: 0,
  leader: '',
  leaderUrl: '',
  configOffset: -1n,
  assigned: NO_WORK,
  revoked: NO_WORK,
  delayMs: 0,
};

/** What a member that drains says in place of its allocation. */
export function drainingAllocation(allocation: WorkerAssignment | null): WorkerAssignment {
  return { ...(allocation ?? NOTHING_YET), delayMs: DRAINS };
}

export function isDraining({ allocation }: Pick<WorkerMetadata, 'allocation'>): boolean {
  return allocation?.delayMs === DRAINS;
}

/** Throws KafkaProtocolError when a text is longer than the protocol takes. */
export function encodeWorkerMetadata({ url, configOffset, allocation }: WorkerMetadata, version: number): Buffer {
  const writer = new WireWriter();
  writer.int16(version);
  writeText(writer, 'url', url);
  writer.int64(configOffset);
  if (version > 0) {
    const bytes = allocation ? encodeWorkerAssignment(allocation, version) : null;
    writer.int32(bytes?.length ?? -1);
    if (bytes) writer.raw(bytes);
  }
  return writer.bytes();
}

/** Throws KafkaProtocolError. */
export function decodeWorkerMetadata(bytes: Buffer): WorkerMetadata {
  return decoded('metadata of a Connect worker', bytes, (reader, version) => {
    const url = readText(reader, 'url');
    const configOffset = reader.int64();
    const length = version > 0 ? reader.int32() : -1;
    return { url, configOffset, allocation: length < 0 ? null : decodeWorkerAssignment(reader.raw(length)) };
  });
}

/** Throws KafkaProtocolError when a text is longer than the protocol takes. */
export function encodeWorkerAssignment(assignment: WorkerAssignment, version: number): Buffer {
  const writer = new WireWriter();
  writer.int16(version);
  writer.int16(assignment.error);
  writeText(writer, 'leader', assignment.leader);
  writeText(writer, 'leader-url', assignment.leaderUrl);
  writer.int64(assignment.configOffset);
  writeWork(writer, assignment.assigned);
  if (version > 0) {
    writeWork(writer, assignment.revoked);
    writer.int32(assignment.delayMs);
  }
  return writer.bytes();
}

/** Throws KafkaProtocolError. */
export function decodeWorkerAssignment(bytes: Buffer): WorkerAssignment {
  return decoded('assignment of a Connect worker', bytes, (reader, version) => {
    const error = reader.int16();
    const leader = readText(reader, 'leader');
    const leaderUrl = readText(reader, 'leader-url');
    const configOffset = reader.int64();
    const assigned = readWork(reader, 'assignment');
    const hasMore = () => version > 0 && reader.remaining > 0;
    const revoked = hasMore() ? readWork(reader, 'revoked') : NO_WORK;
    return { error, leader, leaderUrl, configOffset, assigned, revoked, delayMs: hasMore() ? reader.int32() : 0 };
  });
}

function decoded<T>(what: string, bytes: Buffer, read: (reader: WireReader, version: number) => T): T {
  try {
    const reader = new WireReader(bytes);
    const version = reader.int16();
    if (version < 0) throw new KafkaProtocolError(`version ${version}; versions from 0 on are known`);
    return read(reader, version);
  } catch (error) {
    throw new KafkaProtocolError(`${what} (${bytes.length} bytes): ${messageOf(error)}`, { cause: error });
  }
}

function readText(reader: WireReader, field: string): string {
  const length = reader.int16();
  if (length < 0) throw new KafkaProtocolError(`the text ${field} has a length of ${length}`);
  return reader.utf8(length);
}

function writeText(writer: WireWriter, field: string, text: string): void {
  const length = Buffer.byteLength(text);
  if (length > MAX_STRING_BYTES)
    throw new KafkaProtocolError(`${field} "${text.slice(0, 80)}" of ${length} bytes is longer than ${MAX_STRING_BYTES}`);
  writer.int16(length);
  writer.utf8(text, length);
}

/** −1, as some versions write it, counts as none. `itemBytes`: the least that one item takes. */
function readCount(reader: WireReader, field: string, itemBytes: number): number {
  const count = reader.int32();
  if (count < -1 || count * itemBytes > reader.remaining)
    throw new KafkaProtocolError(`the list ${field} of ${count} items in ${reader.remaining} bytes`);
  return Math.max(0, count);
}

function readWork(reader: WireReader, field: string): ConnectWork {
  const connectors: string[] = [];
  const tasks: Array<{ connector: string; task: number }> = [];
  for (let left = readCount(reader, field, 6); left > 0; left--) {
    const connector = readText(reader, 'connector');
    for (let ids = readCount(reader, `tasks of "${connector.slice(0, 80)}"`, 4); ids > 0; ids--) {
      const task = reader.int32();
      if (task === CONNECTOR_ITSELF) connectors.push(connector);
      else if (task >= 0) tasks.push({ connector, task });
      else throw new KafkaProtocolError(`task ${task} of "${connector.slice(0, 80)}"`);
    }
  }
  return { connectors, tasks };
}

/** One item a connector: those that run here themselves first, as the original orders them. */
function writeWork(writer: WireWriter, { connectors, tasks }: ConnectWork): void {
  const byConnector = new Map<string, number[]>(connectors.map((connector) => [connector, [CONNECTOR_ITSELF]]));
  for (const { connector, task } of tasks) {
    const ids = byConnector.get(connector);
    if (ids) ids.push(task);
    else byConnector.set(connector, [task]);
  }
  writer.int32(byConnector.size);
  for (const [connector, ids] of byConnector) {
    writeText(writer, 'connector', connector);
    writer.int32(ids.length);
    for (const id of ids) writer.int32(id);
  }
}
