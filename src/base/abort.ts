/** Waits that an AbortSignal ends. */

/**
 * Reason for ending a wait that is needed no more: `controller.abort()` without one makes a DOMException with a trace, which costs many times what
 * the wait does.
 */
export const NOT_NEEDED = 'not needed any more';

/** Settles with `promise`, or resolves when `signal` aborts. */
export function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
