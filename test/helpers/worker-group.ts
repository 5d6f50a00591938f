/** Worker processes of one group, on brokers that the test may harm. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeWorkerAssignment } from '../../src/kafka/connect-protocol.ts';
import type { Kafka } from '../../src/kafka/contract.ts';
import { readTopic } from './standalone-rig.ts';
import { waitUntil } from './wait-until.ts';
import { groupTopics, type Properties, startWorkerProcess, type WorkerProcess, type WorkerSettings } from './worker-process.ts';

interface Placed {
  readonly state: string;
  readonly workerId: string;
}

/** By connector (`c`) and task (`c-0`), as one worker tells. */
export type Placement = ReadonlyMap<string, Placed>;

export class WorkerGroup implements AsyncDisposable {
  readonly name: string;
  readonly folder: string = mkdtempSync(path.join(tmpdir(), 'kconsole-group-'));
  readonly #kafka: Kafka;
  readonly #properties: Properties;
  readonly #workers: WorkerProcess[] = [];

  constructor(name: string, kafka: Kafka, properties: Properties) {
    this.name = name;
    this.#kafka = kafka;
    this.#properties = properties;
  }

  get topics(): { readonly config: string; readonly offsets: string; readonly status: string } {
    const [config = '', offsets = '', status = ''] = groupTopics(this.name);
    return { config, offsets, status };
  }

  async start(settings: Pick<WorkerSettings, 'isStartOnly' | 'isJvm' | 'nodeArguments'> = {}): Promise<WorkerProcess> {
    const worker = await startWorkerProcess({ group: this.name, properties: this.#properties, ...settings });
    this.#workers.push(worker);
    return worker;
  }

  /** URL of the leader as the brokers know it; `null` while a round goes on. */
  async leaderUrl(): Promise<string | null> {
    const [found] = await this.#kafka.admin().describeGroups([this.name]);
    const member = found?.state === 'Stable' ? found.members[0] : undefined;
    return member ? decodeWorkerAssignment(member.rawAssignment).leaderUrl : null;
  }

  async leaderOf(workers: readonly WorkerProcess[]): Promise<WorkerProcess> {
    let leader: WorkerProcess | undefined;
    await waitUntil('one of the workers leads', async () => {
      const url = await this.leaderUrl();
      leader = workers.find(({ port }) => url === `http://127.0.0.1:${port}/`);
      return leader !== undefined || url;
    });
    return leader!;
  }

  /** Waits until the group is of exactly these workers and no round goes on. */
  async waitMembers(workers: readonly WorkerProcess[]): Promise<void> {
    await waitUntil(`the group has ${workers.length} members`, async () => {
      const [found] = await this.#kafka.admin().describeGroups([this.name]);
      return (found?.state === 'Stable' && found.members.length === workers.length) || [found?.state, found?.members.length];
    });
  }

  file(connector: string): string {
    return path.join(this.folder, `${connector}.txt`);
  }

  topicOf(connector: string): string {
    return `${this.name}-${connector}`;
  }

  /** A source that sends the lines of a file of its own. */
  source(connector: string): Properties {
    return { 'connector.class': 'FileStreamSource', 'tasks.max': '1', file: this.file(connector), topic: this.topicOf(connector) };
  }

  addLine(connector: string, line: string): void {
    appendFileSync(this.file(connector), `${line}\n`);
  }

  async lines(connector: string): Promise<string[]> {
    const lines: string[] = [];
    await readTopic(this.#kafka, this.topicOf(connector), ({ value }) => {
      lines.push((JSON.parse(value?.toString() ?? 'null') as { payload: string }).payload);
    });
    return lines;
  }

  /** Waits until each of these connectors and one task of each runs, all on workers of this list, as each of them tells. */
  async waitRunning(connectors: readonly string[], workers: readonly WorkerProcess[]): Promise<Placement> {
    const ids = new Set(workers.map(({ port }) => `127.0.0.1:${port}`));
    let placement: Placement = new Map();
    for (const worker of workers)
      await waitUntil(`${connectors.join(', ')} run on ${[...ids].join(', ')}`, async () => {
        placement = await placementOf(worker);
        const wanted = connectors.flatMap((name) => [name, `${name}-0`]);
        const isRunning = ({ state, workerId }: Placed) => state === 'RUNNING' && ids.has(workerId);
        return wanted.every((key) => placement.has(key) && isRunning(placement.get(key)!)) || [...placement];
      });
    return placement;
  }

  /** As `waitRunning`, with no worker having more than one connector or task more than another. */
  async waitShared(connectors: readonly string[], workers: readonly WorkerProcess[]): Promise<void> {
    await this.waitMembers(workers);
    await waitUntil(`${connectors.join(', ')} are shared`, async () => {
      const placements = await Promise.all([this.waitRunning(connectors, workers)]);
      return (
        [connectors, connectors.map((name) => `${name}-0`)].every((keys) =>
          placements.every((placement) =>
            isEven(
              keys.map((key) => placement.get(key)?.workerId ?? ''),
              workers.length,
            ),
          ),
        ) || placements.map((placement) => [...placement])
      );
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker[Symbol.asyncDispose]()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function placementOf(worker: WorkerProcess): Promise<Placement> {
  const { text } = await worker.rest('GET', '/connectors?expand=status');
  type State = { readonly id?: number; readonly state: string; readonly worker_id: string };
  const all = JSON.parse(text) as Record<string, { readonly status: { readonly connector: State; readonly tasks: readonly State[] } }>;
  return new Map(
    Object.entries(all).flatMap(([name, { status }]) =>
      [status.connector, ...status.tasks].map(
        ({ id, state, worker_id }) => [id === undefined ? name : `${name}-${id}`, { state, workerId: worker_id }] as const,
      ),
    ),
  );
}

/** As many of these as there are workers, in numbers that differ by one at most. */
function isEven(owners: readonly string[], workers: number): boolean {
  const counts = new Map<string, number>();
  for (const owner of owners) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return counts.size === workers && Math.max(...counts.values()) - Math.min(...counts.values()) <= 1;
}
