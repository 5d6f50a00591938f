/** The herder's contract on standalone workers and real brokers: Apache Kafka's and ours over HTTP, and ours in process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { createHttpHerder, type HttpHerder } from '../../src/control/over-http.ts';
import { herderContract } from '../contracts/herder-contract.ts';
import { STANDALONE_JVM } from '../contracts/jvm-differences.ts';
import { type StandaloneRig, startRig } from '../helpers/standalone-rig.ts';
import { startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-herder-'));
let jvm: WorkerProcess;
let ours: WorkerProcess;
let rig: StandaloneRig;
const clients: HttpHerder[] = [];

beforeAll(async () => {
  [jvm, ours, rig] = await Promise.all([startWorkerProcess({ isJvm: true }), startWorkerProcess(), startRig()]);
});
afterAll(async () => {
  for (const client of clients) client.close();
  await Promise.all([jvm, ours, rig].map((each) => each?.[Symbol.asyncDispose]()));
  rmSync(folder, { recursive: true, force: true });
});

function overHttp(worker: WorkerProcess): HttpHerder {
  const client = createHttpHerder([`http://127.0.0.1:${worker.port}`]);
  clients.push(client);
  return client;
}

describe("Apache Kafka's worker over HTTP", () => {
  herderContract(() => ({
    herder: overHttp(jvm),
    mode: 'standalone',
    workerId: `127.0.0.1:${jvm.port}`,
    folder,
    differences: STANDALONE_JVM,
  }));
});

describe('our worker over HTTP', () => {
  herderContract(() => ({ herder: overHttp(ours), mode: 'standalone', workerId: `127.0.0.1:${ours.port}`, folder, differences: {} }));
});

describe('our herder in process', () => {
  herderContract(() => ({ herder: rig.herder, mode: 'standalone', workerId: '127.0.0.1:8083', folder, differences: {} }));
});
