/**
 * Offsets from a file: lines `topic,partition,offset` as kafka-consumer-groups writes and reads them (`group,topic,partition,offset` for
 * several groups), or JSON as Connect's REST API answers. What is wrong is told with its line.
 */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../base/errors.ts';
import { parseExactJson } from '../base/exact-json.ts';
import { fromHome } from '../base/home-path.ts';
import { type GivenOffset, type OffsetKind, type OffsetObject, sinkPartition } from './offset-plan.ts';

const MOST_BYTES = 16 * 1024 * 1024;

export interface OffsetFileOwner {
  readonly kind: OffsetKind;
  readonly name: string;
}

/** Throws a sentence that names the file, and the line where it is about one. */
export async function readOffsetFile(given: string, owner: OffsetFileOwner): Promise<GivenOffset[]> {
  const file = fromHome(given.trim());
  if (file === '') throw new Error('which file? Give its path');
  return parseOffsetText(await readText(file), path.basename(file), owner);
}

async function readText(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > MOST_BYTES) throw new Error(`${size} bytes are too many for a list of offsets`);
      const bytes = await handle.readFile();
      if (bytes.includes(0)) throw new Error('it is no text');
      return bytes.toString('utf8').replace(/^\ufeff/, '');
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new Error(`${file} cannot be read: ${messageOf(error)}`);
  }
}

export function parseOffsetText(text: string, source: string, owner: OffsetFileOwner): GivenOffset[] {
  const isJson = /^\s*[{[]/.test(text);
  if (!isJson && owner.kind === 'source')
    throw new Error(`${source}: offsets of a source are JSON, as GET /connectors/${owner.name}/offsets answers`);
  const found = isJson ? fromJson(text, source) : fromLines(text, source, owner);
  if (found.length === 0) throw new Error(`${source} holds no offset${isJson ? '' : ` of ${owner.name}`}`);
  return found;
}

function fromJson(text: string, source: string): GivenOffset[] {
  let parsed: unknown;
  try {
    parsed = parseExactJson(text, 'bigint');
  } catch (error) {
    throw new Error(`${source} is not JSON: ${withLine(messageOf(error), text)}`);
  }
  const list = Array.isArray(parsed) ? parsed : (parsed as { readonly offsets?: unknown }).offsets;
  return readOffsetList(list, source);
}

/** The parser counts characters; people count lines. */
function withLine(message: string, text: string): string {
  return message.replace(/at position (\d+)(?: \(line \d+ column \d+\))?/, (_, at: string) => {
    const before = text.slice(0, Number(at));
    return `in line ${before.split('\n').length}`;
  });
}

/** `where` begins what is thrown. */
export function readOffsetList(list: unknown, where: string): GivenOffset[] {
  if (!Array.isArray(list)) throw new Error(`${where} has no list "offsets" of {"partition": {…}, "offset": {…}}`);
  return list.map((one: unknown, i) => {
    const { partition, offset } = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>;
    if (!isPlain(partition)) throw new Error(`${where}, entry ${i + 1}: partition must be an object of plain values`);
    if (offset !== null && !isPlain(offset)) throw new Error(`${where}, entry ${i + 1}: offset must be an object of plain values, or null`);
    return { partition, offset, where: `${where}, entry ${i + 1}` };
  });
}

function isPlain(value: unknown): value is OffsetObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((member) => member === null || typeof member !== 'object')
  );
}

function fromLines(text: string, source: string, owner: OffsetFileOwner): GivenOffset[] {
  const seen = new Map<string, number>();
  return text.split(/\r\n|\n|\r/).flatMap((line, i) => {
    const number = i + 1;
    const fail = (why: string): never => {
      throw new Error(`${source}, line ${number}: ${why}`);
    };
    if (line.trim() === '' || line.startsWith('#')) return [];
    const fields = splitFields(line) ?? fail('a quote is not closed');
    if (number === 1 && fields.at(-1)?.toLowerCase().endsWith('offset')) return [];
    if (fields.length !== 3 && fields.length !== 4) fail(`${fields.length} fields; topic,partition,offset are wanted`);
    const [topic, partition, offset] = fields.slice(-3) as [string, string, string];
    if (fields.length === 4 && fields[0] !== owner.name) return [];
    if (topic === '') fail('the topic is empty');
    if (!/^\d{1,9}$/.test(partition)) fail(`"${partition}" is not a partition, a whole number from 0`);
    if (!/^\d{1,19}$/.test(offset)) fail(`"${offset}" is not an offset, a whole number from 0`);
    const place = `${topic} p${partition}`;
    if (seen.has(place)) fail(`${place} was named in line ${seen.get(place)} already`);
    seen.set(place, number);
    return [
      {
        partition: sinkPartition({ topic, partition: Number(partition) }),
        offset: { kafka_offset: BigInt(offset) },
        where: `${source}, line ${number}`,
      },
    ];
  });
}

/** `null`: a quote is not closed. */
function splitFields(line: string): string[] | null {
  const fields: string[] = [];
  const field = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y;
  for (;;) {
    const found = field.exec(line);
    if (!found) return null;
    fields.push(found[1] === undefined ? found[2]!.trim() : found[1].replaceAll('""', '"'));
    if (found[3] === '') return fields;
  }
}
