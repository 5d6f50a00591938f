/**
 * Offsets as they were before each change, so that they can be put back later and by another console: one file for each target of a
 * context, beside the action log, mode 0600, replaced whole. Old points go when there are many.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { errorCodeOf, messageOf } from '../base/errors.ts';
import { formatExactJson, parseExactJson } from '../base/exact-json.ts';
import { maskUrl } from '../base/mask.ts';
import { replaceFile } from '../base/replace-file.ts';
import type { ConnectorOffset } from '../herder/model.ts';
import { readOffsetList } from './offset-file.ts';

export interface SavedPoint {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly user: string;
  /** What was about to be done: `to earliest, 4 partitions`. */
  readonly reason: string;
  readonly offsets: readonly ConnectorOffset[];
}

export interface PointOwner {
  readonly kind: string;
  readonly name: string;
}

const MOST_POINTS = 20;
const MOST_BYTES = 8 * 1024 * 1024;

export class SavedPoints {
  readonly #folder: string;
  readonly #context: string;

  constructor(folder: string, context: string) {
    this.#folder = folder;
    // An address of a worker may hold a password.
    this.#context = maskUrl(context);
  }

  fileOf({ kind, name }: PointOwner): string {
    return path.join(this.#folder, fileName(this.#context), `${kind === 'group' ? 'group' : 'connector'}-${fileName(name)}.json`);
  }

  /** Newest first; none when there is no file. Throws a sentence when the file cannot be read. */
  async read(owner: PointOwner): Promise<SavedPoint[]> {
    const file = this.fileOf(owner);
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (errorCodeOf(error) === 'ENOENT') return [];
      throw new Error(`the saved points ${file} cannot be read: ${messageOf(error)}`);
    }
    try {
      return parsePoints(text);
    } catch (error) {
      throw new Error(`the saved points ${file} cannot be read: ${messageOf(error)}. Move the file away to begin anew.`);
    }
  }

  /** Resolves with the file. A file that cannot be read is put aside as `.broken`, never written over. */
  async add(owner: PointOwner, point: SavedPoint): Promise<string> {
    const file = this.fileOf(owner);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    let kept: readonly SavedPoint[];
    try {
      kept = await this.read(owner);
    } catch {
      await rename(file, `${file}.broken`);
      kept = [];
    }
    let points = [point, ...kept].slice(0, MOST_POINTS);
    let text = formatPoints(owner, this.#context, points);
    while (points.length > 1 && text.length > MOST_BYTES) {
      points = points.slice(0, -1);
      text = formatPoints(owner, this.#context, points);
    }
    await replaceFile(file, text, 0o600);
    return file;
  }
}

function formatPoints({ kind, name }: PointOwner, context: string, points: readonly SavedPoint[]): string {
  const lines = points.map((point) => formatExactJson(point)).join(',\n');
  return `{"context":${JSON.stringify(context)},"kind":${JSON.stringify(kind)},"name":${JSON.stringify(name)},"points":[\n${lines}\n]}\n`;
}

function parsePoints(text: string): SavedPoint[] {
  const parsed = parseExactJson(text, 'bigint');
  const points = parsed !== null && typeof parsed === 'object' && 'points' in parsed ? parsed.points : null;
  if (!Array.isArray(points)) throw new Error('it holds no list of points');
  return points.map((point: unknown, i) => {
    if (typeof point !== 'object' || point === null) throw new Error(`point ${i + 1} is not an object`);
    const { time, user, reason, offsets } = point as Record<string, unknown>;
    if (typeof time !== 'string' || Number.isNaN(Date.parse(time))) throw new Error(`point ${i + 1} has no time`);
    return {
      time,
      user: String(user ?? '?'),
      reason: String(reason ?? ''),
      offsets: readOffsetList(offsets, `point ${i + 1}`).map(({ partition, offset }) => ({ partition, offset })),
    };
  });
}

/** Readable, and different for names that differ only in what a file name cannot hold. */
function fileName(text: string): string {
  const readable = text.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 48);
  return `${readable}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}
