/** Workers put together from what is known of them: what each says itself, who runs what, and the group that they form. */
import type { WatchedConnectGroup } from '../cluster/connect-group-watch.ts';
import type { ConnectorState, ProcessFacts, WorkerProbe, WorkInHand } from '../herder/model.ts';
import { hostOf } from './addresses.ts';
import type { Session } from './session.ts';

export interface WorkerRow {
  /** `host:port`, as statuses name it; of one that runs nothing and is known by its address only, that. */
  readonly id: string;
  /** `null`: nobody has given its address, so it is not asked. */
  readonly address: string | null;
  /** `member`: not asked, and in the group; `asking`: no answer of any worker has come since the view was opened. */
  readonly state: 'up' | 'draining' | 'unhealthy' | 'down' | 'member' | 'gone' | 'asking' | 'not asked';
  /** In its group; `null`: the group is not known. `gone`: statuses name it, and the group does not have it. `standalone`: it says that it has none. */
  readonly role: 'leader' | 'member' | 'gone' | 'standalone' | null;
  readonly group: string | null;
  readonly memberId: string | null;
  readonly protocol: string | null;
  /** Of its connection to the brokers. */
  readonly host: string | null;
  /** Of the config topic, when it joined the last round; −1: it had read nothing. */
  readonly configOffset: bigint | null;
  /** How far that was behind what the round was made for; 0: it was not. */
  readonly configBehind: bigint | null;
  /** What it owns in its group, else what statuses say that it runs; `null`: neither is known yet. */
  readonly connectors: number | null;
  readonly tasks: number | null;
  /** By the statuses; `null`: no list of connectors has come. */
  readonly failed: number | null;
  readonly version: string | null;
  readonly latencyMs: number | null;
  readonly process: ProcessFacts | null;
  /** Whose worker it is; `null`: it was not asked, or did not answer. */
  readonly make: 'kconsole' | 'jvm' | null;
  /** What still runs on a worker that drains, by itself; `null`: not told. */
  readonly draining: WorkInHand | null;
  /** Why it does not answer, or is not well. */
  readonly problem: string | null;
  readonly pluginFaults: readonly string[];
}

/** What statuses tell of workers; of the console's own data it is a part. */
export interface WorkerStatuses {
  readonly reach: { readonly lastOkMs: number | null };
  readonly workers: readonly string[];
  readonly knownWorkers: readonly string[];
  readonly connectors: ReadonlyArray<{
    readonly workerId: string;
    readonly tasks: ReadonlyArray<{ readonly workerId: string; readonly state: ConnectorState }>;
  }>;
}

export interface WorkerSources {
  readonly connect: WorkerStatuses | null;
  readonly probes: readonly WorkerProbe[] | null;
  /** `null`: not asked, or no Kafka is configured. */
  readonly groups: readonly WatchedConnectGroup[] | null;
}

/** By their names; `[]` until something is known. Without Connect the workers of all groups of the cluster. */
export function workerRows({ connect, probes, groups }: WorkerSources): WorkerRow[] {
  if (connect === null && probes === null) return (groups ?? []).flatMap((group) => rowsOf(NOBODY_ASKED, group));
  return rowsOf({ connect, probes }, ownGroup({ connect, probes, groups }));
}

/** As the session knows them now. */
export function workersOf({ connect, cluster }: Pick<Session, 'connect' | 'cluster'>): WorkerRow[] {
  const groups = cluster?.data.details.connectGroups.value ?? null;
  return workerRows({ connect: connect?.data ?? null, probes: connect?.details.workers.probes ?? null, groups });
}

/** The group of the workers that are asked or that statuses name; `null`: not known. */
export function ownGroup({ connect, probes, groups }: WorkerSources): WatchedConnectGroup | null {
  const ids = new Set([...namedBy(connect), ...(probes ?? []).map(idOfProbe)]);
  return (groups ?? []).find(({ workers }) => workers.some(({ url }) => ids.has(hostOf(url)))) ?? null;
}

const NOBODY_ASKED = { connect: null, probes: [] };

const namedBy = (connect: WorkerStatuses | null): readonly string[] => [...(connect?.workers ?? []), ...(connect?.knownWorkers ?? [])];

function rowsOf({ connect, probes }: Pick<WorkerSources, 'connect' | 'probes'>, group: WatchedConnectGroup | null): WorkerRow[] {
  const named = new Set([...namedBy(connect), ...(group?.workers ?? []).map(({ url }) => hostOf(url))]);
  const byId = new Map<string, WorkerProbe>();
  for (const probe of probes ?? []) byId.set(idAmong(probe, named, probes?.length ?? 0), probe);
  const ids = [...new Set([...named, ...byId.keys()])].sort();
  return ids.map((id) => {
    const inGroup = inGroupOf(id, group);
    const probe = byId.get(id) ?? null;
    const told = ofProbe(
      probe,
      inGroup.role === 'gone' ? 'gone' : inGroup.role !== null ? 'member' : probes === null ? 'asking' : 'not asked',
    );
    const role = probe?.isStandalone ? 'standalone' : inGroup.role;
    return { id, ...told, ...shareOf(id, connect), ...inGroup, role, ...drainOf(told, id, group) };
  });
}

type InGroup = Pick<WorkerRow, 'role' | 'group' | 'memberId' | 'protocol' | 'host' | 'configOffset' | 'configBehind'> &
  Partial<Pick<WorkerRow, 'connectors' | 'tasks'>>;

const NO_GROUP: InGroup = { role: null, group: null, memberId: null, protocol: null, host: null, configOffset: null, configBehind: null };

function inGroupOf(id: string, group: WatchedConnectGroup | null): InGroup {
  if (group === null) return NO_GROUP;
  const member = group.workers.find(({ url }) => hostOf(url) === id);
  // While they rebalance nobody is told who is there.
  if (!member) return { ...NO_GROUP, group: group.groupId, role: group.isOfLastRound ? null : 'gone' };
  const { memberId, host, configOffset, owned } = member;
  const behind = group.configOffset === null ? null : group.configOffset - configOffset;
  return {
    role: memberId === group.leader ? 'leader' : 'member',
    group: group.groupId,
    memberId,
    protocol: group.protocol,
    host,
    configOffset,
    configBehind: behind === null ? null : behind > 0n ? behind : 0n,
    connectors: owned.connectors.length,
    tasks: owned.tasks.length,
  };
}

/** Said by the worker, or in its group. */
function drainOf({ state, draining }: Told, id: string, group: WatchedConnectGroup | null): Partial<Pick<WorkerRow, 'state'>> {
  const isSaid = draining !== null || group?.workers.some((one) => one.isDraining && hostOf(one.url) === id);
  return isSaid && (state === 'up' || state === 'member') ? { state: 'draining' } : {};
}

export const isSick = ({ state, failed }: WorkerRow): boolean => ['down', 'gone', 'unhealthy'].includes(state) || (failed ?? 0) > 0;

type Told = Pick<WorkerRow, 'address' | 'state' | 'version' | 'latencyMs' | 'process' | 'make' | 'draining' | 'problem' | 'pluginFaults'>;

const NOT_TOLD = {
  address: null,
  version: null,
  latencyMs: null,
  process: null,
  make: null,
  draining: null,
  problem: null,
  pluginFaults: [],
};

/** `without`: its state when nobody has asked it. */
function ofProbe(probe: WorkerProbe | null, without: WorkerRow['state']): Told {
  if (!probe) return { ...NOT_TOLD, state: without };
  const { address, error, info, health, latencyMs, make, process } = probe;
  const isWell = health === null || health.status === 'healthy';
  return {
    address,
    state: error !== null ? 'down' : isWell ? 'up' : 'unhealthy',
    version: info?.version ?? null,
    latencyMs,
    process,
    make,
    draining: info?.draining ?? null,
    problem: error ?? (isWell ? null : health.message),
    pluginFaults: info?.plugin_faults ?? [],
  };
}

function shareOf(id: string, connect: WorkerStatuses | null): Pick<WorkerRow, 'connectors' | 'tasks' | 'failed'> {
  if (connect === null || connect.reach.lastOkMs === null) return { connectors: null, tasks: null, failed: null };
  const rows = connect.connectors;
  const tasks = rows.flatMap((row) => row.tasks).filter((task) => task.workerId === id);
  return {
    connectors: rows.filter((row) => row.workerId === id).length,
    tasks: tasks.length,
    failed: tasks.filter((task) => task.state === 'FAILED').length,
  };
}

const idOfProbe = (probe: WorkerProbe): string => probe.workerId ?? hostOf(probe.address);

/** Workers advertise a name that need not be the address that was given: where there is but one of each, they are the same. */
function idAmong(probe: WorkerProbe, named: ReadonlySet<string>, probes: number): string {
  const own = idOfProbe(probe);
  return named.has(own) || probes !== 1 || named.size !== 1 ? own : [...named][0]!;
}
