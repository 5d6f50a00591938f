/** States as glyph, word and colour; sparklines; marks of tasks. Shared by all panes. */

import { compactAge, formatAge, formatCount, formatRate } from '../../src/base/format.ts';
import type { Token } from '../../src/skin/skin.ts';
import { type ConnectorRow, type Requested, type Since, wantedText } from '../../src/store/connect-model.ts';
import { type Span, span } from './line.ts';

const STATES: Readonly<Record<string, readonly [glyph: string, token: Token]>> = {
  RUNNING: ['●', 'ok'],
  FAILED: ['✖', 'fail'],
  PAUSED: ['‖', 'paused'],
  STOPPED: ['■', 'stopped'],
  UNASSIGNED: ['○', 'warn'],
  RESTARTING: ['↻', 'warn'],
  STUCK: ['◔', 'warn'],
  FLAPPING: ['▲', 'warn'],
  LATE: ['▲', 'warn'],
  OFFLINE: ['✖', 'fail'],
  DOWN: ['✖', 'fail'],
  BROKEN: ['✖', 'fail'],
  SILENT: ['✖', 'fail'],
  NONE: ['✖', 'fail'],
  UNREACHABLE: ['✖', 'fail'],
  'READ-ONLY': ['✖', 'fail'],
  UNDER: ['▲', 'warn'],
  'AT-MIN': ['▲', 'warn'],
  LAGGING: ['▲', 'warn'],
  LETTERS: ['▲', 'warn'],
  SKIPPED: ['▲', 'warn'],
  LOST: ['✖', 'fail'],
  LOSS: ['▲', 'warn'],
  FILLING: ['▲', 'warn'],
  FULL: ['▲', 'warn'],
  IDLE: ['▲', 'warn'],
};

function stateToken(state: string): Token {
  return STATES[state]?.[1] ?? 'text';
}

/** `● RUNNING`. */
export function stateSpan(state: string): Span {
  const [glyph, token] = STATES[state] ?? ['·', 'text'];
  return span(`${glyph} ${state}`, token);
}

const WANTED_GLYPH: Readonly<Record<Requested['wanted'], string>> = {
  PAUSED: '‖',
  RUNNING: '●',
  STOPPED: '■',
  RESTARTED: '↻',
  DELETED: '✖',
};

/** What is, and beside it what was asked for until the status agrees: `● → ‖`. */
export function connectorStateSpans(row: ConnectorRow): Span[] {
  const asked = row.requested;
  if (!asked) return [stateSpan(row.health)];
  const [glyph, token] = STATES[row.health] ?? ['·', 'text'];
  return [span(`${glyph} `, token), span(`→ ${WANTED_GLYPH[asked.wanted]}`, 'warn')];
}

/** `pause requested 2 s`. */
export function requestedText(asked: Requested, nowMs: number): string {
  return `${wantedText(asked)} requested ${formatAge(nowMs - asked.sinceMs)}`;
}

/** `88 000`, `≥ 12` when some partition's is not known, `?` when none is. */
export function lagText(row: ConnectorRow): string {
  return `${row.isLagWhole ? '' : '≥ '}${formatCount(row.lagRecords)}`;
}

/** `  -12/s`, as it stands behind a lag; nothing where it is not known. */
export function trendText({ lagPerSec }: Pick<ConnectorRow, 'lagPerSec'>): string {
  return lagPerSec === null ? '' : `  ${lagPerSec < 0 ? '-' : '+'}${formatRate(Math.abs(lagPerSec))}/s`;
}

const TASK_LETTER: Readonly<Record<string, string>> = {
  RUNNING: 'R',
  FAILED: '✖',
  PAUSED: 'P',
  STOPPED: 'S',
  UNASSIGNED: 'U',
  RESTARTING: '↻',
};
const MAX_LETTERS = 8;

/** `RR✖R`, or `14R 2✖` when there are many. */
export function taskSpans(row: ConnectorRow): Span[] {
  if (row.tasks.length === 0) return [span('–', 'dim')];
  if (row.tasks.length <= MAX_LETTERS)
    return row.tasks.map((task) => span(TASK_LETTER[task.state] ?? '?', task.state === 'RUNNING' ? 'text' : stateToken(task.state)));
  const counts = new Map<string, number>();
  for (const task of row.tasks) counts.set(task.state, (counts.get(task.state) ?? 0) + 1);
  return [...counts].flatMap(([state, count], i) => [
    span(`${i === 0 ? '' : ' '}${count}${TASK_LETTER[state] ?? '?'}`, state === 'RUNNING' ? 'text' : stateToken(state)),
  ]);
}

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Room above the greatest point: a steady series is no solid block that runs into the row above. */
const HEADROOM = 1.2;

/** The last `width` points against the greatest of them; still series are a line at the bottom. */
export function sparkText(points: readonly number[], width: number): string {
  const shown = points.slice(-width);
  const most = Math.max(...shown, 0);
  const text = shown
    .map((value) => (most === 0 ? BLOCKS[0] : BLOCKS[Math.min(7, Math.floor((value / (most * HEADROOM)) * 7.999))]!))
    .join('');
  return text.padStart(width);
}

/** `4m`, `>4m` when it has been so since before we looked. */
export function sinceText(since: Since, nowMs: number): string {
  return `${since.isExact ? '' : '>'}${compactAge(nowMs - since.atMs)}`;
}
