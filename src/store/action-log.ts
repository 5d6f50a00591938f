/**
 * What was done from this console: one JSON line an action, append-only, mode 0600, secrets masked; the newest ones are kept to be
 * shown. The file is put aside as `.1` when it reaches 10 MB. A disk that refuses it is said once and never stops an action.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { messageOf } from '../base/errors.ts';
import { maskText } from '../base/mask.ts';
import { hideSecrets } from '../base/secrets.ts';
import { stateFolder } from '../base/user-folders.ts';

export interface ActionRecord {
  /** For the undo of it, which names it. */
  readonly id: string;
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
  /** Status of the HTTP answer; `null`: none came, or the worker runs in this process. */
  readonly response: number | null;
  /** State or values before. */
  readonly before: string | null;
  /** State or values after, as far as the answer tells them. */
  readonly after: string | null;
  /** `unknown`: it was sent, and its answer did not come. */
  readonly result: 'ok' | 'failed' | 'refused' | 'unknown';
  /** The error, or what there is to say. */
  readonly detail: string | null;
  readonly durationMs: number;
  /** Id of the action that this one takes back. */
  readonly undoOf: string | null;
  /** What the actions of one bulk have in common. */
  readonly bulk: string | null;
}

/** What the caller knows; the log adds who, when, from where. */
export type ActionEntry = Omit<ActionRecord, 'id' | 'time' | 'user' | 'from' | 'context' | 'response' | 'after' | 'undoOf' | 'bulk'> &
  Partial<Pick<ActionRecord, 'response' | 'after' | 'undoOf' | 'bulk'>>;

/** Fields that older files lack. */
const LATER_FIELDS = { response: null, after: null, undoOf: null, bulk: null } as const;

const ROTATE_BYTES = 10 * 1024 * 1024;
const KEPT = 500;

export function defaultActionLogFile(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return path.join(stateFolder(env), 'actions.ndjson');
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

  /** Gives its id. */
  add(entry: ActionEntry, nowMs: number): string {
    const record: ActionRecord = {
      id: randomBytes(4).toString('hex'),
      time: new Date(nowMs).toISOString(),
      user: userName(),
      from: process.env.SSH_CLIENT?.split(' ')[0] ?? null,
      context: this.#context,
      action: entry.action,
      target: entry.target,
      request: safe(entry.request),
      response: entry.response ?? null,
      before: entry.before && safe(entry.before),
      after: entry.after ? safe(entry.after) : null,
      result: entry.result,
      detail: entry.detail && safe(entry.detail),
      durationMs: entry.durationMs,
      undoOf: entry.undoOf ?? null,
      bulk: entry.bulk ?? null,
    };
    this.#records = [...this.#records.slice(-KEPT + 1), record];
    try {
      this.#append(`${JSON.stringify(record)}\n`);
    } catch (error) {
      if (!this.#hasComplained) this.#onProblem(`the action log ${this.file} cannot be written: ${messageOf(error)}`);
      this.#hasComplained = true;
    }
    return record.id;
  }

  #append(line: string): void {
    mkdirSync(path.dirname(this.file), { recursive: true, mode: 0o700 });
    if (existsSync(this.file) && statSync(this.file).size > ROTATE_BYTES) renameSync(this.file, `${this.file}.1`);
    const isNew = !existsSync(this.file);
    appendFileSync(this.file, line, { mode: 0o600 });
    if (isNew) chmodSync(this.file, 0o600);
  }
}

function safe(text: string): string {
  return maskText(hideSecrets(text));
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
    .flatMap((line, i) => {
      try {
        const record = JSON.parse(line) as Omit<ActionRecord, 'id'>;
        return typeof record.action === 'string' && typeof record.time === 'string'
          ? [{ id: `line ${i}`, ...LATER_FIELDS, ...record }]
          : [];
      } catch {
        return [];
      }
    });
}

export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? 'unknown';
  }
}
