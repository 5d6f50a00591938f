/** How figures, sizes and times read on the screen: fixed units, digits grouped by a space, nothing that changes its width without need. */

const UNITS = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const;

/** `1 204`, `88 201`, from a million on `1.20 M`; `?` for what is not known. Takes bigint for offsets. */
export function formatCount(value: number | bigint | null): string {
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return '?';
  const number = Number(value);
  if (Math.abs(number) < 1_000_000) return groupDigits(typeof value === 'bigint' ? value : Math.round(number));
  return scaled(number, 1000);
}

/** All digits, grouped: `1 882 001`. */
export function groupDigits(value: number | bigint): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}

/** Records per second: `0.4`, `12`, `41 870`, `1.80 M`. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null || !Number.isFinite(perSecond)) return '?';
  if (perSecond > 0 && perSecond < 10) return perSecond < 0.05 ? '<0.1' : perSecond.toFixed(1);
  return formatCount(perSecond);
}

/** `512 B`, `1.20 MB` (thousands, as disks and networks are sold). */
export function formatBytes(bytes: number | bigint | null): string {
  if (bytes === null) return '?';
  const number = Number(bytes);
  if (Math.abs(number) < 1000) return `${number} B`;
  return `${scaled(number, 1000)}B`;
}

function scaled(value: number, step: number): string {
  let unit = 0;
  let rest = value;
  while (Math.abs(rest) >= step && unit < UNITS.length - 1) {
    rest /= step;
    unit++;
  }
  const digits = Math.abs(rest) >= 99.95 ? 0 : Math.abs(rest) >= 9.995 ? 1 : 2;
  return `${rest.toFixed(digits)} ${UNITS[unit]}`;
}

/** `0.2 s`, `4 s`, `12 min`, `3 h 20 min`, `5 d 2 h`. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return '?';
  if (ms < 950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Time since, in whole seconds below two minutes so that it does not flicker: `4 s`. */
export function formatAge(ms: number | null): string {
  if (ms === null) return '?';
  return ms < 1000 ? '0 s' : formatDuration(Math.floor(ms / 1000) * 1000);
}

/** For narrow columns: `4s`, `12m`, `3h20m`, `5d2h`. */
export function compactAge(ms: number): string {
  return formatAge(Math.max(0, ms))
    .replace(/ min/g, 'm')
    .replace(/ ([shd])/g, '$1')
    .replaceAll(' ', '');
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `12:04:31` in the local zone. */
export function formatClock(wallMs: number): string {
  const date = new Date(wallMs);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `12:04:31.118` in the local zone. */
export function formatClockMs(wallMs: number): string {
  return `${formatClock(wallMs)}.${String(new Date(wallMs).getMilliseconds()).padStart(3, '0')}`;
}

/** `2026-11-23 12:04:31.118` in the local zone. */
export function formatTimestamp(wallMs: number): string {
  const date = new Date(wallMs);
  if (Number.isNaN(date.getTime())) return String(wallMs);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatClockMs(wallMs)}`;
}

/** `61 %`. */
export function formatPercent(share: number | null): string {
  return share === null ? '?' : `${Math.round(share * 100)} %`;
}

/** `1 task`, `3 tasks`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${groupDigits(count)} ${count === 1 ? one : many}`;
}

/** `0-4 7 9-12`; in rising order. */
export function formatRanges(numbers: readonly number[]): string {
  const ranges: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let end = i;
    while (numbers[end + 1] === numbers[end]! + 1) end++;
    ranges.push(end === i ? `${numbers[i]}` : `${numbers[i]}-${numbers[end]}`);
    i = end + 1;
  }
  return ranges.join(' ');
}

/** `1`, `1 and 2`, `1, 2 and 3`. */
export function listInWords(items: ReadonlyArray<string | number>): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
