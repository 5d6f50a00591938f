/** `orders-eu-3`: how a task is named in the keys of internal topics. */
import { DataError } from '../base/errors.ts';
import type { ConnectorTaskId } from './connector-states.ts';

export const MAX_INT32: number = 2 ** 31 - 1;

/** The number is what follows the last `-`: names of connectors may hold some. Throws DataError. */
export function parseTaskId(text: string): ConnectorTaskId {
  const dash = text.lastIndexOf('-');
  const digits = text.slice(dash + 1);
  if (dash < 1 || !/^\d+$/.test(digits) || Number(digits) > MAX_INT32) throw new DataError('its key does not end in a task number');
  return { connector: text.slice(0, dash), task: Number(digits) };
}
