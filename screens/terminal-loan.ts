/** Hands the terminal to somebody else, a shell or an editor, and takes it back whole. */

import type { Environment } from '../src/skin/terminal.ts';
import type { Session } from '../src/store/session.ts';
import type { TerminalPort } from '../src/store/terminal-port.ts';
import { clipboardSequence } from './clipboard.ts';
import { editText } from './editor.ts';
import type { LinkPace } from './link-pace.ts';
import { showText } from './show-text.ts';
import { type ConsoleStreams, stopJob } from './terminal.ts';

export interface LoanOptions {
  readonly session: Session;
  readonly link: LinkPace;
  /** Ink's: leaves the alternate screen and raw mode, runs `work`, comes back. */
  suspendTerminal(work: () => Promise<void>): Promise<void>;
  /** The terminal may have another size by now. */
  remeasure(): void;
}

export class TerminalLoan {
  readonly #options: LoanOptions;
  #isLent = false;

  constructor(options: LoanOptions) {
    this.#options = options;
  }

  /** Somebody else draws now: nothing may be written, and ctrl-c is theirs. */
  get isLent(): boolean {
    return this.#isLent;
  }

  /** Throws when it is lent already. */
  async lend<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isLent) throw new Error('the terminal is lent already');
    const { session, link, suspendTerminal, remeasure } = this.#options;
    this.#isLent = true;
    // Without an open handle the process would end while its input is not read.
    const hold = setInterval(() => undefined, 60_000);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    promise.catch(() => undefined);
    try {
      session.frames.stop();
      await link.settle();
      await suspendTerminal(async () => {
        await work().then(resolve, reject);
        this.#isLent = false;
      });
    } finally {
      clearInterval(hold);
      this.#isLent = false;
      session.frames.resume();
      remeasure();
      link.forget();
      session.refresh();
    }
    return promise;
  }
}

/** What others do with the terminal, whether it is drawn on or spoken to. */
export function lendingPort(
  loan: TerminalLoan,
  streams: ConsoleStreams,
  environment: Environment,
): Pick<TerminalPort, 'suspend' | 'copy' | 'show' | 'edit'> {
  return {
    suspend: () => loan.lend(stopJob),
    copy: (text) => {
      const sequence = clipboardSequence(text, environment);
      if (sequence !== null) streams.stdout.write(sequence);
      return sequence !== null;
    },
    show: (text) => loan.lend(() => showText(text, streams)),
    edit: (text, fileName) => loan.lend(() => editText(text, fileName, environment)),
  };
}
