/** Of several restarts that wait for one connector the one that touches most is made. Source: RestartRequest.forciblyRestartConnectorOnly, ImpactRank (reference 6.8). */
import type { RestartRequest } from '../../storage/config/port.ts';

const impact = ({ onlyFailed, includeTasks }: RestartRequest) => (onlyFailed ? 0 : 2) + (includeTasks ? 1 : 0);

export function greaterImpact(waiting: RestartRequest | undefined, request: RestartRequest): RestartRequest {
  return waiting && impact(waiting) > impact(request) ? waiting : request;
}
