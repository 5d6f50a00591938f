/** Starts the console on the terminal, and gives the terminal back whatever ends it. */
import './before-ink.ts';
import { homedir } from 'node:os';
import path from 'node:path';
import { render } from 'ink';
import { type Clock, systemClock } from '../src/base/clock.ts';
import { exitCodeOf, onEndingSignal } from '../src/base/ending-signals.ts';
import { messageOf, traceOf } from '../src/base/errors.ts';
import { logHub } from '../src/base/log.ts';
import type { Herder } from '../src/herder/herder.ts';
import type { Kafka } from '../src/kafka/contract.ts';
import { commandsFor } from '../src/keymap/commands.ts';
import { Dispatcher } from '../src/keymap/dispatcher.ts';
import { KeyDecoder } from '../src/keymap/key-decoder.ts';
import { createKeymap, type Keymap, readKeyOverrides } from '../src/keymap/keymap.ts';
import { loadSkin } from '../src/skin/load-skin.ts';
import { type Skin, toSkin } from '../src/skin/skin.ts';
import { MONO_SKIN } from '../src/skin/skins.ts';
import { colourLevel, type Environment, isAsciiOnly } from '../src/skin/terminal.ts';
import { defaultActionLogFile } from '../src/store/action-log.ts';
import { Operations } from '../src/store/operations.ts';
import { Session } from '../src/store/session.ts';
import { App } from './app.tsx';
import { LinkPace } from './link-pace.ts';
import { createPanes } from './panes.ts';
import { logicOf } from './parts/pane.ts';
import { type ConsoleStreams, makeUnblocking, silenceOthers, stopJob, TerminalInput, tolerateLoss } from './terminal.ts';

export interface RunConsoleOptions {
  /** `null`: no Connect. A promise: the console opens at once and waits for it beside. */
  readonly herder: Herder | null | Promise<Herder | null>;
  readonly kafka: Kafka | null | Promise<Kafka | null>;
  readonly contextName: string;
  readonly isReadOnly: boolean;
  readonly isProtected: boolean;
  /** The worker runs in this process: leaving stops it, and the questions say so. */
  readonly isWorkerEmbedded?: boolean;
  /** Stops what belongs to the console's end (the embedded worker, connections). Runs on the restored terminal. */
  beforeExit(): Promise<void>;
  /** Name of a skin, or a file; `null`: the default. */
  readonly skin?: string | null;
  /** Where `keymap.json` and `skins/` lie. Default: the XDG config folder's `kconsole`. */
  readonly configFolder?: string;
  readonly actionLogFile?: string;
  readonly environment?: Environment;
  readonly streams?: ConsoleStreams;
  readonly clock?: Clock;
}

const RESIZE_MS = 50;
/** A terminal that takes nothing any more is not waited for longer. */
const LAST_WRITE_MS = 1_000;
const UNTOUCHED = { columns: 80, rows: 24 };

/**
 * Runs until the user leaves or a signal comes; gives the exit code (0, 1 after an error, 128 + n after signal n). The terminal is
 * restored first, then `beforeExit` runs. Throws ConfigError before anything is drawn when keymap or skin are wrong.
 */
export async function runConsole(options: RunConsoleOptions): Promise<number> {
  const environment = options.environment ?? process.env;
  const streams = options.streams ?? { stdin: process.stdin, stdout: process.stdout };
  const folder = options.configFolder ?? path.join(environment.XDG_CONFIG_HOME || path.join(homedir(), '.config'), 'kconsole');
  const keymap = createKeymap(commandsFor(options), readKeyOverrides(path.join(folder, 'keymap.json')));
  const skin = makeSkin(options.skin ?? environment.KCONSOLE_SKIN ?? null, path.join(folder, 'skins'), environment);
  const parts = makeSession(options, keymap, environment);
  const { session } = parts;
  const undo = [silenceOthers(logHub), makeUnblocking(streams.stdout)];
  const screen = openScreen(parts, keymap, skin, streams);
  const crash = watchCrashes();
  undo.push(
    ...watchTerminal(session, streams, screen),
    onEndingSignal((signal) => session.exit(exitCodeOf(signal))),
    crash.stop,
  );
  connect(session, options);
  const outcome = await Promise.race([session.exited.then((code) => ({ code, error: null as unknown })), screen.failed, crash.happened]);
  session.close();
  await screen.close();
  for (const one of undo.reverse()) one();
  return leave(options, outcome.code, outcome.error, environment);
}

function makeSkin(name: string | null, folder: string, environment: Environment): Skin {
  const level = colourLevel(environment);
  return toSkin(level === 0 ? MONO_SKIN : loadSkin(name, folder), level, isAsciiOnly(environment));
}

interface Parts {
  readonly session: Session;
  readonly dispatcher: Dispatcher;
  readonly panes: ReturnType<typeof createPanes>;
}

function makeSession(options: RunConsoleOptions, keymap: Keymap, environment: Environment): Parts {
  const panes = createPanes(keymap);
  const logics = new Map([...panes].map(([id, pane]) => [id, logicOf(pane)]));
  const session = new Session({
    context: {
      name: options.contextName,
      isReadOnly: options.isReadOnly,
      isProtected: options.isProtected,
      isWorkerEmbedded: options.isWorkerEmbedded ?? false,
      hasConnect: options.herder !== null,
      hasKafka: options.kafka !== null,
    },
    panes: logics,
    actionLogFile: options.actionLogFile ?? defaultActionLogFile(environment),
    clock: options.clock ?? systemClock,
  });
  const dispatcher = new Dispatcher({ session, operations: new Operations(session), keymap, panes: logics });
  return { session, dispatcher, panes };
}

/** Sources may come later than the first frame, and one may fail alone. */
function connect(session: Session, options: RunConsoleOptions): void {
  const settle = async <T,>(source: T | null | Promise<T | null>, name: string): Promise<T | null> => {
    try {
      return await source;
    } catch (error) {
      session.flash('error', `${name}: ${messageOf(error)}`);
      return null;
    }
  };
  void Promise.all([settle(options.herder, 'Connect'), settle(options.kafka, 'Kafka')]).then(([herder, kafka]) =>
    session.start({ herder, kafka }),
  );
}

interface Screen {
  readonly failed: Promise<{ code: number; error: unknown }>;
  repaint(): void;
  close(): Promise<void>;
}

function openScreen({ session, dispatcher, panes }: Parts, keymap: Keymap, skin: Skin, { stdin, stdout }: ConsoleStreams): Screen {
  const link = new LinkPace({
    clock: systemClock,
    // Behind the frame, which Ink writes when React has settled.
    write: (text) => void setImmediate(() => stdout.write(text)),
    onFree: () => session.frames.resumeDrawing(),
  });
  const decoder = new KeyDecoder({
    onKeys: (keys) => dispatcher.press(keys),
    onPaste: (text) => dispatcher.paste(text),
    onCursorPlace: () => link.answered(),
  });
  const input = new TerminalInput(stdin, (text) => decoder.feed(text));
  let suspendTerminal: (work: () => Promise<void>) => Promise<void> = async (work) => work();
  session.resize(stdout.columns || UNTOUCHED.columns, stdout.rows || UNTOUCHED.rows);
  const app = (
    <App
      session={session}
      parts={{ panes, keymap, skin, isAvailable: (command, focus) => dispatcher.isAvailable(command, focus) }}
      onSuspendable={(suspend) => {
        suspendTerminal = suspend;
      }}
    />
  );
  const instance = render(app, {
    stdin: input as unknown as NodeJS.ReadStream,
    stdout,
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
    maxFps: 30,
  });
  const exited = instance.waitUntilExit();
  const repaint = () => {
    instance.clear();
    session.update({});
    session.frames.flush();
  };
  session.terminal = {
    canDraw: (isUrgent) => !stdout.writableNeedDrain && link.canDraw(isUrgent),
    latencyMs: () => link.latencyMs,
    drawn: () => link.drawn(),
    repaint,
    suspend: async () => {
      session.frames.stop();
      await link.settle();
      await suspend(session, suspendTerminal, stdout);
      link.forget();
    },
  };
  return {
    repaint: () => {
      link.forget();
      repaint();
    },
    failed: exited.then(
      () => new Promise<never>(() => undefined),
      (error: unknown) => ({ code: 1, error }),
    ),
    close: async () => {
      await link.settle();
      decoder.close();
      instance.unmount();
      await Promise.race([exited.catch(() => undefined), systemClock.sleep(LAST_WRITE_MS)]);
    },
  };
}

async function suspend(
  session: Session,
  suspendTerminal: (work: () => Promise<void>) => Promise<void>,
  stdout: NodeJS.WriteStream,
): Promise<void> {
  // Without an open handle the process would end while its input is not read.
  const hold = setInterval(() => undefined, 60_000);
  try {
    await suspendTerminal(stopJob);
  } finally {
    clearInterval(hold);
    session.frames.resume();
    session.resize(stdout.columns || UNTOUCHED.columns, stdout.rows || UNTOUCHED.rows);
    session.refresh();
  }
}

function watchTerminal(session: Session, { stdin, stdout }: ConsoleStreams, screen: Screen): (() => void)[] {
  let timer: NodeJS.Timeout | null = null;
  const onResize = () => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => {
      session.resize(stdout.columns || UNTOUCHED.columns, stdout.rows || UNTOUCHED.rows);
      session.frames.flush();
    }, RESIZE_MS);
  };
  const onDrain = () => session.frames.resumeDrawing();
  // Somebody else stopped us (kill -STOP): the shell has set the terminal to its own modes meanwhile.
  const onContinue = () => {
    if (stdin.isTTY && stdin.isRaw) stdin.setRawMode(false).setRawMode(true);
    screen.repaint();
  };
  stdout.on('resize', onResize);
  stdout.on('drain', onDrain);
  process.on('SIGCONT', onContinue);
  return [
    () => {
      if (timer) clearTimeout(timer);
      stdout.off('resize', onResize);
      stdout.off('drain', onDrain);
      process.off('SIGCONT', onContinue);
    },
    tolerateLoss(stdout, () => session.exit(exitCodeOf('SIGHUP'))),
  ];
}

/** What nobody caught ends the console in order: the terminal is restored before anything is said. */
function watchCrashes(): { happened: Promise<{ code: number; error: unknown }>; stop(): void } {
  const { promise, resolve } = Promise.withResolvers<{ code: number; error: unknown }>();
  const onError = (error: unknown) => resolve({ code: 1, error });
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return {
    happened: promise,
    stop: () => {
      process.off('uncaughtException', onError);
      process.off('unhandledRejection', onError);
    },
  };
}

/** On the restored terminal: the error if there was one, then the end of the worker. A second signal ends at once. */
async function leave(options: RunConsoleOptions, code: number, error: unknown, environment: Environment): Promise<number> {
  const endWatch = onEndingSignal((signal) => process.exit(exitCodeOf(signal)));
  try {
    if (error !== null)
      process.stderr.write(
        `kconsole: the console has failed\n${traceOf(error)}What was done is in ${options.actionLogFile ?? defaultActionLogFile(environment)}\n`,
      );
    await options.beforeExit();
  } finally {
    endWatch();
  }
  return code;
}
