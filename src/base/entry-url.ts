import { existsSync } from 'node:fs';

/**
 * Where another entry of this program lies: its source, as seen from `caller` (an `import.meta.url`), or the file that the bundle has
 * for it, beside the caller or above it: the bundler may put the caller into a folder of chunks.
 */
export function entryUrl(caller: string, source: string, bundled: string): URL {
  if (caller.endsWith('.ts')) return new URL(source, caller);
  const beside = new URL(`./${bundled}`, caller);
  return existsSync(beside) ? beside : new URL(`../${bundled}`, caller);
}
