import { setImmediate } from 'node:timers/promises';

/** Lets the event loop turn once: sockets, messages and timers get their chance between two batches of a busy loop. */
export function nextTurn(): Promise<void> {
  return setImmediate();
}
