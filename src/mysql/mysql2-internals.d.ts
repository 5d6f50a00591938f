/**
 * The parts of mysql2 3.24.6 that `wire-query.ts` stands on beyond what it publishes, and nothing else; test/unit/mysql/mysql2-internals.test.ts
 * names each and fails when one is gone.
 */
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/** One packet; the object is used again for the next one, and so is its memory. */
export interface RowPacket {
  readonly buffer: Buffer;
  /** Where the payload begins, in front of anything that was read. */
  readonly offset: number;
  readonly end: number;
  isEOF(): boolean;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly orgName: string;
  readonly schema: string;
  readonly table: string;
  readonly orgTable: string;
  readonly columnType: number;
  readonly flags: number;
  readonly characterSet: number;
  readonly columnLength: number;
  readonly decimals: number;
  readonly extendedTypeName: string | undefined;
  readonly extendedFormat: string | undefined;
}

/** What a statement without rows answers with. */
export interface StatementAnswer {
  readonly affectedRows: number;
  readonly insertId: number | string;
  readonly warningStatus: number;
}

export type PacketStep = (this: QueryCommand, packet: RowPacket, connection: WireConnection) => PacketStep | null;

/** Events: `fields` (ColumnDefinition[] | undefined), `result` (StatementAnswer), `error`, `end`. */
export interface QueryCommand extends EventEmitter {
  /** The step that takes each row and the end of the rows; an own one may stand in front of it. */
  row: PacketStep;
}

export interface WireConnection extends EventEmitter {
  readonly stream: Socket;
  readonly threadId: number | null;
  addCommand(command: QueryCommand): void;
  ping(done: (error: Error | null) => void): void;
  connect(done: (error: Error | null) => void): void;
  end(done: (error: Error | null) => void): void;
  destroy(): void;
}
