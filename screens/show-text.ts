/** A text on the plain screen, where the terminal itself breaks its lines: selected by hand it is whole. Asks for a terminal that is free. */
import type { ConsoleStreams } from './terminal.ts';

/** Until Enter, or ctrl-c. */
export async function showText(text: string, { stdin, stdout }: ConsoleStreams): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onReadable = () => {
    for (let read = stdin.read() as string | Buffer | null; read !== null; read = stdin.read() as string | Buffer | null)
      if (/[\r\n\x03\x04]/.test(String(read))) resolve();
  };
  stdin.on('readable', onReadable);
  stdin.on('end', resolve);
  process.on('SIGINT', resolve);
  stdin.ref();
  stdout.write(`\n${text}\n\n(Enter goes back to kconsole) `);
  try {
    await promise;
  } finally {
    stdin.off('readable', onReadable);
    stdin.off('end', resolve);
    process.off('SIGINT', resolve);
    stdin.unref();
  }
}
