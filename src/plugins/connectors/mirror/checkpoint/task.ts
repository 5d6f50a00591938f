/**
 * Tells where groups would go on downstream, and commits it for them there if asked to. Source: org.apache.kafka.connect.mirror.MirrorCheckpointTask.
 *
 * What it tells goes to the topic of checkpoints as ordinary records of a source; their source offsets mean nothing. What fails of one group leaves the
 * others alone and is tried again with the next round; the log names the group, and the figures hold it as long as it lasts. What no later attempt
 * would mend (no right to read the offset syncs) fails the task, where the original would go on for ever and tell nothing.
 */
import { NOT_NEEDED } from '../../../../base/abort.ts';
import { backoffMs } from '../../../../base/backoff.ts';
import { type Clock, systemClock } from '../../../../base/clock.ts';
import { ConnectError, messageOf } from '../../../../base/errors.ts';
import { KafkaError } from '../../../../kafka/kafka-error.ts';
import type { Config, SourceTask, SourceTaskContext, TaskFigures } from '../../../../plugin-api/plugin.ts';
import type { RecordMetadata, SourceRecord } from '../../../../plugin-api/records.ts';
import type { CreateKafka } from '../shared/clients.ts';
import { CheckpointRecords } from './checkpoint-records.ts';
import { checkpointRound, type GroupRound } from './checkpoint-round.ts';
import { FailedGroups } from './failed-groups.ts';
import { isPassing } from './follow-topic.ts';
import { syncGroupOffsets } from './group-offset-sync.ts';
import { type KnownOffsets, readKnownOffsets } from './known-offsets.ts';
import { millis } from './spec.ts';
import { type TaskParts, taskParts } from './task-start.ts';

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 30_000;
/** A poll that has nothing to give takes so long at least, and at most: a pause is seen in between. */
const SHORTEST_POLL_MS = 50;
const LONGEST_POLL_MS = 10_000;

interface Running extends TaskParts {
  readonly context: SourceTaskContext;
  readonly stopping: AbortController;
  /** Aborts when the task is to stop. */
  readonly signal: AbortSignal;
  /** Aborts when what the first round needs is known, or never will be. */
  readonly opened: AbortController;
  readonly records: CheckpointRecords;
  known: KnownOffsets | null;
  /** It cannot go on. */
  failure: ConnectError | null;
  /** Of the next round, on the monotonic clock. */
  dueMs: number;
}

export class MirrorCheckpointTask implements SourceTask {
  readonly #clock: Clock;
  readonly #create: CreateKafka | undefined;
  #running: Running | null = null;
  #opening: Promise<void> = Promise.resolve();
  #inStep: Promise<void> = Promise.resolve();

  constructor(clock: Clock = systemClock, create?: CreateKafka) {
    this.#clock = clock;
    this.#create = create;
  }

  /** Throws ConfigError. The clusters are asked afterwards, for as long as it takes. */
  start(config: Config, context: SourceTaskContext): void {
    const parts = taskParts(config, context.log, this.#clock, this.#create);
    const stopping = new AbortController();
    const running: Running = {
      ...parts,
      ...{ context, stopping, opened: new AbortController(), known: null, failure: null, dueMs: 0 },
      signal: AbortSignal.any([context.signal, stopping.signal]),
      records: new CheckpointRecords(parts.checkpoints.topic),
    };
    this.#running = running;
    this.#opening = this.#open(running);
  }

  /** Checkpoints that are news, once an interval; null in between. Throws ConnectError for what no later attempt would mend. */
  async poll(): Promise<readonly SourceRecord[] | null> {
    const running = this.#started();
    const { conf, signal, opened, known } = running;
    if (running.failure !== null) throw running.failure;
    const longestMs = Math.min(Math.max(Number(conf['consumer.poll.timeout.ms']), SHORTEST_POLL_MS), LONGEST_POLL_MS);
    if (known === null) {
      await this.#clock.sleep(longestMs, AbortSignal.any([signal, opened.signal]));
      return null;
    }
    const waitMs = running.dueMs - this.#clock.monoMs();
    if (waitMs > 0) {
      await this.#clock.sleep(Math.min(waitMs, longestMs), signal);
      return null;
    }
    running.dueMs = this.#clock.monoMs() + millis(conf['emit.checkpoints.interval.seconds']);
    const { groups, isTopicWanted, policy, sourceAlias, targetAlias, store, sourceAdmin: admin } = running;
    const round = checkpointRound({ groups, admin, isTopicWanted, policy, sourceAlias, targetAlias, store, syncs: known.syncs });
    const answers = await orNull(round, signal);
    return answers === null ? null : this.#taken(running, answers);
  }

  commitRecord({ sourcePartition, timestampMs }: SourceRecord, metadata: RecordMetadata | null): void {
    const { group } = sourcePartition;
    if (metadata === null || timestampMs === null || typeof group !== 'string') return;
    this.#running?.figures.acknowledged(group, this.#clock.wallMs() - timestampMs);
  }

  figures(): readonly TaskFigures[] {
    const running = this.#running;
    if (running === null) return [];
    return running.figures.all((group) => running.store.partitionCount(group), running.known?.syncs.partitionCount ?? 0);
  }

  async stop(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    running.stopping.abort(NOT_NEEDED);
    // What is under way ends with its clients.
    await running.clients.close();
    await Promise.all([this.#opening, this.#inStep]);
  }

  /** What the groups' answers are as records. */
  #taken(running: Running, answers: readonly GroupRound[]): readonly SourceRecord[] | null {
    const { store, figures, records, context, sourceAlias, conf } = running;
    const failed = new FailedGroups({
      figures,
      log: context.log,
      cluster: sourceAlias,
      everySeconds: conf['emit.checkpoints.interval.seconds'],
    });
    const told: SourceRecord[] = [];
    for (const { group, error, checkpoints, untranslated } of answers) {
      if (error !== null) {
        failed.add(group, error);
        continue;
      }
      try {
        const made = checkpoints.map((checkpoint) => records.of(checkpoint, this.#clock.wallMs()));
        for (const checkpoint of checkpoints) store.put(checkpoint);
        told.push(...made);
        failed.clear(group, made.length, untranslated);
      } catch (fault) {
        failed.add(group, messageOf(fault));
      }
    }
    failed.tell();
    figures.roundEnded();
    return told.length > 0 ? told : null;
  }

  /** Reads what the first round needs, until it is known; what cannot be is the task's failure. Never rejects. */
  async #open(running: Running): Promise<void> {
    const { checkpoints, syncs, store, figures, signal, context } = running;
    const { log } = context;
    for (let failures = 0; !signal.aborted; failures++) {
      figures.isWaiting(`topics "${checkpoints.topic}" and "${syncs.topic}" to be read`);
      try {
        running.known = await readKnownOffsets({
          ...{ checkpoints, syncs, store, log, signal },
          onError: (error) => this.#hadFault(running, error),
          onUnreadable: () => figures.unreadable(),
        });
        break;
      } catch (error) {
        if (signal.aborted) return;
        if (!isPassing(error)) {
          running.failure = new ConnectError(`Checkpoints cannot be made: ${messageOf(error)}. ${hintOf(running, error)}`, {
            cause: error,
          });
          break;
        }
        const waitMs = backoffMs(failures, FIRST_RETRY_MS, MAX_RETRY_MS);
        figures.isWaiting(hintOf(running, error), error);
        log.warn(`No checkpoints yet: ${messageOf(error)}. ${hintOf(running, error)} It is tried again in ${waitMs} ms.`);
        await this.#clock.sleep(waitMs, signal);
      }
    }
    figures.isWaiting('');
    running.opened.abort(NOT_NEEDED);
    if (running.known === null) return;
    log.info(
      `Checkpoints of ${running.groups.length} groups: offsets of ${running.known.syncs.partitionCount} partitions can be translated.`,
    );
    if (running.conf['sync.group.offsets.enabled']) this.#inStep = this.#keepInStep(running);
  }

  /** Group offsets on the target, once an interval. Never rejects. */
  async #keepInStep(running: Running): Promise<void> {
    const { conf, signal, targetAdmin: admin, targetAlias, store, figures, context } = running;
    const everyMs = millis(conf['sync.group.offsets.interval.seconds']);
    for (;;) {
      await this.#clock.sleep(everyMs, signal);
      if (signal.aborted) return;
      try {
        await syncGroupOffsets({ admin, targetAlias, store, figures, log: context.log, signal });
      } catch (error) {
        this.#hadFault(running, error);
      }
    }
  }

  #hadFault({ figures, context, signal }: Running, error: unknown): void {
    if (signal.aborted) return;
    figures.hadProblem(error);
    context.log.warn(`Something of the checkpoints failed and goes on: ${messageOf(error)}`, error);
  }

  #started(): Running {
    if (this.#running === null) throw new ConnectError('The checkpoint task is polled before it is started.');
    return this.#running;
  }
}

/** What to do. */
function hintOf({ syncs, conf }: Running, error: unknown): string {
  const name = error instanceof KafkaError ? error.kafkaName : '';
  if (name === 'UNKNOWN_TOPIC_OR_PARTITION') {
    return (
      `Topic "${syncs.topic}" is made on cluster "${syncs.cluster}" by the source connector of this flow: ` +
      'start it, with the same aliases and the same offset-syncs.topic.location.'
    );
  }
  if (name.endsWith('AUTHORIZATION_FAILED')) return `Give the consumer of cluster "${syncs.cluster}" READ on topic "${syncs.topic}".`;
  return `Look at cluster "${syncs.cluster}" and at the ${conf['offset-syncs.topic.location']}.cluster. settings of the connector.`;
}

/** What `work` gives, or null when the signal aborts before. `work` must not reject. */
async function orNull<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const ended = Promise.withResolvers<null>();
  const end = () => ended.resolve(null);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    return await Promise.race([work, ended.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
