/**
 * `kconsole standalone` and `kconsole distributed`: the workers of `connect-standalone` and `connect-distributed`, with the console on top or
 * headless. Exit codes as the originals'.
 */
import path from 'node:path';
import { messageOf } from '../base/errors.ts';
import { logFor, logHub } from '../base/log.ts';
import { LogRing } from '../base/log-ring.ts';
import { StartError } from '../herder/start-error.ts';
import { readPropertiesFile } from '../spec/properties-file.ts';
import type { OpenScreen } from './console.ts';
import { leftWorkers, type Registration } from './left/registration.ts';
import { createLogOutput, parseLogFormat } from './log-output.ts';
import { type ScreenFlags, screenProblem } from './screen-flags.ts';
import { watchEnding } from './signals.ts';
import type { WorkerSession } from './worker-session.ts';

export interface WorkerFlags extends ScreenFlags {
  readonly daemon?: boolean;
  readonly logFormat?: string;
  readonly readOnly?: boolean;
}

/** A worker of one kind. */
export interface WorkerKind {
  /** The subcommand; also what the console calls its context. */
  readonly name: 'standalone' | 'distributed';
  readonly logger: string;
  /** Rejects with an error that names what is wrong; nothing runs then. `signal`: nobody waits for the worker any more. */
  start(properties: Readonly<Record<string, string>>, ring: LogRing, signal: AbortSignal): Promise<WorkerSession>;
}

/** The worker could not be built: configuration, a port, no Kafka. */
const NOT_BUILT = 2;

interface ScreenIo {
  readonly open: OpenScreen;
  readonly ring: LogRing;
}

export async function runWorkerCommand(kind: WorkerKind, workerFile: string, flags: WorkerFlags, open: OpenScreen): Promise<number> {
  const ring = new LogRing();
  logHub.attach(ring.sink);
  const problem = flags.daemon ? null : screenProblem(flags);
  if (problem !== null) {
    process.stderr.write(`kconsole: ${problem}; add --daemon to run the worker without a screen.\n`);
    return 1;
  }
  return flags.daemon ? headless(kind, workerFile, flags, ring) : withScreen(kind, workerFile, flags, { open, ring });
}

async function headless(kind: WorkerKind, workerFile: string, flags: WorkerFlags, ring: LogRing): Promise<number> {
  const log = logFor(kind.logger);
  const { asked } = watchEnding();
  const ending = new AbortController();
  void asked.then((signal) => ending.abort(signal));
  let output = createLogOutput('text');
  const detach = logHub.attach(output.sink);
  try {
    const properties = readPropertiesFile(workerFile);
    const format = parseLogFormat(flags.logFormat ?? properties['kconsole.log.format']);
    if (format === 'json') {
      detach();
      output = createLogOutput(format);
      logHub.attach(output.sink);
    }
    const session = await kind.start(properties, ring, ending.signal);
    const why = await Promise.race([asked, session.failed, session.drained]);
    log.info(`${why}: stopping; a second signal ends at once`);
    await session.stop();
    return why instanceof Error ? NOT_BUILT : 0;
  } catch (error) {
    // Told to end while it waited for Kafka.
    if (ending.signal.aborted) return 0;
    log.error(messageOf(error));
    const left = leftHint(workerFile);
    if (left !== null) log.error(left);
    return error instanceof StartError ? error.exitCode : NOT_BUILT;
  } finally {
    await output.flush();
    // Sockets that a broken start left to close by themselves must not hold the process.
    setImmediate(() => process.exit());
  }
}

/** Whoever lost the terminal starts the same again, and finds the port taken by what still runs; `null`: nothing of this file was left. */
export function leftHint(workerFile: string, workers: readonly Registration[] = leftWorkers()): string | null {
  const own = workers.find((one) => one.workerFile === path.resolve(workerFile));
  if (!own) return null;
  return `A worker of this file goes on without a screen (pid ${own.pid}, ${own.restUrl}). Run kconsole without a file to attach to it; leaving that console can stop the worker.`;
}

async function withScreen(kind: WorkerKind, workerFile: string, flags: WorkerFlags, io: ScreenIo): Promise<number> {
  let worker: WorkerSession;
  try {
    const workerProperties = readPropertiesFile(workerFile);
    process.stderr.write('kconsole: starting the worker …\n');
    worker = await kind.start(workerProperties, io.ring, new AbortController().signal);
  } catch (error) {
    process.stderr.write(`kconsole: ${messageOf(error)}\n`);
    const left = leftHint(workerFile);
    if (left !== null) process.stderr.write(`kconsole: ${left}\n`);
    setImmediate(() => process.exit());
    return error instanceof StartError ? error.exitCode : NOT_BUILT;
  }
  const { openOverWorker } = await import('./console.ts');
  return openOverWorker(io.open, worker, {
    contextName: kind.name,
    isReadOnly: flags.readOnly ?? false,
    workerProperties: worker.properties,
    workerFile: path.resolve(workerFile),
    ring: io.ring,
  });
}
