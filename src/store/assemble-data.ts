/** Everything a frame may be drawn from, gathered at one moment. */
import { detailsOf } from './connect-details.ts';
import type { ConsoleData } from './console-data.ts';
import type { IncidentBoard } from './incidents/incident.ts';
import type { Session } from './session.ts';

interface Gathered {
  readonly tail: ConsoleData['tail'];
  readonly log: ConsoleData['log'];
  readonly board: IncidentBoard;
}

export function consoleData(session: Session, { tail, log, board }: Gathered): ConsoleData {
  const { connect, cluster, ui } = session;
  return {
    nowMs: session.clock.wallMs(),
    context: session.context,
    connect: connect?.data ?? null,
    cluster: cluster?.data ?? null,
    incidents: board.open,
    resolvedIncidents: board.resolved,
    incidentMinutes: board.minutes,
    unfolded: ui.unfolded,
    acknowledged: ui.acknowledged,
    ...detailsOf(connect),
    levelReverts: ui.levelReverts,
    form: ui.form?.data ?? null,
    log,
    schemas: session.schemas?.data ?? null,
    tail,
    record: session.tail?.recordOf(session.view) ?? null,
    actions: session.actionLog.records,
    bulk: session.bulk?.data ?? null,
    linkMs: session.terminal.latencyMs(),
  };
}
