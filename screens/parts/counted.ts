/** `3 of 14` for the right end of the crumb line. */
import type { Snapshot } from '../../src/store/console-data.ts';
import { type Line, span } from './line.ts';

export function counted({ selection }: Snapshot): Line {
  if (!selection) return [];
  return [span(`${selection.ids.length} of ${selection.total}`, selection.ids.length === selection.total ? 'dim' : 'accent')];
}
