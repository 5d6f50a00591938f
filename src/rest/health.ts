/** `GET /health` (KIP-1017): healthy 200, starting 503, unhealthy 500, each within ten seconds. */
import type { ServerHealth } from '../herder/model.ts';
import type { RestAppOptions } from './rest-app.ts';
import type { RestReply } from './route.ts';

const STATUS: Readonly<Record<ServerHealth['status'], number>> = { healthy: 200, starting: 503, unhealthy: 500 };

type HealthOptions = Pick<RestAppOptions, 'herder' | 'stage' | 'healthTimeoutMs' | 'clock'>;

export async function healthReply(options: HealthOptions): Promise<RestReply> {
  const herder = options.herder();
  const { status, message } = herder
    ? await withinTime(herder.health(), options)
    : { status: 'starting' as const, message: withStage('Worker is still starting up.', options) };
  return { status: STATUS[status], body: { status, message } };
}

async function withinTime(health: Promise<ServerHealth>, options: HealthOptions): Promise<ServerHealth> {
  const unhealthy = (): ServerHealth => ({
    status: 'unhealthy',
    message: withStage('Worker was unable to handle this request and may be unable to handle other requests.', options),
  });
  const timer = new AbortController();
  try {
    return await Promise.race([health, options.clock.sleep(options.healthTimeoutMs, timer.signal).then(unhealthy)]);
  } catch {
    return unhealthy();
  } finally {
    timer.abort();
  }
}

function withStage(message: string, options: HealthOptions): string {
  return [message, options.stage()].filter(Boolean).join(' ');
}
