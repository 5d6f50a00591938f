/** Records of a tail as a file, a line of JSON each; written piece by piece, so that keys and reading go on meanwhile. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { TailRecord } from '../cluster/record-ring.ts';
import type { Tail } from '../cluster/tail.ts';
import { recordJson } from './record-json.ts';

const PIECE_CHARACTERS = 1_000_000;
const PIECE_MS = 8;

export interface SaveResult {
  readonly written: number;
  /** Had left the ring before their turn came. */
  readonly gone: number;
  /** Could not be decoded: there is nothing to write. */
  readonly undecodable: number;
}

/** The sequences from `from` to before `to` whose records pass. The file must not be there; it appears whole, mode 0600. */
export async function saveRecords(
  file: string,
  { ring }: Pick<Tail, 'ring'>,
  [from, to]: readonly [from: number, to: number],
  passes: (record: TailRecord) => boolean,
  monoMs: () => number,
): Promise<SaveResult> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const made = await open(file, 'wx', 0o600);
  const part = `${file}.part`;
  let [written, gone, undecodable] = [0, 0, 0];
  try {
    await made.close();
    const out = await open(part, 'w', 0o600);
    try {
      for (let sequence = from; sequence < to; ) {
        let piece = '';
        const untilMs = monoMs() + PIECE_MS;
        for (; sequence < to && piece.length < PIECE_CHARACTERS && monoMs() < untilMs; sequence++) {
          const record = ring.get(sequence);
          if (record === null) gone++;
          else if (record.problem !== null) undecodable++;
          else if (passes(record)) {
            piece += `${recordJson(record)}\n`;
            written++;
          }
        }
        if (piece !== '') await out.write(piece);
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      await out.sync();
    } finally {
      await out.close();
    }
    await rename(part, file);
    return { written, gone, undecodable };
  } catch (error) {
    await Promise.all([rm(part, { force: true }), rm(file, { force: true })]);
    throw error;
  }
}
