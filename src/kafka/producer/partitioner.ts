/** Which partition a record without one goes to: as org.apache.kafka.clients.producer.internals.BuiltInPartitioner. */

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** Kafka's murmur2 of 32 bits, signed. */
export function murmur2(data: Uint8Array, length: number = data.length): number {
  let h = SEED ^ length;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    let k = byteAt(data, i) | (byteAt(data, i + 1) << 8) | (byteAt(data, i + 2) << 16) | (byteAt(data, i + 3) << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  const rest = length - whole;
  if (rest > 2) h ^= byteAt(data, whole + 2) << 16;
  if (rest > 1) h ^= byteAt(data, whole + 1) << 8;
  if (rest > 0) h = Math.imul(h ^ byteAt(data, whole), M);
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
}

function byteAt(data: Uint8Array, index: number): number {
  return data[index] as number;
}

/** Partition of a key among `partitionCount`. */
export function partitionOfKey(key: Uint8Array, partitionCount: number, length: number = key.length): number {
  return (murmur2(key, length) & 0x7fffffff) % partitionCount;
}

/** Records without a key stay on one partition until a batch's worth of bytes went there, then move to another one that has a leader (KIP-794). */
export class StickyPartitioner {
  readonly #switchBytes: number;
  readonly #random: () => number;
  #current = -1;
  #bytes = 0;

  constructor(switchBytes: number, random: () => number = Math.random) {
    this.#switchBytes = Math.max(1, switchBytes);
    this.#random = random;
  }

  mustSwitch(partitionCount: number): boolean {
    return this.#bytes >= this.#switchBytes || this.#current < 0 || this.#current >= partitionCount;
  }

  /** `isAvailable`: the partition has a leader; when none has, any is taken. */
  switch(partitionCount: number, isAvailable: (partition: number) => boolean): void {
    const start = Math.floor(this.#random() * partitionCount);
    let next = start;
    for (let i = 0; i < partitionCount; i++) {
      const candidate = (start + i) % partitionCount;
      if ((candidate === this.#current && partitionCount > 1) || !isAvailable(candidate)) continue;
      next = candidate;
      break;
    }
    this.#current = next;
    this.#bytes = 0;
  }

  get current(): number {
    return this.#current;
  }

  /** So many bytes went to the current partition. */
  took(bytes: number): void {
    this.#bytes += bytes;
  }
}
