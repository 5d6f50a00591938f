/** How far the clocks of a time zone were ahead of UTC. Asking Intl costs microseconds, so answers are kept by day: on few days clocks change. */

/** Milliseconds that clocks were ahead of UTC at an instant (milliseconds since 1970). */
export type ZoneOffset = (epochMs: number) => number;

const DAY_MS = 86_400_000;
/** Clocks change at such marks of UTC, in all zones of today. */
const QUARTER_MS = 900_000;
/** What Intl takes, either side of 1970. */
const MAX_MS = 8.64e15;
/** So many days or quarters of an hour are kept, then all are forgotten: memory stays bounded whatever the data. */
const MAX_KEPT = 20_000;
const FIXED = /^([+-])(\d\d):(\d\d)$/;
const LONG_OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** `zone`: an IANA name or `±hh:mm`, as `intlZoneOf` gives it. */
export function zoneOffset(zone: string): ZoneOffset {
  const fixed = zone === 'UTC' ? 0 : fixedOffsetMs(zone);
  if (fixed !== null) return () => fixed;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const exact: ZoneOffset = (epochMs) => offsetIn(format.format(epochMs));
  return keptBy(DAY_MS, keptBy(QUARTER_MS, exact, exact), exact);
}

/** Keeps the answer for each span of time whose first and last instant agree; asks `within` in the others. */
function keptBy(spanMs: number, within: ZoneOffset, exact: ZoneOffset): ZoneOffset {
  const kept = new Map<number, number>();
  let lastSpan = Number.NaN;
  let lastOffset = 0;
  return (epochMs) => {
    const span = Math.floor(epochMs / spanMs);
    if (span === lastSpan) return lastOffset;
    let offset = kept.get(span);
    if (offset === undefined) {
      const first = exact(Math.max(span * spanMs, -MAX_MS));
      offset = first === exact(Math.min((span + 1) * spanMs - 1, MAX_MS)) ? first : Number.NaN;
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(span, offset);
    }
    if (Number.isNaN(offset)) return within(epochMs);
    lastSpan = span;
    lastOffset = offset;
    return offset;
  };
}

function fixedOffsetMs(zone: string): number | null {
  const match = FIXED.exec(zone);
  return match === null ? null : toMs(match);
}

function offsetIn(text: string): number {
  const match = LONG_OFFSET.exec(text);
  return match?.[1] === undefined ? 0 : toMs(match);
}

function toMs([, sign, hours, minutes, seconds = '0']: RegExpExecArray): number {
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -ms : ms;
}
