/**
 * Workers that go on without a screen on this host: one file each, so that a later console finds them. A file outlives its worker when
 * that is killed; it is known by the process that it names, and its start.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { ConnectError, messageOf } from '../../base/errors.ts';
import { startOf } from '../../base/processes.ts';
import { until } from '../../base/until.ts';
import { stateFolder } from '../../base/user-folders.ts';
import { writePrivateFile } from '../private-file.ts';

export interface Registration {
  readonly pid: number;
  /** Of the process: a number alone may be another's by now. */
  readonly processStart: string;
  readonly name: string;
  readonly restUrl: string;
  readonly bootstrapServers: string;
  /** The worker's own file, for the console's Kafka client; `null`: it has none. */
  readonly workerFile: string | null;
  /** ISO 8601, UTC. */
  readonly leftAt: string;
  readonly logFile: string;
}

const STOP_MS = 60_000;
const LOOK_MS = 100;

export function leftWorkersFolder(): string {
  return path.join(stateFolder(), 'workers');
}

/** Replaces the file whole; only its owner may read it. */
export function writeRegistration(worker: Registration, folder: string = leftWorkersFolder()): void {
  writePrivateFile(fileOf(worker.pid, folder), `${JSON.stringify(worker, null, 2)}\n`);
}

export function removeRegistration(pid: number, folder: string = leftWorkersFolder()): void {
  rmSync(fileOf(pid, folder), { force: true });
}

function fileOf(pid: number, folder: string): string {
  return path.join(folder, `${pid}.json`);
}

/** Those that still run, the newest first. Files of others are removed; one that cannot be read is passed over. */
export function leftWorkers(folder: string = leftWorkersFolder()): Registration[] {
  const found: Registration[] = [];
  for (const name of namesIn(folder)) {
    const worker = readOne(path.join(folder, name));
    if (worker === null) continue;
    if (startOf(worker.pid) === worker.processStart) found.push(worker);
    else removeRegistration(worker.pid, folder);
  }
  return found.sort((a, b) => b.leftAt.localeCompare(a.leftAt));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
  } catch {
    return [];
  }
}

const TEXTS = ['processStart', 'name', 'restUrl', 'bootstrapServers', 'leftAt', 'logFile'] as const;

function readOne(file: string): Registration | null {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Registration;
    const isWhole = Number.isInteger(value.pid) && TEXTS.every((name) => typeof value[name] === 'string');
    return isWhole && String(value.pid) === path.basename(file, '.json') ? value : null;
  } catch {
    return null;
  }
}

/** Asks it to end and waits for that. Throws ConnectError when it does not, or may not be asked. */
export async function stopLeftWorker(worker: Registration, waitMs: number = STOP_MS): Promise<void> {
  const isThere = () => startOf(worker.pid) === worker.processStart;
  if (!isThere()) return;
  try {
    process.kill(worker.pid, 'SIGTERM');
  } catch (error) {
    throw new ConnectError(`The worker ${worker.name} (pid ${worker.pid}) cannot be stopped: ${messageOf(error)}`, { cause: error });
  }
  if (!(await until(() => !isThere(), { clock: systemClock, forMs: waitMs, everyMs: LOOK_MS })))
    throw new ConnectError(
      `The worker ${worker.name} (pid ${worker.pid}) has been asked to stop and still runs after ${waitMs / 1000} s; its log is ${worker.logFile}.`,
    );
}
