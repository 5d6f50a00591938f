/**
 * Records as lines: strings are encoded into one memory, texts in place (`SinkRecord.valueIn`) are copied there, or left where they are
 * when all of a batch follow each other.
 */
import type { SinkRecord } from '../../../../plugin-api/records.ts';
import { javaText } from '../../../../record/java-text.ts';
import { toEncodable } from '../../../../record/java-utf8.ts';

const LINE_END = 0x0a;
/** Taken anew for each batch, it would cost more than the bytes. */
const MEMORY_BYTES = 256 * 1024;
/** Strings are encoded together from so many characters on. */
const MAX_CHARS = 512 * 1024;
const MAX_BYTES_A_CHAR = 3;

export class Lines {
  readonly #memory = Buffer.allocUnsafeSlow(MEMORY_BYTES);
  #filled = 0;

  /** The bytes of all lines, in few parts. A part is valid until the next one is asked for. */
  *of(records: readonly SinkRecord[]): Generator<Buffer> {
    this.#filled = 0;
    for (let at = 0; at < records.length; ) {
      const { valueIn } = records[at]!;
      if (valueIn) {
        const end = endOfRun(records, at);
        yield* this.#run(valueIn.subarray(records[at]!.valueStart, records[end - 1]!.valueEnd! + 1), end === records.length);
        at = end;
      } else {
        let text = '';
        for (let record = records[at]; record && !record.valueIn && text.length < MAX_CHARS; record = records[++at]) text += lineOf(record);
        yield* this.#strings(text);
      }
    }
    if (this.#filled > 0) yield this.#take();
  }

  *#run(bytes: Buffer, isLast: boolean): Generator<Buffer> {
    if (this.#filled + bytes.length > MEMORY_BYTES && this.#filled > 0) yield this.#take();
    if (bytes.length > MEMORY_BYTES || (isLast && this.#filled === 0)) yield bytes;
    else this.#filled += bytes.copy(this.#memory, this.#filled);
  }

  *#strings(text: string): Generator<Buffer> {
    const encodable = toEncodable(text);
    const maxBytes = encodable.length * MAX_BYTES_A_CHAR;
    if (this.#filled + maxBytes > MEMORY_BYTES && this.#filled > 0) yield this.#take();
    if (maxBytes > MEMORY_BYTES) yield Buffer.from(encodable);
    else this.#filled += this.#memory.write(encodable, this.#filled);
  }

  #take(): Buffer {
    const bytes = this.#memory.subarray(0, this.#filled);
    this.#filled = 0;
    return bytes;
  }
}

/** Ends the lines of texts that follow each other in one memory; gives the index behind the last of them. */
function endOfRun(records: readonly SinkRecord[], start: number): number {
  const bytes = records[start]!.valueIn!;
  let next = records[start]!.valueStart!;
  let at = start;
  for (; at < records.length; at++) {
    const { valueIn, valueStart, valueEnd } = records[at]!;
    if (valueIn !== bytes || valueStart !== next) break;
    bytes[valueEnd!] = LINE_END;
    next = valueEnd! + 1;
  }
  return at;
}

function lineOf({ value, valueSchema }: SinkRecord): string {
  return `${typeof value === 'string' ? value : javaText(valueSchema, value)}\n`;
}
