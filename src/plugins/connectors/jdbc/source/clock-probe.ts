/** What time the database says it is, and what of it would be told wrong: the most common surprise with timestamps. */
import type { DatabaseConnection } from '../../../../mysql/connection.ts';
import { intlZoneOf } from '../shared/time-zone.ts';
import { zoneOffset } from '../shared/zone-offset.ts';

export interface ClockProbe {
  /** As the session shows it, to the microsecond: `2022-01-21 09:44:13.000000`. */
  readonly now: string;
  readonly utc: string;
  /** `@@session.time_zone`, with what SYSTEM stands for. */
  readonly sessionZone: string;
  readonly warnings: readonly string[];
}

const MINUTE_MS = 60_000;
/** Time zones differ by such steps at least. */
const STEP_MS = 15 * MINUTE_MS;

/** `zone`: `db.timezone`. Rejects with SqlError. */
export async function probeClock(connection: DatabaseConnection, zone: string, wallMs: number): Promise<ClockProbe> {
  const { rows } = await connection.query('SELECT NOW(6), UTC_TIMESTAMP(6)');
  const [now, utc] = (rows[0] ?? []).map(String) as [string, string];
  const { timeZone, systemTimeZone } = connection.server;
  const sessionZone = timeZone === 'SYSTEM' ? `SYSTEM (${systemTimeZone})` : timeZone;
  return { now, utc, sessionZone, warnings: [...zoneWarning({ now, utc, zone, sessionZone }), ...driftWarning(msOf(utc), wallMs)] };
}

function zoneWarning({ now, utc, zone, sessionZone }: { now: string; utc: string; zone: string; sessionZone: string }): string[] {
  const sessionMs = Math.round((msOf(now) - msOf(utc)) / MINUTE_MS) * MINUTE_MS;
  const intlZone = intlZoneOf(zone);
  if (intlZone === null) return [];
  const readMs = zoneOffset(intlZone)(msOf(utc));
  if (sessionMs === readMs) return [];
  const byHours = (sessionMs - readMs) / (60 * MINUTE_MS);
  return [
    `Times in records are ${Math.abs(byHours)} h too ${byHours > 0 ? 'late' : 'early'}: the database shows them in ${sessionZone}, and db.timezone=${zone} reads them. Set db.timezone to the zone of the session. What is read, and when, is right all the same.`,
  ];
}

/** Only the database's clock decides what is read; people compare it with others. */
function driftWarning(utcMs: number, wallMs: number): string[] {
  const driftMs = utcMs - wallMs;
  if (Math.abs(driftMs) < MINUTE_MS) return [];
  const seconds = Math.round(Math.abs(driftMs) / 1000);
  const zones = Math.abs(driftMs) % STEP_MS < MINUTE_MS ? ' One of them may be set to the time of another zone.' : '';
  return [`The clock of the database is ${seconds} s ${driftMs > 0 ? 'ahead of' : 'behind'} the one here.${zones}`];
}

/** Of `2022-01-21 09:44:13.000000`, taken for UTC. */
export function msOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}
