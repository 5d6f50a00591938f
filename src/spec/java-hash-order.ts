/** The order in which a java.util.HashMap gives its keys: some of Connect's REST answers and messages show it. */

/**
 * `keys` in the order of a HashMap that they were put into one after the other.
 * `isCopy`: of one that was made from a whole map (`new HashMap<>(map)`), which may have more buckets.
 */
export function javaHashOrder(keys: readonly string[], isCopy = false): string[] {
  const buckets = isCopy ? copiedSize(keys.length) : grownSize(keys.length);
  return keys
    .map((key, position) => ({ key, position, bucket: spreadHash(key) & (buckets - 1) }))
    .sort((a, b) => a.bucket - b.bucket || a.position - b.position)
    .map(({ key }) => key);
}

function grownSize(count: number): number {
  let size = 16;
  while (count > size * 0.75) size *= 2;
  return size;
}

function copiedSize(count: number): number {
  let size = 1;
  while (size < count / 0.75 + 1) size *= 2;
  return size;
}

/** String.hashCode, its upper half mixed in. */
function spreadHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash ^ (hash >>> 16);
}
