/** Waiting times between attempts: exponential with a ceiling and ±20 % jitter, as Kafka's clients do (KIP-580). */
export function backoffMs(attempt: number, firstMs: number, maxMs: number, random: () => number = Math.random): number {
  const plain = Math.min(firstMs * 2 ** Math.min(attempt, 30), Math.max(firstMs, maxMs));
  return Math.round(plain * (0.8 + 0.4 * random()));
}
