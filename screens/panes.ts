/** All panes by their id. */
import type { Keymap } from '../src/keymap/keymap.ts';
import type { PaneId } from '../src/store/view.ts';
import { actionPane, actionsPane } from './actions/index.ts';
import { brokersPane } from './brokers/index.ts';
import { configPane } from './config/index.ts';
import { connectorsPane } from './connectors/index.ts';
import { deadLetterPane } from './dead-letter/index.ts';
import { dlqPane } from './dlq/index.ts';
import { groupPane, groupsPane } from './groups/index.ts';
import { helpPane } from './help/index.ts';
import { homePane } from './home/index.ts';
import { logPane } from './log/index.ts';
import { offsetsPane } from './offsets/index.ts';
import { partitionsPane } from './partitions/index.ts';
import { logicOf, type Pane } from './parts/pane.ts';
import { pluginPane, pluginsPane } from './plugins/index.ts';
import { recordPane } from './record/index.ts';
import { tailPane } from './tail/index.ts';
import { tasksPane } from './tasks/index.ts';
import { topicsPane } from './topics/index.ts';
import { tracePane } from './trace/index.ts';

export function createPanes(keymap: Keymap): ReadonlyMap<PaneId, Pane> {
  const panes: Pane[] = [
    homePane,
    connectorsPane,
    tasksPane,
    tracePane,
    configPane,
    offsetsPane,
    brokersPane,
    topicsPane,
    partitionsPane,
    groupsPane,
    groupPane,
    tailPane,
    recordPane,
    dlqPane,
    deadLetterPane,
    logPane,
    pluginsPane,
    pluginPane,
    actionsPane,
    actionPane,
  ];
  const byId = new Map(panes.map((pane) => [pane.id, pane]));
  byId.set(
    'help',
    helpPane(keymap, (id) => logicOf(byId.get(id) ?? homePane)),
  );
  return byId;
}
