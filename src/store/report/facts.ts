/** What an incident report is made of. Gathered from what the console knows; the worker is asked only which settings are secrets. */
import { hostname } from 'node:os';
import { maskConfig } from '../../base/mask.ts';
import type { ClusterData } from '../../cluster/cluster-model.ts';
import type { Features } from '../../kafka/contract.ts';
import { type ActionRecord, userName } from '../action-log.ts';
import { type ConnectData, type ConnectorRow, passwordKeys } from '../connect-model.ts';
import type { Incident, ResolvedIncident } from '../incidents/incident.ts';
import { markedTargets } from '../marks.ts';
import type { Session } from '../session.ts';

export interface ReportConnector {
  readonly row: ConnectorRow;
  /** Secrets hidden. */
  readonly config: Readonly<Record<string, string>>;
}

export interface ReportFacts {
  readonly nowMs: number;
  readonly context: string;
  readonly by: string;
  readonly connect: ConnectData | null;
  readonly cluster: ClusterData | null;
  /** `null`: not known. */
  readonly features: Features | null;
  readonly incidents: readonly Incident[];
  readonly resolved: readonly ResolvedIncident[];
  readonly acknowledged: ReadonlySet<string>;
  /** Those that an incident, the view or a mark is about. */
  readonly connectors: readonly ReportConnector[];
  /** How many more there are of them. */
  readonly leftOut: number;
  /** Newest first. */
  readonly actions: readonly ActionRecord[];
}

const MOST_CONNECTORS = 20;
const MOST_ACTIONS = 30;

/** Never rejects: what does not answer is not in the report, and the report says so. */
export async function gatherFacts(session: Session): Promise<ReportFacts> {
  const { data, ui } = session.current();
  const names = concerned(session);
  const rows = names.slice(0, MOST_CONNECTORS).flatMap((name) => data.connect?.connectors.find((row) => row.name === name) ?? []);
  const [secrets, features] = await Promise.all([secretKeys(session, rows), readFeatures(session)]);
  return {
    nowMs: data.nowMs,
    context: data.context.name,
    by: `${userName()}@${hostname()}`,
    connect: data.connect,
    cluster: data.cluster,
    features,
    incidents: data.incidents,
    resolved: data.resolvedIncidents,
    acknowledged: ui.acknowledged,
    connectors: rows.map((row) => ({ row, config: maskConfig(row.config, secrets.get(row.className) ?? new Set()) })),
    leftOut: names.length - rows.length,
    actions: data.actions.slice(-MOST_ACTIONS).toReversed(),
  };
}

function concerned(session: Session): string[] {
  const { data, view } = session.current();
  const targets = [
    ...data.incidents.map((one) => one.target),
    view.target,
    ...(view.pane === 'home' ? [] : [session.focus()]),
    ...markedTargets(view),
  ];
  return [...new Set(targets.flatMap(({ connector }) => connector ?? []))];
}

/** By class; where the worker does not say, names alone tell. */
async function secretKeys(session: Session, rows: readonly ConnectorRow[]): Promise<Map<string, Set<string>>> {
  const herder = session.connect?.herder;
  const classes = [...new Set(rows.map((row) => row.className))];
  const keys = await Promise.all(classes.map((name) => herder?.pluginConfig(name).catch(() => []) ?? []));
  return new Map(classes.map((name, i) => [name, passwordKeys(keys[i] ?? [])]));
}

async function readFeatures(session: Session): Promise<Features | null> {
  if (!session.kafka || session.cluster?.data.reach.error !== null) return null;
  return session.kafka
    .admin()
    .features()
    .catch(() => null);
}
