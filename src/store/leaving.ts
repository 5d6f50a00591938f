/** How a console ends, and what becomes of the worker behind it. */
import type { Place } from './place.ts';

export interface Leaving {
  readonly code: number;
  /** `leave`: the worker of this process goes on without a screen. Nothing else stands or falls with a console. */
  readonly worker: 'stop' | 'leave';
  /** The next console opens there; `null`: none does. */
  readonly next: Place | null;
}
