/**
 * A console looks at clusters of any size and lives for days on a box that has other work. V8 left to itself lets the heap grow to
 * several times of what lives there, and its young part to more than a hundred megabytes, to save time that a screen has.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** The heap may grow by a fifth before it is collected as a whole. */
const COLLECT_SOONER = '--heap-growing-percent=20';
const YOUNG_STAYS = '--semi-space-growth-factor=1';
const YOUNG_BYTES = 16 * 1024 * 1024;
const LOOK_MS = 100;

/** V8's own. */
const AS_USUAL = ['--heap-growing-percent=0', '--semi-space-growth-factor=2'];

/** While there are no task threads: flags hold for all of a process. Answers how to end it. */
export function keepHeapSmall(): () => void {
  setFlagsFromString(COLLECT_SOONER);
  const timer = setInterval(() => {
    const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
    if (!young || young.space_size < YOUNG_BYTES) return;
    setFlagsFromString(YOUNG_STAYS);
    clearInterval(timer);
  }, LOOK_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    for (const flag of AS_USUAL) setFlagsFromString(flag);
  };
}
