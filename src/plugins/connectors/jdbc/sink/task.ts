/** Records as rows of tables. Source: io.confluent.connect.jdbc.sink.JdbcSinkTask. */
import { type Clock, systemClock } from '../../../../base/clock.ts';
import { ConnectError, javaClassOf, messageOf, RetriableError } from '../../../../base/errors.ts';
import { SqlError } from '../../../../mysql/sql-errors.ts';
import type { Config, SinkTask, SinkTaskContext, TaskFigures } from '../../../../plugin-api/plugin.ts';
import type { SinkRecord } from '../../../../plugin-api/records.ts';
import { writeOneByOne } from './one-by-one.ts';
import { parseSinkConf, type SinkConf } from './sink-conf.ts';
import { SinkSession } from './sink-session.ts';
import { TableStructureError } from './table-structure.ts';
import { isHopeless, WriteChainError, WriteError } from './write-errors.ts';

export class JdbcSinkTask implements SinkTask {
  readonly #clock: Clock;
  #parts: { readonly conf: SinkConf; readonly context: SinkTaskContext; readonly session: SinkSession } | null = null;
  #retriesLeft = 0;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Connects with the first records, as the original does. Throws ConfigError. */
  start(config: Config, context: SinkTaskContext): void {
    const conf = parseSinkConf(config);
    this.#parts = { conf, context, session: new SinkSession(conf, config, context, this.#clock) };
    this.#retriesLeft = conf.keys['max.retries'];
  }

  /**
   * When it resolves, each record is in the database, or with the dead letter queue; a failure leaves none of them in a table. Throws RetriableError
   * while retries are left, else ConnectError.
   */
  async put(records: readonly SinkRecord[]): Promise<void> {
    if (records.length === 0) return;
    const { conf, session } = this.#started();
    const startMs = this.#clock.monoMs();
    try {
      const writer = await session.writer();
      session.done(await writer.write(records), startMs);
    } catch (error) {
      await this.#refused(records, error);
    }
    this.#retriesLeft = conf.keys['max.retries'];
  }

  figures(): readonly TaskFigures[] {
    return this.#parts?.session.figures.all() ?? [];
  }

  async stop(): Promise<void> {
    await this.#parts?.session.reset();
    this.#parts = null;
  }

  /** Resolves when the records are done with all the same. */
  async #refused(records: readonly SinkRecord[], error: unknown): Promise<void> {
    const { context, session } = this.#started();
    session.failed(error);
    if (!isOfDatabase(error)) throw error;
    await session.reset();
    const isRetried = !(error instanceof TableStructureError) && !isHopeless(error);
    if (isRetried && this.#retriesLeft > 0) throw this.#again(records, error);
    if (context.errantRecordReporter === null) throw this.#final(error);
    try {
      await this.#unroll(records, context.errantRecordReporter);
    } catch (fault) {
      session.failed(fault);
      if (!isOfDatabase(fault)) throw fault;
      await session.reset();
      throw this.#retriesLeft > 0 ? this.#again(records, fault) : this.#final(fault);
    }
  }

  async #unroll(records: readonly SinkRecord[], report: NonNullable<SinkTaskContext['errantRecordReporter']>): Promise<void> {
    const { context, session } = this.#started();
    context.log.warn(`Retrying write operation for ${records.length} records.`);
    const startMs = this.#clock.monoMs();
    const writer = await session.writer();
    const work = await writeOneByOne(writer, records, async (refused) => {
      await Promise.all(refused.map(({ record, error }) => report(record, this.#chain(error))));
      for (const { record } of refused) session.figures.reported(writer.tableOf(record.topic), 1);
    });
    session.done(work, startMs);
  }

  #again(records: readonly SinkRecord[], error: unknown): RetriableError {
    const { conf, context } = this.#started();
    const chain = this.#chain(error);
    context.log.warn(`Write of ${records.length} records failed, remainingRetries=${this.#retriesLeft}`, chain);
    this.#retriesLeft--;
    context.timeout(conf.keys['retry.backoff.ms']);
    return new RetriableError(`${javaClassOf(chain)}: ${messageOf(chain)}`, { cause: chain });
  }

  #final(error: unknown): unknown {
    const chain = this.#chain(error);
    return chain === error ? error : new ConnectError(`${javaClassOf(chain)}: ${messageOf(chain)}`, { cause: chain });
  }

  /** What is told of an error: that about the structure of a table as it is, else the database's words in the original's frame. */
  #chain(error: unknown): unknown {
    const isFramed = error instanceof WriteError || error instanceof SqlError;
    return isFramed ? new WriteChainError(error, this.#started().conf.keys['trim.sensitive.log']) : error;
  }

  #started() {
    if (this.#parts === null) throw new ConnectError('The JDBC sink task gets records before it is started.');
    return this.#parts;
  }
}

function isOfDatabase(error: unknown): boolean {
  return error instanceof TableStructureError || error instanceof WriteError || error instanceof SqlError;
}
