/** Starts the console on the terminal, and gives the terminal back whatever ends it. */
import './before-ink.ts';
import path from 'node:path';
import { type Clock, systemClock } from '../src/base/clock.ts';
import { exitCodeOf, onEndingSignal } from '../src/base/ending-signals.ts';
import { messageOf, traceOf } from '../src/base/errors.ts';
import { logHub } from '../src/base/log.ts';
import { muteStream } from '../src/base/mute-stream.ts';
import { keepHeapSmall } from '../src/base/small-heap.ts';
import { configFolder } from '../src/base/user-folders.ts';
import { commandsFor } from '../src/keymap/commands.ts';
import { Dispatcher } from '../src/keymap/dispatcher.ts';
import { createKeymap, type Keymap, readKeyOverrides } from '../src/keymap/keymap.ts';
import { loadSkin, skinNames } from '../src/skin/load-skin.ts';
import { type ColourLevel, type Skin, toSkin } from '../src/skin/skin.ts';
import { MONO_SKIN } from '../src/skin/skins.ts';
import { colourLevel, type Environment, isAsciiOnly } from '../src/skin/terminal.ts';
import { defaultActionLogFile } from '../src/store/action-log.ts';
import { NO_ADDRESSES } from '../src/store/addresses.ts';
import type { Leaving } from '../src/store/leaving.ts';
import { Operations } from '../src/store/operations.ts';
import type { ScreenSources } from '../src/store/screen-sources.ts';
import { Session } from '../src/store/session.ts';
import { openStart } from '../src/store/start-flow.ts';
import { type Failure, openScreen, type Parts, type Screen } from './ink-screen.tsx';
import { createPanes } from './panes.ts';
import { logicsOf } from './parts/pane.ts';
import { openSpoken } from './spoken/open-spoken.ts';
import { type ConsoleStreams, isThere, makeUnblocking, measure, silenceOthers, tolerateLoss } from './terminal.ts';

export interface RunConsoleOptions extends ScreenSources {
  /** What the command line says about the look; the environment decides what it leaves open. */
  readonly colours?: ColourLevel;
  readonly isAscii?: boolean;
  /** For a screen reader: nothing is drawn. */
  readonly isAccessible?: boolean;
  /** Where `keymap.json` and `skins/` lie. Default: the XDG config folder's `kconsole`. */
  readonly configFolder?: string;
  readonly actionLogFile?: string;
  readonly environment?: Environment;
  readonly streams?: ConsoleStreams;
  readonly clock?: Clock;
}

const RESIZE_MS = 50;
/** Log levels that were set for a while are set back before the console ends; a worker that does not answer is not waited for longer. */
const LEVELS_MS = 2_000;

/**
 * Runs until the user leaves, a signal comes or the terminal is gone; the exit code is 0, 1 after an error, 128 + n after signal n. The
 * terminal is restored first, then `atEnd` runs. Throws ConfigError before anything is drawn when keymap or skin are wrong.
 */
export async function runConsole(options: RunConsoleOptions): Promise<Leaving> {
  const environment = options.environment ?? process.env;
  const streams = options.streams ?? { stdin: process.stdin, stdout: process.stdout };
  const folder = options.configFolder ?? configFolder(environment);
  const keymap = createKeymap(commandsFor(options), readKeyOverrides(path.join(folder, 'keymap.json')));
  const skins = path.join(folder, 'skins');
  const skin = (name: string | null) => makeSkin(name ?? options.skin ?? environment.KCONSOLE_SKIN ?? null, skins, options, environment);
  // Wrong ones are said before anything is drawn.
  skin(null);
  const parts = makeSession(options, keymap, environment);
  const { session } = parts;
  const undo = [silenceOthers(logHub), makeUnblocking(streams.stdout)];
  if (!options.isWorkerEmbedded) undo.push(keepHeapSmall());
  const screen = (options.isAccessible ? openSpoken : openScreen)(parts, {
    keymap,
    skin,
    skins: () => skinNames(skins),
    streams,
    environment,
  });
  const crash = watchCrashes();
  // Nobody sees the screen any more, and an embedded worker goes on. A terminal that is still there is given back, one that is not is left alone.
  const lost = () => {
    if (!isThere(streams.stdout)) muteStream(streams.stdout);
    session.exit(exitCodeOf('SIGHUP'), { worker: 'leave' });
  };
  undo.push(
    ...watchTerminal(session, streams, screen, lost),
    // ctrl-c on a lent terminal is for its borrower.
    onEndingSignal((signal) => {
      if (signal === 'SIGHUP') lost();
      else if (!screen.isLent || signal === 'SIGTERM') session.exit(exitCodeOf(signal));
    }),
    crash.stop,
  );
  connect(session, options);
  if (session.host.isStart) openStart(session);
  void options.workerEnded?.then(() => session.exit(0));
  if (options.notice !== undefined) session.flash('warn', options.notice);
  const outcome = await Promise.race([
    session.exited.then((leaving) => ({ leaving, error: null as unknown })),
    screen.failed,
    crash.happened,
  ]);
  const unfinished = session.bulk?.abandon() ?? null;
  session.close();
  await screen.close();
  for (const one of undo.reverse()) one();
  if (unfinished !== null) process.stderr.write(`kconsole: ${unfinished}. Each one is in ${session.actionLog.file}\n`);
  for (const left of await parts.operations.levels.settle(LEVELS_MS)) process.stderr.write(`kconsole: ${left}\n`);
  return leave(options, outcome.leaving, outcome.error, environment);
}

function makeSkin(name: string | null, folder: string, options: RunConsoleOptions, environment: Environment): Skin {
  const level = options.colours ?? colourLevel(environment);
  return toSkin(level === 0 ? MONO_SKIN : loadSkin(name, folder), level, options.isAscii ?? isAsciiOnly(environment));
}

function makeSession(options: RunConsoleOptions, keymap: Keymap, environment: Environment): Parts & { readonly operations: Operations } {
  const panes = createPanes(keymap);
  const session = new Session({
    context: {
      name: options.contextName,
      isReadOnly: options.isReadOnly,
      isProtected: options.isProtected,
      ...(options.colour === undefined ? {} : { colour: options.colour }),
      isWorkerEmbedded: options.isWorkerEmbedded ?? false,
      hasConnect: options.herder !== null,
      hasKafka: options.kafka !== null,
      addresses: options.addresses ?? NO_ADDRESSES,
    },
    panes: logicsOf(panes),
    actionLogFile: options.actionLogFile ?? defaultActionLogFile(environment),
    clock: options.clock ?? systemClock,
  });
  if (options.host) session.host = options.host;
  const operations = new Operations(session);
  return { session, operations, dispatcher: new Dispatcher({ session, operations, keymap }), panes };
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
    session.start({ herder, kafka, registry: options.registry ?? null }),
  );
}

function watchTerminal(session: Session, { stdin, stdout }: ConsoleStreams, screen: Screen, lost: () => void): (() => void)[] {
  let timer: NodeJS.Timeout | null = null;
  const onResize = () => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => {
      measure(session, stdout);
      session.frames.flush();
      // Frames of other sizes were drawn on the way, and rows of theirs may still stand there.
      if (!screen.isLent) screen.repaint();
    }, RESIZE_MS);
  };
  const onDrain = () => session.frames.resumeDrawing();
  // Somebody else stopped us (kill -STOP): the shell has set the terminal to its own modes meanwhile.
  const onContinue = () => {
    if (screen.isLent) return;
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
    tolerateLoss({ stdin, stdout }, lost),
  ];
}

/** What nobody caught ends the console in order: the terminal is restored before anything is said. */
function watchCrashes(): { happened: Promise<Failure>; stop(): void } {
  const { promise, resolve } = Promise.withResolvers<Failure>();
  const onError = (error: unknown) => resolve({ leaving: { code: 1, worker: 'stop', next: null }, error });
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
async function leave(options: RunConsoleOptions, leaving: Leaving, error: unknown, environment: Environment): Promise<Leaving> {
  const endWatch = leaving.worker === 'leave' ? () => undefined : onEndingSignal((signal) => process.exit(exitCodeOf(signal)));
  try {
    if (error !== null)
      process.stderr.write(
        `kconsole: the console has failed\n${traceOf(error)}What was done is in ${options.actionLogFile ?? defaultActionLogFile(environment)}\n`,
      );
    await options.atEnd(leaving);
  } finally {
    endWatch();
  }
  return leaving;
}
