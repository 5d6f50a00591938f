/** The console for a screen reader: no alternate screen, nothing drawn, a line for each thing that happens. */
import { systemClock } from '../../src/base/clock.ts';
import { KeyDecoder } from '../../src/keymap/key-decoder.ts';
import type { Parts, Screen, ScreenOptions } from '../ink-screen.tsx';
import { LinkPace } from '../link-pace.ts';
import { printView } from '../print-view.ts';
import { measure, TerminalInput } from '../terminal.ts';
import { lendingPort, TerminalLoan } from '../terminal-loan.ts';
import { Speaker } from './speaker.ts';

/** The terminal is in raw mode: a line feed alone would not go back to the left. */
const NEW_LINE = '\r\n';

export function openSpoken({ session, dispatcher, panes }: Parts, { streams, environment }: ScreenOptions): Screen {
  const { stdin, stdout } = streams;
  const decoder = new KeyDecoder({
    onKeys: (keys) => dispatcher.press(keys),
    onPaste: (text) => dispatcher.paste(text),
    onCursorPlace: () => undefined,
  });
  const input = new TerminalInput(stdin, (text) => decoder.feed(text));
  const speaker = new Speaker({ panes, say: (sentence) => void stdout.write(sentence + NEW_LINE) });
  const tell = () => {
    const snapshot = session.snapshot();
    const count = snapshot.selection?.ids.length ?? 0;
    session.shown({ top: snapshot.view.top, height: snapshot.size.rows, count });
    speaker.tell(snapshot);
  };
  // Nothing is drawn, so nothing has to be asked of the line.
  const link = new LinkPace({ clock: systemClock, write: () => undefined, onFree: () => undefined });
  const loan = new TerminalLoan({
    session,
    link,
    suspendTerminal: async (work) => {
      input.setRawMode(false);
      try {
        await work();
      } finally {
        input.setRawMode(true);
      }
    },
    remeasure: () => measure(session, stdout),
  });
  session.terminal = {
    canDraw: () => !stdout.writableNeedDrain,
    latencyMs: () => null,
    drawn: () => undefined,
    repaint: () => speaker.tellAll(),
    ...lendingPort(loan, streams, environment),
    skins: () => [],
    wear: () => session.flash('info', 'nothing is drawn here, so there are no colours'),
    print: () => printView(session.current(), panes, { skin: null, width: null }),
  };
  measure(session, stdout);
  input.setEncoding('utf8');
  input.setRawMode(true);
  const unsubscribe = session.subscribe(tell);
  stdout.write(`kconsole, ${session.context.name}. ? lists the keys, control L reads what is in sight, control R asks again.${NEW_LINE}`);
  tell();
  return {
    get isLent() {
      return loan.isLent;
    },
    repaint: () => undefined,
    failed: new Promise(() => undefined),
    close: async () => {
      unsubscribe();
      decoder.close();
      input.setRawMode(false);
      input.unref();
    },
  };
}
