/**
 * Keeps the list of tables: looks at once, then at every interval, and says when it has changed. What the database refuses costs one look.
 * Source: io.confluent.connect.jdbc.source.TableMonitorThread.
 */
import type { Clock } from '../../../../base/clock.ts';
import { messageOf } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import { plainTable, type TableName } from '../../../../mysql/dialect.ts';
import { SqlError } from '../../../../mysql/sql-errors.ts';

export interface TableMonitorParts {
  /** One look, over a connection of its own. Rejects with SqlError when the database does not tell. */
  look(): Promise<readonly TableName[]>;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** The list differs from the one that `tables` gave last. */
  onChange(): void;
  /** It looks no more: `error` is none of the database's. */
  onFailure(error: unknown): void;
}

export class TableMonitor {
  readonly #parts: TableMonitorParts;
  readonly #first = Promise.withResolvers<void>();
  #tables: readonly TableName[] | null = null;
  /** What was asked for before it was known is told as a change. */
  #wasAsked = false;

  constructor(parts: TableMonitorParts) {
    this.#parts = parts;
  }

  /** `firstLook`: one that is under way already. Resolves when the signal aborts or nothing more can be told. */
  async run(firstLook: Promise<readonly TableName[]>): Promise<void> {
    const { clock, intervalMs, signal } = this.#parts;
    if (!(await this.#take(firstLook))) return;
    while (!signal.aborted) {
      await clock.sleep(intervalMs, signal);
      if (signal.aborted || !(await this.#take(this.#parts.look()))) return;
    }
  }

  /** The list, waited for no longer than `limitMs`; null: it is not known yet. */
  async tables(limitMs: number): Promise<readonly TableName[] | null> {
    const waiting = new AbortController();
    await Promise.race([this.#first.promise, this.#parts.clock.sleep(limitMs, waiting.signal)]);
    waiting.abort();
    this.#wasAsked = true;
    return this.#tables;
  }

  /** False: it is over. */
  async #take(look: Promise<readonly TableName[]>): Promise<boolean> {
    const { signal, log, onFailure } = this.#parts;
    try {
      this.#set(await look);
    } catch (error) {
      if (signal.aborted) return false;
      if (!(error instanceof SqlError)) {
        onFailure(error);
        return false;
      }
      log.error(
        `The list of tables could not be read and stays as it is until the next look in ${this.#parts.intervalMs} ms. ${messageOf(error)}`,
      );
    }
    return true;
  }

  #set(tables: readonly TableName[]): void {
    const before = this.#tables;
    this.#tables = tables;
    this.#first.resolve();
    const names = tables.map(plainTable);
    const old = new Set((before ?? []).map(plainTable));
    const added = names.filter((name) => !old.has(name));
    const gone = [...old].filter((name) => !names.includes(name));
    if (before !== null && added.length + gone.length === 0) return;
    this.#parts.log.info(`Tables to copy: ${names.length}${listed('new', added)}${listed('gone', gone)}`);
    if (this.#wasAsked) this.#parts.onChange();
  }
}

const MOST_NAMES = 20;

function listed(word: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `; ${word}: ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}
