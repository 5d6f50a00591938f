/** The order in which a java.util.HashMap gives its keys: some of Connect's REST answers and messages show it. */

/**
 * `keys` in the order of a HashMap that they were put into one after the other.
 * `isCopy`: of one that was made from a whole map (`new HashMap<>(map)`), which may have more buckets.
 */
export function javaHashOrder(keys: readonly string[], isCopy = false): string[] {
  return inBuckets(keys, isCopy ? copiedSize(keys.length) : grownSize(keys.length), stringHash);
}

/** The same of keys that are maps of texts, in a HashMap that was made for as many (`new HashMap<>(maps.size())`). */
export function javaMapOrder<M extends Readonly<Record<string, string>>>(maps: readonly M[]): M[] {
  return inBuckets(maps, grownSize(maps.length, maps.length), (map) =>
    Object.entries(map).reduce((sum, [name, value]) => (sum + (stringHash(name) ^ stringHash(value))) | 0, 0),
  );
}

function inBuckets<K>(keys: readonly K[], buckets: number, hashOf: (key: K) => number): K[] {
  return keys
    .map((key, position) => ({ key, position, bucket: spread(hashOf(key)) & (buckets - 1) }))
    .sort((a, b) => a.bucket - b.bucket || a.position - b.position)
    .map(({ key }) => key);
}

function grownSize(count: number, madeFor = 16): number {
  let size = 1;
  while (size < madeFor) size *= 2;
  while (count > size * 0.75) size *= 2;
  return size;
}

function copiedSize(count: number): number {
  let size = 1;
  while (size < count / 0.75 + 1) size *= 2;
  return size;
}

/** String.hashCode. */
function stringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

/** The upper half of a hash mixed into the lower one, which chooses the bucket. */
function spread(hash: number): number {
  return hash ^ (hash >>> 16);
}
