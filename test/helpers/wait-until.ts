/** How long a JVM may take to start, and to be where it is waited for, on a machine that has much else to do. */
export const JVM_START_MS = 170_000;
/** Against waiting for ever, on a machine that may be a tenth as fast as another: no bar for what is waited for. */
export const LIMIT_MS = 120_000;

/**
 * Waits for a fact that only the outside can tell: resolves as soon as `check` answers true. Errors of `check` count as «not yet».
 * Fails after `timeoutMs` with the sentence and the last answer seen.
 */
export async function waitUntil(sentence: string | (() => string), check: () => unknown, timeoutMs = LIMIT_MS): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    let last: unknown;
    try {
      last = await check();
      if (last === true) return;
    } catch (error) {
      last = error;
    }
    if (performance.now() > endMs) {
      const what = typeof sentence === 'string' ? sentence : sentence();
      const seen =
        last instanceof Error ? last.message : JSON.stringify(last, (_, value) => (typeof value === 'bigint' ? String(value) : value));
      throw new Error(`waited ${timeoutMs / 1000} s for: ${what} (last seen: ${seen})`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
