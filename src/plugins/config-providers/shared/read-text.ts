/** Files that providers read: plain files of UTF-8 text, small enough for a configuration. */
import { readFile, stat } from 'node:fs/promises';

const MAX_BYTES = 16 * 1024 * 1024;

/** Throws what the system says, or that the file is no such text; never with any of its content. */
export async function readText(file: string): Promise<string> {
  const facts = await stat(file);
  if (!facts.isFile()) throw new Error('it is no regular file');
  if (facts.size > MAX_BYTES) throw new Error(`it has ${facts.size} bytes, more than ${MAX_BYTES}`);
  const bytes = await readFile(file);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error('it is not valid UTF-8');
  }
}
