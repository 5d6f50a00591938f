/** What other workers of the group may ask of this one. Each throws RestError 400, 403 or 503 for a request that no worker of the group has signed, NotHereError when another worker leads. */
import type { Config } from '../../plugin-api/plugin.ts';
import type { DrainReply } from '../model.ts';
import type { RequestSignature } from './forwarder.ts';

export interface GroupRequests {
  /** A connector over there has made these; the whole set. */
  acceptTaskConfigs(connector: string, configs: readonly Config[], signature: RequestSignature | null): Promise<void>;
  /** Before tasks of an exactly-once source start over there: producers of its earlier tasks can write no more. */
  acceptFencing(connector: string, signature: RequestSignature | null): Promise<void>;
  /** Somebody has asked over there that this worker drain. Throws RestError 409 when another is meant. */
  acceptDrain(workerId: string, signature: RequestSignature | null): Promise<DrainReply>;
}
