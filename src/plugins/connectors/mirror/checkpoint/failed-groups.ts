/** Groups that gave nothing in one round: told in one line a cause, with what to do, and louder once it lasts. */
import type { Log } from '../../../../base/log.ts';
import type { CheckpointFigures, Untranslated } from './figures.ts';

/** Rounds in a row that fail before it is an error, and no warning. */
const LASTING = 3;
const SHOWN_GROUPS = 10;

export interface FailedGroupsParts {
  readonly figures: Pick<CheckpointFigures, 'told' | 'failed'>;
  readonly log: Log;
  /** Alias of the cluster that was asked. */
  readonly cluster: string;
  readonly everySeconds: bigint;
}

export class FailedGroups {
  readonly #parts: FailedGroupsParts;
  readonly #byCause = new Map<string, { readonly groups: string[]; rounds: number }>();
  readonly #mended: string[] = [];

  constructor(parts: FailedGroupsParts) {
    this.#parts = parts;
  }

  /** `cause`: Kafka's name of the error, or a sentence. */
  add(group: string, cause: string): void {
    const rounds = this.#parts.figures.failed(group, cause);
    const same = this.#byCause.get(cause) ?? { groups: [], rounds: 0 };
    this.#byCause.set(cause, same);
    same.groups.push(group);
    same.rounds = Math.max(same.rounds, rounds);
  }

  /** Nothing failed of it. */
  clear(group: string, checkpoints: number, untranslated: readonly Untranslated[]): void {
    if (this.#parts.figures.told(group, checkpoints, untranslated) > 0) this.#mended.push(group);
  }

  tell(): void {
    const { log, cluster, everySeconds } = this.#parts;
    for (const [cause, { groups, rounds }] of this.#byCause) {
      const why = isKafkaName(cause) ? `cluster "${cluster}" answers ${cause}. ${hintOf(cause)}` : cause;
      const text =
        `No checkpoints of ${named(groups)} in ${rounds === 1 ? 'this round' : `${rounds} rounds`}, what was told before stays as it is: ` +
        `${why} It is tried again in ${everySeconds} s.`;
      if (rounds < LASTING) log.warn(text);
      else log.error(text);
    }
    if (this.#mended.length > 0) log.info(`Checkpoints go on of ${named(this.#mended)}.`);
  }
}

function isKafkaName(cause: string): boolean {
  return /^[A-Z_]+$/.test(cause);
}

function hintOf(cause: string): string {
  if (cause === 'GROUP_AUTHORIZATION_FAILED') return 'Give the admin client of the source cluster DESCRIBE on the group.';
  if (cause === 'TOPIC_AUTHORIZATION_FAILED') return "Give the admin client of the source cluster DESCRIBE on the group's topics.";
  return 'Look whether the brokers are well and reached with the settings of source.cluster. and source.admin.';
}

function named(groups: readonly string[]): string {
  const some = groups.slice(0, SHOWN_GROUPS).map((group) => `"${group}"`);
  const more = groups.length > SHOWN_GROUPS ? ` and ${groups.length - SHOWN_GROUPS} more` : '';
  return `${groups.length === 1 ? 'group' : 'groups'} ${some.join(', ')}${more}`;
}
