import { useSyncExternalStore } from 'react';
import type { Snapshot } from '../src/store/console-data.ts';
import type { Session } from '../src/store/session.ts';

/** The moment that is drawn: changes when the frame clock says so, or at once after a key. */
export function useSnapshot(session: Session): Snapshot {
  return useSyncExternalStore(session.subscribe, session.snapshot, session.snapshot);
}
