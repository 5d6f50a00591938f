/**
 * A worker whose console has gone: the terminal was lost, or the user left it running. It goes on in this very process, tasks untouched:
 * with its log in a file, deaf to the terminal's end, found by the next console, until SIGTERM.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, traceOf } from '../../base/errors.ts';
import { logFor, logHub } from '../../base/log.ts';
import type { LogRing } from '../../base/log-ring.ts';
import { muteStream } from '../../base/mute-stream.ts';
import { startOf } from '../../base/processes.ts';
import { createLogOutput } from '../log-output.ts';
import { leaveLauncher, watchEnding } from '../signals.ts';
import { leftWorkersFolder, type Registration, removeRegistration, writeRegistration } from './registration.ts';
import { RotatingFile } from './rotating-file.ts';

export interface HeadlessWorker {
  readonly name: string;
  readonly restUrl: string;
  readonly bootstrapServers: string;
  readonly workerFile: string | null;
  /** What was logged while the screen was there begins the file. */
  readonly ring: LogRing;
  /** Resolves with the reason when it is to end by itself. */
  readonly drained: Promise<string>;
  stop(): Promise<void>;
}

const LOGGER = 'kconsole.worker';
/** Logs of workers that have ended; the oldest go first. */
const KEPT_LOGS = 10;

/** Resolves when the worker has stopped. `why`: a sentence for its log. */
export async function goHeadless(worker: HeadlessWorker, why: string): Promise<void> {
  const ending = watchEnding({ isHangUpIgnored: true });
  const folder = leftWorkersFolder();
  const registration = register(worker, path.join(folder, `${worker.name.replaceAll(/[^\w.-]+/g, '_')}-${process.pid}.log`));
  const file = new RotatingFile(registration.logFile);
  const output = createLogOutput('text', file);
  for (const event of worker.ring.read()) output.sink(event);
  const detach = logHub.attach(output.sink);
  const log = logFor(LOGGER);
  const crash = Promise.withResolvers<string>();
  const onCrash = (error: unknown) => crash.resolve(`an error that nobody caught: ${traceOf(error).trimEnd()}`);
  process.on('uncaughtException', onCrash);
  process.on('unhandledRejection', onCrash);
  log.info(`${why}; the worker goes on without a screen, pid ${process.pid}, REST API at ${worker.restUrl}`);
  announce(registration, folder);
  leaveLauncher();
  muteStream(process.stdout);
  muteStream(process.stderr);
  log.info(`${await Promise.race([ending.asked, crash.promise, worker.drained])}: stopping; a signal more ends at once`);
  try {
    await worker.stop();
  } catch (error) {
    log.error(`the worker did not stop cleanly: ${messageOf(error)}`);
  }
  removeRegistration(process.pid, folder);
  detach();
  await output.flush();
  ending.release();
}

function register({ name, restUrl, bootstrapServers, workerFile }: HeadlessWorker, logFile: string): Registration {
  return {
    pid: process.pid,
    processStart: startOf(process.pid) ?? '',
    name,
    restUrl,
    bootstrapServers,
    workerFile,
    leftAt: new Date().toISOString(),
    logFile,
  };
}

/** On the terminal, if there still is one, and for the consoles to come. */
function announce(registration: Registration, folder: string): void {
  const { pid, restUrl, logFile } = registration;
  try {
    writeRegistration(registration, folder);
    dropOldLogs(folder);
  } catch (error) {
    logFor(LOGGER).error(`${folder} cannot be written, so that kconsole will not find this worker by itself: ${messageOf(error)}`);
  }
  process.stderr.write(
    `kconsole: the worker goes on without a screen.\n  kconsole     attaches to it again (REST ${restUrl})\n  kill ${pid}   stops it in order\n  its log      ${logFile}\n`,
  );
}

function dropOldLogs(folder: string): void {
  const logs = readdirSync(folder)
    .filter((name) => name.endsWith('.log') && !name.endsWith(`-${process.pid}.log`))
    .filter((name) => startOf(Number(/-(\d+)\.log$/.exec(name)?.[1] ?? Number.NaN)) === null)
    .map((name) => ({ name, mtimeMs: statSync(path.join(folder, name)).mtimeMs }))
    .sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { name } of logs.slice(KEPT_LOGS)) {
    rmSync(path.join(folder, name), { force: true });
    rmSync(path.join(folder, `${name}.1`), { force: true });
  }
}
