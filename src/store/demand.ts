/** What a view needs to be asked for: nothing is read for views that nobody looks at. */
import type { ClusterDemand } from '../cluster/cluster-demand.ts';
import type { ConfigResource } from '../kafka/contract.ts';
import type { ConnectDemand } from './connect-details.ts';
import type { ConnectorRow } from './connect-model.ts';
import type { Snapshot, Viewport } from './console-data.ts';
import type { PaneId, Target, ViewState } from './view.ts';

/** What is about a row of a table needs what that table needs. */
function seenThrough({ pane, target, about }: ViewState): Pick<ViewState, 'pane' | 'target'> {
  return about ? { pane: about.pane, target: { ...about.view, ...about.target } } : { pane, target };
}

export function clusterDemand(view: ViewState): ClusterDemand {
  const { pane, target } = seenThrough(view);
  // Marked brokers ask what would become of their partitions.
  const isForecast = pane === 'what-if' || (pane === 'brokers' && view.marks.size > 0);
  return {
    hasGroups: pane === 'groups' || pane === 'group' || pane === 'members' || view.about !== null,
    group: pane === 'group' || pane === 'members' ? (target.group ?? null) : null,
    hasTopicRates: pane === 'topics',
    hasDisks: pane === 'brokers' || pane === 'topics' || pane === 'partitions',
    boundsOf: pane === 'partitions' ? (target.topic ?? null) : null,
    hasRules: pane === 'topics' || pane === 'partitions' || isForecast,
    isSlowSoon: pane === 'quorum' || pane === 'reassignments',
    details: {
      eligibleOf: pane === 'partitions' && target.topic !== undefined ? [target.topic] : isForecast ? null : 'none',
      hasReassignments: pane === 'reassignments' || pane === 'partitions',
      hasConnectGroups: pane === 'workers',
      hasFeatures: pane === 'brokers',
      hasAcls: pane === 'acls',
      hasQuotas: pane === 'quotas',
      settingsOf: pane === 'settings' ? settingsResource(target) : null,
    },
  };
}

/** Whose settings a view is about. */
export function settingsResource({ topic, broker }: Target): ConfigResource | null {
  if (topic !== undefined) return { type: 'topic', name: topic };
  return broker === undefined ? null : { type: 'broker', name: String(broker) };
}

/** Rows of a pane on the screen: they are asked for before all others. */
export function idsShown(pane: PaneId, { view, selection }: Snapshot, { top, height }: Viewport): readonly string[] {
  return view.pane === pane ? (selection?.ids.slice(top, top + height) ?? []) : [];
}

export function connectDemand(view: ViewState, connectors: readonly ConnectorRow[]): ConnectDemand {
  const { pane, target } = seenThrough(view);
  return {
    offsetsOf: pane === 'offsets' ? (target.connector ?? null) : null,
    hasPlugins: pane === 'plugins' || pane === 'plugin' || pane === 'new',
    pluginConfigOf: pluginInSight({ pane, target }, connectors),
    hasWorkers: pane === 'workers',
    hasLoggers: pane === 'loggers',
    loggersOf: pane === 'loggers' ? (target.worker ?? null) : null,
  };
}

/** The config of a connector needs its plugin's settings: which of them are secrets. */
function pluginInSight({ pane, target }: Pick<ViewState, 'pane' | 'target'>, connectors: readonly ConnectorRow[]): string | null {
  if (pane === 'plugin') return target.plugin ?? null;
  return pane === 'config' || pane === 'connectors' ? (connectors.find((row) => row.name === target.connector)?.className ?? null) : null;
}
