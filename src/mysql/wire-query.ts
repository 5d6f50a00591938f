/**
 * One statement on its way: rows are made out of each packet as it comes, into a queue that the taker empties. A full queue stops the socket, so a
 * table of any size takes the same memory.
 *
 * Why not the driver's own rows: CPU of this process for a row of the seed's customers table (5 columns, 1 M rows, MariaDB 10.11 on the same machine):
 * driver's rows 0.7–1.0 µs, its stream 1.1–1.3, binary protocol 1.6–2.1, its rows left as buffers 0.45–0.6; these readers 0.57, which give whole 64-bit
 * numbers and have back-pressure; without any reader 0.25.
 */
import type { Column } from './column.ts';
import { COLUMN_TYPE } from './column.ts';
import type { ColumnReader } from './column-readers.ts';
import type { ColumnDefinition, PacketStep, QueryCommand, RowPacket, StatementAnswer, WireConnection } from './mysql2-internals.d.ts';

/**
 * Bytes of rows as they came from the wire. As much as one reading of the socket gives: the kernel keeps what follows, and rows that wait here take
 * several times as much and grow old. At 1 M rows a megabyte costs a task a hundred of memory, a quarter of one still twenty; no row comes sooner for it.
 */
const QUEUE_FULL_BYTES = 65_536;
const QUEUE_LOW_BYTES = QUEUE_FULL_BYTES / 2;

const NULL_MARK = 0xfb;

export class WireQuery<T> {
  /** `null` until the server has described them, and for statements without rows. */
  columns: readonly Column[] | null = null;
  /** Of a statement without rows. */
  answer: StatementAnswer | null = null;
  readonly #connection: WireConnection;
  readonly #readerOf: (column: Column) => ColumnReader<T>;
  #readers: ReadonlyArray<ColumnReader<T>> = [];
  #rows: (T | null)[][] = [];
  #from = 0;
  #queuedBytes = 0;
  #isPaused = false;
  #isEnded = false;
  #failure: unknown = null;
  #wake: (() => void) | null = null;

  constructor(connection: WireConnection, command: QueryCommand, readerOf: (column: Column) => ColumnReader<T>) {
    this.#connection = connection;
    this.#readerOf = readerOf;
    command.on('fields', (fields: readonly ColumnDefinition[] | undefined) => this.#describe(fields));
    command.on('result', (answer: StatementAnswer) => {
      this.answer ??= answer;
    });
    command.on('error', (error) => this.fail(error));
    command.on('end', () => this.#end());
    this.#takeRowsOf(command);
    connection.addCommand(command);
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The socket waits for the taker: no bytes are expected. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Resolves when `columns` or `answer` is there. Rejects with the driver's error. */
  async begun(): Promise<void> {
    while (this.columns === null && !this.#isEnded) await this.#news();
    if (this.columns === null && this.#failure !== null) throw this.#failure;
  }

  /** Between 1 and `most` rows, what is there at once; `null`: there are no more. Rejects with the driver's error after the rows before it. */
  async next(most: number): Promise<(T | null)[][] | null> {
    while (this.#rows.length === this.#from) {
      if (this.#failure !== null) throw this.#failure;
      if (this.#isEnded) return null;
      await this.#news();
    }
    return this.#take(most);
  }

  /** Nothing more comes. */
  fail(error: unknown): void {
    if (this.#isEnded) return;
    this.#failure ??= error;
    this.#end();
  }

  #take(most: number): (T | null)[][] {
    const left = this.#rows.length - this.#from;
    const count = Math.min(most, left);
    const taken = this.#from === 0 && count === left ? this.#rows : this.#rows.slice(this.#from, this.#from + count);
    this.#queuedBytes -= Math.ceil((this.#queuedBytes * count) / left);
    this.#from += count;
    if (count === left) {
      this.#rows = [];
      this.#from = 0;
      this.#queuedBytes = 0;
    } else if (this.#from >= left - count) {
      // A taker of few at a time may never find the queue empty: what it took must go all the same.
      this.#rows = this.#rows.slice(this.#from);
      this.#from = 0;
    }
    if (this.#isPaused && this.#queuedBytes <= QUEUE_LOW_BYTES) {
      this.#isPaused = false;
      this.#connection.stream.resume();
    }
    return taken;
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #tell(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  #end(): void {
    this.#isEnded = true;
    this.#tell();
  }

  #describe(fields: readonly ColumnDefinition[] | undefined): void {
    // Only the first result of a procedure counts.
    if (fields === undefined || this.columns !== null) return;
    this.columns = fields.map(toColumn);
    this.#readers = this.columns.map(this.#readerOf);
    this.#tell();
  }

  #takeRowsOf(command: QueryCommand): void {
    const ending = command.row;
    let isFirstResult = true;
    const step: PacketStep = (packet, connection) => {
      if (packet.isEOF()) {
        isFirstResult = false;
        return ending.call(command, packet, connection);
      }
      if (isFirstResult && this.#failure === null) this.#add(packet);
      return step;
    };
    command.row = step;
  }

  /** A reader that throws ends this result, not the driver: the rows before it are delivered, then its error. */
  #add(packet: RowPacket): void {
    try {
      this.#rows.push(this.#rowOf(packet.buffer, packet.offset));
    } catch (error) {
      this.#failure = error;
    }
    this.#queuedBytes += packet.end - packet.offset;
    if (this.#queuedBytes >= QUEUE_FULL_BYTES && !this.#isPaused) {
      this.#isPaused = true;
      this.#connection.stream.pause();
    }
    if (this.#wake !== null) this.#tell();
  }

  #rowOf(bytes: Buffer, start: number): (T | null)[] {
    const readers = this.#readers;
    const row: (T | null)[] = new Array(readers.length);
    let at = start;
    for (let i = 0; i < readers.length; i++) {
      let length = bytes[at++]!;
      if (length === NULL_MARK) {
        row[i] = null;
        continue;
      }
      if (length > NULL_MARK) {
        const size = length === 0xfc ? 2 : length === 0xfd ? 3 : 6;
        length = bytes.readUIntLE(at, size);
        // The long form has eight bytes; six of them count to 256 TB.
        at += size === 6 ? 8 : size;
      }
      row[i] = readers[i]!(bytes, at, at + length);
      at += length;
    }
    return row;
  }
}

function toColumn(field: ColumnDefinition): Column {
  return {
    name: field.name,
    ownName: field.orgName,
    database: field.schema,
    table: field.table,
    ownTable: field.orgTable,
    type: field.columnType,
    flags: field.flags,
    charset: field.characterSet,
    length: field.columnLength,
    decimals: field.decimals,
    extendedType: field.extendedTypeName ?? null,
    isJson: field.extendedFormat === 'json' || field.columnType === COLUMN_TYPE.json,
  };
}
