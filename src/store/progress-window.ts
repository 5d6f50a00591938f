/** Shows what goes on, as it goes on. */
import { type Dialog, type DialogLine, noticeDialog } from './dialog.ts';
import type { Session } from './session.ts';

/** Opens again by itself with each change, until somebody closes it or opens another question; what it shows goes on then. */
export class ProgressWindow {
  readonly #session: Session;
  readonly #title: string;
  #shown: Dialog | null = null;
  #isClosed = false;

  constructor(session: Session, title: string) {
    this.#session = session;
    this.#title = title;
  }

  show(lines: readonly DialogLine[]): void {
    this.#isClosed ||= this.#shown !== null && this.#session.ui.dialog !== this.#shown;
    if (this.#isClosed) return;
    this.#shown = noticeDialog(this.#title, lines);
    this.#session.setDialog(this.#shown);
  }
}
