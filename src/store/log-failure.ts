/** Which event of the worker's log tells of a failure that a status has shown. */
import type { NumberedLogEvent } from '../herder/model.ts';
import type { Since } from './connect-model.ts';

/** Between the event and the look that saw the status, or the restart that failed again. */
const NEAR_MS = 10_000;

/** The nearest error to when it was seen to fail; the last one before, when it had failed by the first look. `null`: none fits. */
export function failureEvent(events: readonly NumberedLogEvent[], { atMs, isExact }: Since): NumberedLogEvent | null {
  const errors = events.filter(({ level, timeMs }) => {
    const isError = level === 'ERROR' || level === 'FATAL';
    return isError && (isExact ? Math.abs(timeMs - atMs) <= NEAR_MS : timeMs <= atMs);
  });
  // An error with a trace says more than those that it led to.
  const traced = errors.filter((one) => one.trace !== null);
  const distance = ({ timeMs }: NumberedLogEvent) => Math.abs(timeMs - atMs);
  return (traced.length > 0 ? traced : errors).reduce<NumberedLogEvent | null>(
    (best, one) => (best === null || distance(one) <= distance(best) ? one : best),
    null,
  );
}
