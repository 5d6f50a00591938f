/** What a worker asks of the leader on its own, signed over HTTP. Source: DistributedHerder.{publishConnectorTaskConfigs,fenceZombieSourceTasks}. */
import type { InternalRequests, SessionKey } from '../herder/distributed/forwarder.ts';
import type { DrainReply } from '../herder/model.ts';
import { signatureHeaders } from './internal-signature.ts';
import type { WorkerClient } from './worker-client.ts';

/** Ours alone: Apache Kafka's workers answer it with 404. */
export const DRAIN_PATH = '/worker/drain';

/** `algorithm`: `inter.worker.signature.algorithm`. */
export function createInternalRequests(client: WorkerClient, algorithm: string): InternalRequests {
  const send = async (method: string, leaderUrl: string, connector: string, what: string, key: SessionKey | null, body: Buffer | null) => {
    // A signature does not go on with a request that is passed on; who does not lead says so instead.
    const path = `/connectors/${encodeURIComponent(connector.toWellFormed())}/${what}?forward=false`;
    await client.ask(leaderUrl, { method, path, body, headers: signatureHeaders(key, algorithm, body ?? Buffer.alloc(0)) });
  };
  return {
    putTaskConfigs: (leaderUrl, connector, configs, key) =>
      send('POST', leaderUrl, connector, 'tasks', key, Buffer.from(JSON.stringify(configs))),
    fenceZombies: (leaderUrl, connector, key) => send('PUT', leaderUrl, connector, 'fence', key, null),
    drain: async (workerUrl, workerId, key) => {
      // That the worker is named makes the signature good for nothing else.
      const body = Buffer.from(JSON.stringify({ worker_id: workerId }));
      const headers = signatureHeaders(key, algorithm, body);
      const { text } = await client.ask(workerUrl, { method: 'PUT', path: DRAIN_PATH, body, headers });
      return JSON.parse(text) as DrainReply;
    },
  };
}
