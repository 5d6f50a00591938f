/**
 * What was done from this console: one JSON line an action, append-only, mode 0600, secrets masked; the newest ones are kept to be
 * shown. The file is put aside as `.1` when it reaches 10 MB. A disk that refuses it is said once and never stops an action.
 */
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { messageOf } from '../base/errors.ts';
import { maskText } from '../base/mask.ts';

export interface ActionRecord {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly user: string;
  /** Address that an ssh session came from. */
  readonly from: string | null;
  readonly context: string;
  /** Id of the command. */
  readonly action: string;
  readonly target: string;
  /** What was asked of the worker. */
  readonly request: string;
  /** State or values before. */
  readonly before: string | null;
  readonly result: 'ok' | 'failed' | 'refused';
  /** State or values after, or the error. */
  readonly detail: string | null;
  readonly durationMs: number;
}

const ROTATE_BYTES = 10 * 1024 * 1024;
const KEPT = 500;

export function defaultActionLogFile(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return path.join(env.XDG_STATE_HOME || path.join(homedir(), '.local', 'state'), 'kconsole', 'actions.ndjson');
}

export class ActionLog {
  readonly file: string;
  readonly #context: string;
  readonly #onProblem: (message: string) => void;
  #records: readonly ActionRecord[];
  #hasComplained = false;

  constructor(options: { file: string; context: string; onProblem(message: string): void }) {
    this.file = options.file;
    this.#context = options.context;
    this.#onProblem = options.onProblem;
    this.#records = readLast(options.file);
  }

  /** Oldest first. */
  get records(): readonly ActionRecord[] {
    return this.#records;
  }

  add(entry: Omit<ActionRecord, 'time' | 'user' | 'from' | 'context'>, nowMs: number): void {
    const record: ActionRecord = {
      time: new Date(nowMs).toISOString(),
      user: userName(),
      from: process.env.SSH_CLIENT?.split(' ')[0] ?? null,
      context: this.#context,
      ...entry,
      request: maskText(entry.request),
      before: entry.before && maskText(entry.before),
      detail: entry.detail && maskText(entry.detail),
    };
    this.#records = [...this.#records.slice(-KEPT + 1), record];
    try {
      this.#append(`${JSON.stringify(record)}\n`);
    } catch (error) {
      if (!this.#hasComplained) this.#onProblem(`the action log ${this.file} cannot be written: ${messageOf(error)}`);
      this.#hasComplained = true;
    }
  }

  #append(line: string): void {
    mkdirSync(path.dirname(this.file), { recursive: true, mode: 0o700 });
    if (existsSync(this.file) && statSync(this.file).size > ROTATE_BYTES) renameSync(this.file, `${this.file}.1`);
    const isNew = !existsSync(this.file);
    appendFileSync(this.file, line, { mode: 0o600 });
    if (isNew) chmodSync(this.file, 0o600);
  }
}

function readLast(file: string): ActionRecord[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .slice(-KEPT - 1)
    .flatMap((line) => {
      try {
        const record = JSON.parse(line) as ActionRecord;
        return typeof record.action === 'string' && typeof record.time === 'string' ? [record] : [];
      } catch {
        return [];
      }
    });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? 'unknown';
  }
}
