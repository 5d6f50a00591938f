/**
 * Loaded into a process before all else, and into its threads: its wall clock is off by as many milliseconds as stand in a file, looked at again and
 * again. `--import file:///…/jumping-clock.ts?by=FILE`. Timers and the monotonic clock stay as they are, as when somebody sets a machine's clock.
 */
import { readFileSync } from 'node:fs';

const file = new URL(import.meta.url).searchParams.get('by') ?? '';
const RealDate = Date;
let byMs = 0;

function look(): void {
  try {
    byMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    // Not written yet.
  }
}

const now = () => RealDate.now() + byMs;
look();
setInterval(look, 50).unref();

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as object,
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
});
