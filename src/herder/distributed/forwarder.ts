/** How a request reaches the worker that can answer it; `src/rest` implements it over HTTP. Source: RestClient, HerderRequestHandler (reference 1.9). */

import type { Config } from '../../plugin-api/plugin.ts';
import type { SessionKey } from '../../storage/config/port.ts';
import type { DrainReply } from '../model.ts';

export type { SessionKey };

/** Thrown by the distributed herder for what another worker must do. REST passes the request on to `url`, or answers 409 when it may not. */
export class NotHereError extends Error {
  override readonly name = 'NotHereError';
  /** `null`: nobody is known to be the right one now. */
  readonly url: string | null;

  constructor(url: string | null, message: string) {
    super(message);
    this.url = url;
  }
}

/** Requests that a worker makes on its own, signed with the session key when there is one. They reject with RestError carrying the answer's status. */
export interface InternalRequests {
  /** `POST {leaderUrl}connectors/{connector}/tasks`. */
  putTaskConfigs(leaderUrl: string, connector: string, configs: readonly Config[], key: SessionKey | null): Promise<void>;
  /** `PUT {leaderUrl}connectors/{connector}/fence`. */
  fenceZombies(leaderUrl: string, connector: string, key: SessionKey | null): Promise<void>;
  /** `PUT {workerUrl}worker/drain`, which ours alone have. `workerId`: the one that is meant. */
  drain(workerUrl: string, workerId: string, key: SessionKey | null): Promise<DrainReply>;
}

/** What a request of another worker carries to prove that it is one. */
export interface RequestSignature {
  readonly algorithm: string;
  readonly signature: Buffer;
  readonly body: Buffer;
}
