/** The last hour in a line: how much was wrong in each minute, and how bad the worst of it was. */
import type { Token } from '../../src/skin/skin.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import type { IncidentMinute } from '../../src/store/incidents/incident.ts';
import { type Line, type Span, span } from '../parts/line.ts';

const MINUTES = 60;
const MINUTE_MS = 60_000;
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Nothing for a minute in which nobody looked; a dot for one in which nothing was wrong. */
export function timelineLine({ incidentMinutes, nowMs }: ConsoleData): Line {
  const byMinute = new Map(incidentMinutes.map((one) => [one.atMs, one]));
  const lastMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const most = Math.max(1, ...incidentMinutes.map((one) => one.open));
  const cells = Array.from({ length: MINUTES }, (_, i) => cell(byMinute.get(lastMs - (MINUTES - 1 - i) * MINUTE_MS), most));
  return [span('  last hour ', 'dim'), ...cells, span(' now', 'dim')];
}

function cell(minute: IncidentMinute | undefined, most: number): Span {
  if (!minute) return span(' ');
  if (minute.worst === null || minute.open === 0) return span('·', 'dim');
  const level = Math.min(LEVELS.length - 1, Math.round((minute.open / most) * (LEVELS.length - 1)));
  return span(LEVELS[level]!, tokenOf(minute.worst));
}

function tokenOf(severity: number): Token {
  return severity <= 2 ? 'fail' : 'warn';
}
