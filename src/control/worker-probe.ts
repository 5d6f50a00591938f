/** Asks each worker of a cluster by itself: one that is dead says nothing of the others. What a JVM worker does not tell stays unknown. */
import { messageOf, NotFoundError } from '../base/errors.ts';
import type { ProcessFacts, ServerHealth, ServerInfo, WorkerProbe } from '../herder/model.ts';
import { readGauge } from './prometheus-text.ts';
import { RestClient, type RestClientOptions } from './rest-client.ts';

/** Somebody looks: a worker that takes longer than this is shown as one that does not answer. */
const PROBE_MS = 4_000;

export class WorkerProbes {
  readonly #clients: readonly RestClient[];

  constructor(urls: readonly string[], options: RestClientOptions) {
    this.#clients = urls.map((url) => new RestClient([url], { ...options, readTimeoutMs: PROBE_MS }));
  }

  /** In the order of the addresses; never rejects. */
  read(): Promise<WorkerProbe[]> {
    return Promise.all(this.#clients.map(probe));
  }

  /** To ask one worker and no other. Throws NotFoundError for an address that was not given. */
  clientOf(address: string): RestClient {
    const found = this.#clients.find((client) => client.addresses[0] === address);
    if (!found)
      throw new NotFoundError(`The worker ${address} is none of those that can be asked from here: give its address to --attach.`);
    return found;
  }

  /** Of the worker of this id, `host:port`; `undefined`: it is none of those that can be asked from here. */
  addressOf(workerId: string): string | undefined {
    return this.#clients
      .map((client) => client.addresses[0]!)
      .find((address) => address.replace(/^https?:\/\/([^/]*).*$/, '$1') === workerId);
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}

async function probe(client: RestClient): Promise<WorkerProbe> {
  const address = client.addresses[0]!;
  const unknown = { address, workerId: null, latencyMs: null, info: null, health: null, make: null, process: null };
  const startedMs = performance.now();
  try {
    const answer = await client.request('GET', '/');
    const latencyMs = performance.now() - startedMs;
    if (answer.status !== 200) return { ...unknown, latencyMs, error: `HTTP ${answer.status} to GET /` };
    const info = JSON.parse(answer.text) as ServerInfo;
    const [health, own] = await Promise.all([readHealth(client), readProcess(client)]);
    return { ...unknown, latencyMs, info, health, ...own, error: null };
  } catch (error) {
    return { ...unknown, error: messageOf(error) };
  }
}

/** `null`: it has no health endpoint (Kafka before 3.9), or did not answer there. */
async function readHealth(client: RestClient): Promise<ServerHealth | null> {
  try {
    const health = JSON.parse((await client.request('GET', '/health')).text) as Partial<ServerHealth>;
    return health.status && health.message ? { status: health.status, message: health.message } : null;
  } catch {
    return null;
  }
}

/** A JVM worker tells nothing of its process over REST: it has no such endpoint. */
async function readProcess(client: RestClient): Promise<Pick<WorkerProbe, 'make' | 'process'>> {
  try {
    const { status, text } = await client.request('GET', '/metrics');
    const gauge = (name: string) => readGauge(text, name);
    const [rss, heap, start] = [
      gauge('process_resident_memory_bytes'),
      gauge('nodejs_heap_size_used_bytes'),
      gauge('process_start_time_seconds'),
    ];
    if (status !== 200 || rss === null) return { make: status === 404 ? 'jvm' : null, process: null };
    const lag = { mean: gauge('nodejs_eventloop_lag_mean_seconds'), max: gauge('nodejs_eventloop_lag_max_seconds') };
    const process: ProcessFacts = {
      rssBytes: rss,
      heapBytes: heap,
      startedMs: start === null ? null : start * 1_000,
      loopMeanMs: lag.mean === null ? null : lag.mean * 1_000,
      loopMaxMs: lag.max === null ? null : lag.max * 1_000,
    };
    return { make: 'kconsole', process };
  } catch {
    return { make: null, process: null };
  }
}
