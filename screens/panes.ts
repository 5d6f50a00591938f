/** All panes by their id. */
import type { Keymap } from '../src/keymap/keymap.ts';
import type { PaneId } from '../src/store/view.ts';
import { aclsPane } from './acls/index.ts';
import { actionPane, actionsPane } from './actions/index.ts';
import { brokersPane } from './brokers/index.ts';
import { bulkPane } from './bulk/index.ts';
import { configPane } from './config/index.ts';
import { connectorsPane } from './connectors/index.ts';
import { deadLetterPane } from './dead-letter/index.ts';
import { describePane } from './describe/index.ts';
import { dlqPane } from './dlq/index.ts';
import { formPane, formPreviewPane } from './form/index.ts';
import { groupPane, groupsPane } from './groups/index.ts';
import { membersPane } from './groups/members.ts';
import { helpPane } from './help/index.ts';
import { homePane } from './home/index.ts';
import { logPane } from './log/index.ts';
import { loggersPane } from './loggers/index.ts';
import { offsetsPane } from './offsets/index.ts';
import { partitionsPane } from './partitions/index.ts';
import { logicOf, type Pane } from './parts/pane.ts';
import { newPane, pluginPane, pluginsPane } from './plugins/index.ts';
import { quorumPane } from './quorum/index.ts';
import { quotasPane } from './quotas/index.ts';
import { rawPane } from './raw/index.ts';
import { reassignmentsPane } from './reassignments/index.ts';
import { recordPane } from './record/index.ts';
import { schemaDiffPane, schemaPane, schemasPane, subjectPane } from './schemas/index.ts';
import { settingsPane } from './settings/index.ts';
import { tablesPane } from './tables/index.ts';
import { tailPane } from './tail/index.ts';
import { tasksPane } from './tasks/index.ts';
import { topicsPane } from './topics/index.ts';
import { tracePane } from './trace/index.ts';
import { usersPane } from './users/index.ts';
import { whatIfPane } from './what-if/index.ts';
import { workersPane } from './workers/index.ts';

export function createPanes(keymap: Keymap): ReadonlyMap<PaneId, Pane> {
  const panes: Pane[] = [
    homePane,
    connectorsPane,
    tasksPane,
    tracePane,
    configPane,
    tablesPane,
    offsetsPane,
    brokersPane,
    topicsPane,
    partitionsPane,
    settingsPane,
    whatIfPane,
    reassignmentsPane,
    quorumPane,
    groupsPane,
    groupPane,
    membersPane,
    aclsPane,
    quotasPane,
    schemasPane,
    subjectPane,
    schemaPane,
    schemaDiffPane,
    tailPane,
    recordPane,
    dlqPane,
    deadLetterPane,
    logPane,
    pluginsPane,
    pluginPane,
    newPane,
    formPane,
    formPreviewPane,
    workersPane,
    loggersPane,
    actionsPane,
    actionPane,
    bulkPane,
    usersPane,
  ];
  const byId = new Map(panes.map((pane) => [pane.id, pane]));
  const paneOf = (id: PaneId) => byId.get(id);
  byId.set('describe', describePane(paneOf));
  byId.set('raw', rawPane(paneOf));
  byId.set(
    'help',
    helpPane(keymap, (id) => logicOf(byId.get(id) ?? homePane)),
  );
  return byId;
}
