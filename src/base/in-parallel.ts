/** Many pieces of work, a few of them at a time. */

/** In their order, each begun as soon as one before it is done. Rejects as `work` does; those that run by then go on. */
export async function inParallel<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values();
  const worker = async () => {
    for (const one of left) await work(one);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
