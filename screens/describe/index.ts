/** What the cursor is on, in full: how it is, what it has to do with, what was done to it, and every fact there is. */
import { formatTimestamp } from '../../src/base/format.ts';
import type { ConsoleData, Snapshot } from '../../src/store/console-data.ts';
import type { PaneId, Target } from '../../src/store/view.ts';
import { allFacts, fact, section } from '../parts/facts.ts';
import { type Line, span } from '../parts/line.ts';
import type { TextPane } from '../parts/pane.ts';
import type { Look } from '../parts/table.ts';
import { factsOf, type PaneOf, rowTitle } from '../raw/index.ts';
import { workerOf } from '../workers/rows.ts';
import { describeBroker } from './broker.ts';
import { describeConnector } from './connector.ts';
import { describeGroup } from './group.ts';
import { describeTopic } from './topic.ts';
import { describeWorker } from './worker.ts';

const ACTIONS = 10;
/** Tables whose rows are the objects themselves; of the others the row comes first. */
const OBJECTS: ReadonlySet<PaneId> = new Set(['connectors', 'topics', 'groups', 'brokers', 'workers']);

function objectLines({ data, view }: Snapshot, look: Look, width: number): Line[] {
  const { connector, topic, group, broker } = view.target;
  const parts: Line[][] = [];
  const row = data.connect?.connectors.find((one) => one.name === connector);
  if (row) parts.push(describeConnector(row, data, look, width));
  const topicRow = data.cluster?.topics.find((one) => one.info.name === topic);
  if (topicRow) parts.push(describeTopic(topicRow, data));
  const groupRow = data.cluster?.groups?.find((one) => one.groupId === group);
  if (groupRow) parts.push(describeGroup(groupRow, data));
  const brokerRow = data.cluster?.brokers.find((one) => one.id === broker);
  if (brokerRow) parts.push(describeBroker(brokerRow, data));
  const workerRow = view.about?.pane === 'workers' ? workerOf(data, view.about.row) : null;
  if (workerRow) parts.push(describeWorker(workerRow, data));
  return parts.flatMap((part, i) => (i === 0 ? part : [[], ...part]));
}

/** The newest first. */
function actionLines({ actions }: ConsoleData, { connector, topic, group }: Target): Line[] {
  const names = [connector, topic, group].filter((name) => name !== undefined);
  return actions
    .filter((one) => names.some((name) => isAbout(one.target, name)))
    .slice(-ACTIONS)
    .toReversed()
    .map((one) =>
      fact(formatTimestamp(Date.parse(one.time)).slice(5, 19), [
        span(`${one.action}  `),
        span(one.result, one.result === 'ok' ? 'ok' : 'fail'),
        span(`  ${one.user}${one.detail === null ? '' : `  ${one.detail}`}`, 'dim'),
      ]),
    );
}

/** `orders` and `orders task 2`, and not `orders-2`. */
function isAbout(target: string, name: string): boolean {
  return target === name || target.startsWith(`${name} `) || target.split(/[\s,]+/).includes(name);
}

export function describePane(paneOf: PaneOf): TextPane {
  return {
    id: 'describe',
    kind: 'text',
    isSearched: true,
    title: (view) => `about ${rowTitle(view)}`,
    info: () => [span('y raw · i who uses it', 'dim')],
    lines: (snapshot, look, width) => {
      const { data, view } = snapshot;
      const facts = factsOf(paneOf, data, view);
      const object = objectLines(snapshot, look, width);
      const actions = section('last actions on it', actionLines(data, view.target));
      const isObject = view.about !== null && OBJECTS.has(view.about.pane);
      const lines = isObject
        ? [...object, ...actions, ...allFacts(facts)]
        : [...allFacts(facts).slice(1), ...(object.length > 0 ? [[]] : []), ...object, ...actions];
      return lines.length === 0 ? [[], [span('It is gone.', 'dim')]] : lines;
    },
  };
}
