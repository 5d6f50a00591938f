/** Why there are no dead letters to show, and what to do about it; nothing where there is a queue. */

import { wrapWords } from '../../src/base/wrap-words.ts';
import type { Token } from '../../src/skin/skin.ts';
import type { Snapshot } from '../../src/store/console-data.ts';
import { type Line, span } from '../parts/line.ts';

export function stateLines(snapshot: Snapshot, width: number): Line[] {
  const [what, ...more] = stateTexts(snapshot);
  const rows = (text: string, token: Token) => wrapWords(text, width - 4, 4).map((row): Line => [span(`  ${row}`, token)]);
  return what === undefined ? [] : [[], ...rows(what, 'text'), ...more.flatMap((text) => rows(text, 'dim'))];
}

/** What is so first, then what to do about it. */
export function stateTexts({ data, view }: Snapshot): string[] {
  const { connector = '?', topics } = view.target;
  const queue = topics?.[0];
  const row = data.connect?.connectors.find((one) => one.name === connector);
  if (queue === undefined) {
    if (row?.type === 'source')
      return [
        `${connector} is a source: Connect has dead-letter queues for sinks only.`,
        'What a source cannot process is dropped with errors.tolerance=all, and logged with errors.log.enable=true.',
      ];
    return [
      `${connector} has no dead-letter queue.`,
      'Set errors.deadletterqueue.topic.name to a topic and errors.tolerance=all, and errors.deadletterqueue.context.headers.enable=true to see here why a record is there.',
    ];
  }
  if (!data.context.hasKafka) return ['No Kafka cluster is configured for this console: the queue cannot be read.'];
  const { cluster } = data;
  const isMissing = cluster?.info != null && cluster.reach.error === null && !cluster.topics.some(({ info }) => info.name === queue);
  if (!isMissing || (data.tail?.status.received ?? 0) > 0) return [];
  return [
    `The topic ${queue} of the dead-letter queue does not exist.`,
    'A sink makes it when its tasks start; it is looked for again and again here.',
    ...(row?.config['errors.tolerance'] === 'all'
      ? []
      : ['errors.tolerance is not all: a record that cannot be processed ends the task, and none comes here.']),
  ];
}
