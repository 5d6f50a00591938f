/** Ink on the terminal: draws the session's frames, hands its keys to the dispatcher, and gives the terminal to others and back. */
import { render } from 'ink';
import { systemClock } from '../src/base/clock.ts';
import type { Command } from '../src/keymap/command.ts';
import type { Dispatcher } from '../src/keymap/dispatcher.ts';
import { KeyDecoder } from '../src/keymap/key-decoder.ts';
import type { Keymap } from '../src/keymap/keymap.ts';
import type { Skin } from '../src/skin/skin.ts';
import type { Environment } from '../src/skin/terminal.ts';
import type { Leaving } from '../src/store/leaving.ts';
import type { Session } from '../src/store/session.ts';
import type { Target } from '../src/store/view.ts';
import { App } from './app.tsx';
import { LinkPace } from './link-pace.ts';
import type { createPanes } from './panes.ts';
import { printView } from './print-view.ts';
import { slimOutput } from './slim-output.ts';
import { type ConsoleStreams, measure, TerminalInput } from './terminal.ts';
import { lendingPort, TerminalLoan } from './terminal-loan.ts';

/** Ink draws from where the cursor stands, also on the alternate screen: somebody may have left it in the middle of a line. */
const LINE_START = '\r';
/** A terminal that takes nothing any more is not waited for longer. */
const LAST_WRITE_MS = 1_000;

export interface Parts {
  readonly session: Session;
  readonly dispatcher: Dispatcher;
  readonly panes: ReturnType<typeof createPanes>;
}

export interface ScreenOptions {
  readonly keymap: Keymap;
  /** Throws ConfigError. `null`: the one that was asked for at the start. */
  skin(name: string | null): Skin;
  skins(): readonly string[];
  readonly streams: ConsoleStreams;
  readonly environment: Environment;
}

/** An error of the screen itself: the worker behind it is well. */
export interface Failure {
  readonly leaving: Leaving;
  readonly error: unknown;
}

export interface Screen {
  readonly failed: Promise<Failure>;
  readonly isLent: boolean;
  repaint(): void;
  close(): Promise<void>;
}

export function openScreen({ session, dispatcher, panes }: Parts, { keymap, streams, environment, ...skins }: ScreenOptions): Screen {
  const { stdin, stdout } = streams;
  const link = new LinkPace({
    clock: session.clock,
    // Behind the frame, which Ink writes when React has settled.
    write: (text) => void setImmediate(() => stdout.write(text)),
    onFree: () => session.frames.resumeDrawing(),
  });
  const decoder = new KeyDecoder({
    onKeys: (keys) => dispatcher.press(keys),
    onPaste: (text) => dispatcher.paste(text),
    onCursorPlace: () => link.answered(),
    onBareEscape: () => link.prompt(),
  });
  const input = new TerminalInput(stdin, (text) => decoder.feed(text));
  let suspendTerminal: (work: () => Promise<void>) => Promise<void> = async (work) => work();
  measure(session, stdout);
  let skin = skins.skin(null);
  const parts = {
    panes,
    keymap,
    get skin() {
      return skin;
    },
    isAvailable: (command: Command, focus: Target) => dispatcher.isAvailable(command, focus),
  };
  const app = (
    <App
      session={session}
      parts={parts}
      onSuspendable={(suspend) => {
        suspendTerminal = suspend;
      }}
    />
  );
  stdout.write(LINE_START);
  const instance = render(app, {
    stdin: input as unknown as NodeJS.ReadStream,
    stdout: slimOutput(stdout),
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
    // The frame clock decides when to draw; Ink is to draw then.
    maxFps: 250,
  });
  const exited = instance.waitUntilExit();
  const repaint = () => {
    instance.clear();
    session.update({});
    session.frames.flush();
  };
  const loan = new TerminalLoan({
    session,
    link,
    suspendTerminal: (work) =>
      suspendTerminal(async () => {
        await work();
        stdout.write(LINE_START);
      }),
    remeasure: () => measure(session, stdout),
  });
  session.terminal = {
    canDraw: (isUrgent) => !stdout.writableNeedDrain && link.canDraw(isUrgent),
    latencyMs: () => link.latencyMs,
    drawn: () => link.drawn(),
    repaint,
    ...lendingPort(loan, streams, environment),
    skins: skins.skins,
    wear: (name) => {
      skin = skins.skin(name);
      session.update({});
    },
    print: (style) => printView(session.current(), panes, { skin: style === 'ansi' ? skin : null, width: null }),
  };
  return {
    get isLent() {
      return loan.isLent;
    },
    repaint: () => {
      link.forget();
      repaint();
    },
    failed: exited.then(
      () => new Promise<never>(() => undefined),
      (error: unknown) => ({ leaving: { code: 1, worker: 'leave', next: null } as const, error }),
    ),
    close: async () => {
      await link.settle();
      decoder.close();
      instance.unmount();
      await Promise.race([exited.catch(() => undefined), systemClock.sleep(LAST_WRITE_MS)]);
    },
  };
}
