/** How often the sources are asked: less, the longer nobody has touched the console. */
const IDLE_MS = 120_000;
const LONG_IDLE_MS = 900_000;

/** By what every interval is multiplied: 1 while keys are pressed, up to 4 when nobody has touched it for long. */
export function paceAfter(idleMs: number): number {
  return idleMs < IDLE_MS ? 1 : idleMs < LONG_IDLE_MS ? 2 : 4;
}
