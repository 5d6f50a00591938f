/**
 * Logging as events: one event goes to every attached sink (stderr, the ring that the console and REST read, a thread's port).
 * Loggers are named like Connect's (`org.apache.kafka.connect…`) so that `PUT /admin/loggers` means what operators expect.
 */
import { traceOf } from './errors.ts';
import { hideSecrets } from './secrets.ts';

export const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'OFF'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogEvent {
  readonly timeMs: number;
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: string;
  readonly connector: string | null;
  readonly task: number | null;
  /** Trace text of the error, if there is one. */
  readonly trace: string | null;
}

export type LogSink = (event: LogEvent) => void;

export interface LogContext {
  readonly connector?: string;
  readonly task?: number;
}

export interface Log {
  readonly name: string;
  debug(message: string, error?: unknown): void;
  info(message: string, error?: unknown): void;
  warn(message: string, error?: unknown): void;
  error(message: string, error?: unknown): void;
  isEnabled(level: LogLevel): boolean;
  /** The same logger speaking for one connector or task. */
  for(context: LogContext): Log;
}

/** What the loggers of one thread share: the sinks and the levels. */
export class LogHub {
  readonly #sinks = new Set<LogSink>();
  /** Levels that were set, by logger name; `root` is always there. */
  readonly #levels = new Map<string, { level: LogLevel; lastModifiedMs: number | null }>([
    ['root', { level: 'INFO', lastModifiedMs: null }],
  ]);
  readonly #names = new Set<string>();
  readonly #wallMs: () => number;
  #version = 0;

  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
  }

  attach(sink: LogSink): () => void {
    this.#sinks.add(sink);
    return () => this.#sinks.delete(sink);
  }

  /** Every event goes through here: what the sinks get has no secrets in it. */
  publish(event: LogEvent): void {
    const trace = event.trace === null ? null : hideSecrets(event.trace);
    const clean = { ...event, message: hideSecrets(event.message), trace };
    for (const sink of this.#sinks) sink(clean);
  }

  log(name: string, context: LogContext = {}): Log {
    this.#names.add(name);
    let cachedVersion = -1;
    let threshold = 0;
    const isEnabled = (level: LogLevel) => {
      if (cachedVersion !== this.#version) {
        threshold = LOG_LEVELS.indexOf(this.effectiveLevel(name));
        cachedVersion = this.#version;
      }
      return LOG_LEVELS.indexOf(level) >= threshold;
    };
    const write = (level: LogLevel, message: string, error: unknown) => {
      if (!isEnabled(level)) return;
      this.publish({
        timeMs: this.#wallMs(),
        level,
        logger: name,
        message,
        connector: context.connector ?? null,
        task: context.task ?? null,
        trace: error === undefined || error === null ? null : traceOf(error),
      });
    };
    return {
      name,
      debug: (m, e) => write('DEBUG', m, e),
      info: (m, e) => write('INFO', m, e),
      warn: (m, e) => write('WARN', m, e),
      error: (m, e) => write('ERROR', m, e),
      isEnabled,
      for: (more) => this.log(name, { ...context, ...more }),
    };
  }

  /** Level that holds for a logger: its own, else that of the nearest parent, else root's. */
  effectiveLevel(name: string): LogLevel {
    for (let at = name; at !== ''; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') {
      const own = this.#levels.get(at);
      if (own) return own.level;
    }
    return this.#levels.get('root')?.level ?? 'INFO';
  }

  /** Every logger that has spoken or was set, sorted, with its effective level. */
  loggers(): Map<string, { level: LogLevel; lastModifiedMs: number | null }> {
    const names = [...new Set([...this.#names, ...this.#levels.keys()])].sort();
    return new Map(
      names.map((n) => [
        n,
        {
          level: n === 'root' ? this.effectiveLevel('root') : this.effectiveLevel(n),
          lastModifiedMs: this.#levels.get(n)?.lastModifiedMs ?? null,
        },
      ]),
    );
  }

  /** Sets a logger and the known loggers below it; answers with their names, sorted (KIP-495). */
  setLevel(name: string, level: LogLevel, nowMs: number = this.#wallMs()): string[] {
    const known = name === 'root' ? [...this.loggers().keys()] : [...this.loggers().keys()].filter((n) => n.startsWith(`${name}.`));
    const names = [...new Set([name, ...known])].sort();
    for (const n of names) this.#levels.set(n, { level, lastModifiedMs: nowMs });
    this.#version++;
    return names;
  }
}

export const logHub: LogHub = new LogHub(() => Date.now());

export function logFor(name: string): Log {
  return logHub.log(name);
}
