/** The topics that a command is about. */
import type { TopicRow } from '../cluster/cluster-model.ts';
import type { CommandContext } from './command.ts';

export const topicRows = ({ session }: CommandContext): readonly TopicRow[] => session.cluster?.data.topics ?? [];
export const topicRow = (context: CommandContext, name: string): TopicRow | null =>
  topicRows(context).find(({ info }) => info.name === name) ?? null;

/** Marked topics, else the one under the cursor or named. */
export function topicsOf({ targets, focus }: CommandContext): readonly string[] {
  const marked = targets.flatMap(({ topic }) => (topic === undefined ? [] : [topic]));
  return [...new Set(marked.length > 0 ? marked : focus.topic === undefined ? [] : [focus.topic])];
}
