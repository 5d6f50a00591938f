/** What a redrive needs to know beside the records: where they may go, and which of them went before. */
import { compileJavaRegex } from '../base/java-regex/java-pattern.ts';
import { fetchTargets, originsOf, planRedrive, type QueuedRecord, type RedrivePlan } from '../cluster/redrive-plan.ts';
import type { Kafka } from '../kafka/contract.ts';
import type { ActionRecord } from './action-log.ts';
import { splitList } from './connect-model.ts';
import { timesRedriven } from './redrive-history.ts';

export interface RedriveSubject {
  readonly connector: string;
  readonly queue: string;
  readonly config: Readonly<Record<string, string>>;
  /** Topics that it has used, beside those of its configuration. */
  readonly activeTopics: readonly string[];
  readonly records: readonly QueuedRecord[];
}

export interface RedriveFacts {
  readonly clusterId: string;
  plan(choice: { readonly limit: number; readonly fallbackTopic: string | null }): Promise<RedrivePlan>;
}

/** Asks Kafka, writes nothing. */
export async function readRedriveFacts(kafka: Kafka, subject: RedriveSubject, actions: readonly ActionRecord[]): Promise<RedriveFacts> {
  const admin = kafka.admin();
  const { connector, queue, records } = subject;
  const { clusterId } = await admin.cluster();
  const redriven = timesRedriven(actions, clusterId, queue);
  const reads = readsOf(subject);
  return {
    clusterId,
    plan: async ({ limit, fallbackTopic }) => {
      const targets = await fetchTargets(admin, originsOf(records, fallbackTopic));
      return planRedrive({ connector, queue, records, fallbackTopic, limit, targets, redriven, reads });
    },
  };
}

/** The topics a sink reads: those of its configuration, those it has used, those of its expression. */
function readsOf({ config, activeTopics }: RedriveSubject): (topic: string) => boolean {
  const names = new Set([...splitList(config.topics), ...activeTopics]);
  const pattern = config['topics.regex']?.trim();
  const expression = pattern ? compileJavaRegex(pattern, true) : null;
  return (topic) => names.has(topic) || (expression?.test(topic) ?? false);
}

/** A header converter that reads its own form only makes dead letters of all that have the count of redrives. */
export function headerConverterWarning(config: Readonly<Record<string, string>>): string | null {
  const converter = config['header.converter'];
  return !converter || /\.(SimpleHeader|String|ByteArray)Converter$/.test(converter)
    ? null
    : `its header.converter ${converter} must be able to read the header kconsole.redrive = 1`;
}
