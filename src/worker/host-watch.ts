/**
 * Notices a host whose event loop stands still (a plugin that computes without end) and says so, once, with the tasks that it holds up.
 * When that lasts, the worker is told.
 */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { HostLink } from './host-link.ts';

const EVERY_MS = 5_000;
const ANSWER_WITHIN_MS = 5_000;

export interface HostWatchParts {
  readonly clock: Clock;
  readonly log: Log;
  links(): readonly HostLink[];
  /** Names of the tasks that live there. */
  tasksOn(link: HostLink): readonly string[];
  /** How long a host may stand still, in milliseconds. */
  readonly hangMs: number;
  /** Called at each look from then on. */
  onHang(link: HostLink): void;
}

/** Watches until `signal` aborts. */
export async function watchHosts({ clock, log, links, tasksOn, hangMs, onHang }: HostWatchParts, signal: AbortSignal): Promise<void> {
  /** Since when, in monotonic milliseconds. */
  const blocked = new Map<HostLink, number>();
  for (;;) {
    await clock.sleep(EVERY_MS, signal);
    if (signal.aborted) return;
    for (const [link, sinceMs] of blocked) {
      if (link.isGone) blocked.delete(link);
      else if (!link.isBlocked) {
        blocked.delete(link);
        log.info(`Task thread ${link.index} answers again.`);
      } else if (clock.monoMs() - sinceMs >= hangMs) onHang(link);
    }
    await Promise.all(
      links()
        .filter((link) => !link.isRetired && !blocked.has(link))
        .map(async (link) => {
          const askedMs = clock.monoMs();
          if ((await link.answers(ANSWER_WITHIN_MS)) || link.isGone || signal.aborted) return;
          blocked.set(link, askedMs);
          const tasks = tasksOn(link);
          log.error(
            `Task thread ${link.index} has not answered for ${ANSWER_WITHIN_MS} ms: a plugin in it keeps it busy${tasks.length > 0 ? `, and holds up ${tasks.join(', ')}` : ''}. New tasks go to another thread. Stop or restart the connector that hangs to free it.`,
          );
        }),
    );
  }
}
