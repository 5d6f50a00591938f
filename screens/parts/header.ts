/** The header line: what this is, whether it is whole, how old what you see is. Segments give way by priority. */
import { formatAge, formatClock, formatDuration } from '../../src/base/format.ts';
import { sanitize } from '../../src/base/sanitize.ts';
import { cutText, textWidth } from '../../src/base/width.ts';
import { isStale, type Reach } from '../../src/cluster/poll-loop.ts';
import type { Token } from '../../src/skin/skin.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { EMPTY, type Line, lineWidth, type Span, span, spread } from './line.ts';

/** The name gives way before the state of what it names. */
const MAX_NAME = 26;
const MIN_NAME = 10;
/** Up to this priority a segment says that something is wrong; the name is cut before one of them is left out. */
const FAULT = 1;
const SLOW_LINK_MS = 400;

interface Segment {
  readonly priority: number;
  readonly spans: Line;
}

/** `isMono`: what is told apart by its colour elsewhere is told apart by brackets. */
export function headerLine(data: ConsoleData, unreadErrors: number, width: number, isMono = false): Line {
  let segments = [
    contextSegment(data, MAX_NAME, isMono),
    ...kafkaSegments(data),
    ...connectSegments(data),
    ...countSegments(data, unreadErrors),
    ...linkSegments(data),
  ];
  const cells = (some: readonly Segment[]) => some.reduce((sum, one) => sum + lineWidth(one.spans) + 2, 0);
  let right = rightPart(data, false);
  const missing = () => cells(segments.filter((one) => one.priority <= FAULT)) - (width - lineWidth(right) - 2);
  if (missing() > 0) {
    const nameWidth = Math.min(MAX_NAME, textWidth(sanitize(data.context.name)));
    segments[0] = contextSegment(data, Math.max(MIN_NAME, nameWidth - missing()), isMono);
  }
  if (missing() > 0) right = rightPart(data, true);
  if (missing() > 0) right = EMPTY;
  const room = width - lineWidth(right) - 2;
  while (cells(segments) > room && segments.some((one) => one.priority > 0)) {
    const worst = Math.max(...segments.map((one) => one.priority));
    const at = segments.findLastIndex((one) => one.priority === worst);
    segments = segments.filter((_, i) => i !== at);
  }
  return spread(
    segments.flatMap((one) => [...one.spans, span('  ')]),
    right,
    width,
  );
}

function contextSegment({ context }: ConsoleData, maxName: number, isMono: boolean): Segment {
  const [before, after] = isMono && (context.isProtected || context.colour !== undefined) ? ['[', ']'] : [' ', ' '];
  const name = span(`${before}${cutText(sanitize(context.name), maxName)}${after}`, context.isProtected ? 'protected' : 'context');
  const mode = context.isReadOnly ? [span('read-only', 'warn')] : [];
  return { priority: 0, spans: [name, ...mode] };
}

function reachWord(name: string, reach: Reach): Span | null {
  if (reach.error !== null) return span(`✖ ${name} unreachable`, 'fail');
  return reach.lastOkMs === null ? span(`○ ${name} …`, 'dim') : null;
}

function kafkaSegments({ cluster, context }: ConsoleData): Segment[] {
  if (!context.hasKafka) return [];
  if (!cluster) return [{ priority: FAULT, spans: [span('○ Kafka …', 'dim')] }];
  const down = reachWord('Kafka', cluster.reach);
  const out: Segment[] = down ? [{ priority: FAULT, spans: [down] }] : [];
  if (!cluster.info) return out;
  const up = cluster.brokers.filter((broker) => broker.isUp).length;
  const whole = up === cluster.brokers.length;
  if (!down)
    out.push({
      priority: whole ? 2 : FAULT,
      spans: [span(whole ? '● ' : '✖ ', whole ? 'ok' : 'fail'), span(`${up}/${cluster.brokers.length} brokers`, whole ? 'text' : 'fail')],
    });
  const controller = cluster.info.controllerId;
  out.push({
    priority: 5,
    spans: [
      span('ctrl ', 'dim'),
      span(controller === null ? '?' : controller < 0 ? 'none' : String(controller), controller === -1 ? 'fail' : 'text'),
    ],
  });
  const { offline, belowMin } = cluster.isr;
  out.push({ priority: offline + belowMin > 0 ? FAULT : 3, spans: isrSpans(cluster.isr) });
  return out;
}

function isrSpans({ offline, belowMin, under }: { offline: number; belowMin: number; under: number }): Span[] {
  if (offline > 0) return [span(`${offline} OFFLINE`, 'fail')];
  if (belowMin > 0) return [span(`${belowMin} READ-ONLY`, 'fail')];
  return under > 0 ? [span(`${under} UNDER`, 'warn')] : [span('ISR ', 'dim'), span('ok', 'text')];
}

function connectSegments({ connect, context }: ConsoleData): Segment[] {
  if (!context.hasConnect) return [];
  if (!connect) return [{ priority: FAULT, spans: [span('○ Connect …', 'dim')] }];
  const down = reachWord('Connect', connect.reach);
  if (down) return [{ priority: FAULT, spans: [down] }];
  const [now, known] = [connect.workers.length, connect.knownWorkers.length];
  // Connect names its workers only as the places of connectors and tasks: without any, one has answered, and more is not known.
  if (known === 0) return [{ priority: 4, spans: [span('● ', 'ok'), span('Connect', 'text')] }];
  return [
    {
      priority: 4,
      spans: [span('workers ', 'dim'), span(now === known ? String(now) : `${now}/${known}`, now === known ? 'text' : 'warn')],
    },
  ];
}

const COUNTED: ReadonlyArray<readonly [health: string, token: Token]> = [
  ['FAILED', 'fail'],
  ['UNASSIGNED', 'fail'],
  ['STUCK', 'warn'],
  ['FLAPPING', 'warn'],
];

/** A slow line is not a slow worker. */
function linkSegments({ linkMs }: ConsoleData): Segment[] {
  return linkMs === null || linkMs < SLOW_LINK_MS ? [] : [{ priority: 7, spans: [span(`link ${formatDuration(linkMs)}`, 'stale')] }];
}

function countSegments({ connect }: ConsoleData, unreadErrors: number): Segment[] {
  const counts = COUNTED.map(([health, token]) => ({
    health,
    token,
    count: connect?.connectors.filter((row) => row.health === health).length ?? 0,
  }));
  const shown: Segment[] = counts
    .filter(({ count }) => count > 0)
    .map(({ health, token, count }) => ({ priority: FAULT, spans: [span(`${count} ${health}`, token)] }));
  return unreadErrors > 0
    ? [...shown, { priority: 6, spans: [span(`${unreadErrors} ${unreadErrors === 1 ? 'error' : 'errors'} @`, 'warn')] }]
    : shown;
}

/** Age of the oldest answer once it is worth a look, then the time. While answers come as they should nothing moves but the clock. */
function rightPart({ connect, cluster, nowMs }: ConsoleData, isShort: boolean): Line {
  const reaches = [connect?.reach, cluster?.reach].filter((reach) => reach !== undefined);
  const known = reaches.filter((reach) => reach.lastOkMs !== null);
  const clock = isShort ? [] : [span(`${formatClock(nowMs)} `, 'text')];
  if (known.length === 0) return clock;
  const ageMs = Math.max(...known.map((reach) => nowMs - (reach.lastOkMs ?? nowMs)));
  const token: Token = known.some((reach) => isStale(reach, nowMs, 5))
    ? 'fail'
    : known.some((reach) => isStale(reach, nowMs, 2))
      ? 'stale'
      : 'dim';
  if (token === 'dim') return isShort ? [] : [span('live  ', 'dim'), ...clock];
  return [span(`age ${formatAge(ageMs)}  `, token), ...clock];
}
