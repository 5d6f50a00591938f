/** Standard output and standard error of whom nobody reads any more: `kconsole topics | head -1` ends without a trace. */

const NOBODY_READS: readonly (string | undefined)[] = ['EPIPE', 'EIO', 'ENXIO'];

/** What is written to a reader that is gone is dropped, and the exit code stays; a full disk is said, and is a failure. */
export function tolerateLostReaders(): void {
  // Nowhere is left to say it.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (NOBODY_READS.includes(error.code)) return;
    process.stderr.write(`kconsole: standard output cannot be written: ${error.message}.\n`);
    process.exitCode = 1;
  });
}
