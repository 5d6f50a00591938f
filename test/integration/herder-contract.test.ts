/** The herder's contract on real brokers: Apache Kafka's worker and ours over HTTP, and ours in process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { createHttpHerder, type HttpHerder } from '../../src/control/over-http.ts';
import type { Difference } from '../contracts/herder-answers.ts';
import { herderContract } from '../contracts/herder-contract.ts';
import { type StandaloneRig, startRig } from '../helpers/standalone-rig.ts';
import { startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const nullPointer = 'a standalone JVM worker runs into a null there instead of looking for the connector';
const wrapped = 'the JVM does not unwrap the error of its validation thread';

/** What a standalone worker of Apache Kafka 4.3.1 answers otherwise. */
const OF_THE_JVM: Readonly<Record<string, Difference>> = {
  'stop none': {
    answer: '! 500 No connector `nope` configured',
    why: 'a standalone JVM worker looks at its memory before it looks for the connector',
  },
  'restart none': { answer: '! 500 Cannot invoke "java.util.Map.get(Object)" because "connProps" is null', why: nullPointer },
  'restart a task of none': {
    answer: '! 500 Failed to start task nope-0 since it is not a recognizable type (source or sink)',
    why: nullPointer,
  },
  'sink: negative offset': {
    answer: '! 500 Failed to modify offsets for sink connector <name>',
    why: 'the JVM sends its caller away without the reason',
  },
  'topics of a deleted one': { answer: '["<name>-topic"]', why: 'a standalone JVM worker remembers them beyond the connector' },
  'validate without a class': {
    answer: '! 500 org.apache.kafka.connect.runtime.rest.errors.BadRequestException: Connector config {} contains no connector type',
    why: wrapped,
  },
  'a name that a path cannot hold everywhere': {
    answer:
      '! 400 http://<worker>/connectors/50%25%2F%5C answered HTTP 400: Error 400 Ambiguous URI path separator, Ambiguous URI path encoding, Suspicious Path Character',
    why: 'the HTTP server of the JVM lets no %25, %2F and %5C through',
  },
  metrics: { answer: '"nothing"', why: 'a JVM worker has its figures in JMX only' },
  log: { answer: '"nothing"', why: 'a JVM worker writes its log and keeps none' },
};

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-herder-'));
let jvm: WorkerProcess;
let ours: WorkerProcess;
let rig: StandaloneRig;
const clients: HttpHerder[] = [];

beforeAll(async () => {
  [jvm, ours, rig] = await Promise.all([
    startWorkerProcess({ isJvm: true, properties: { 'plugin.discovery': 'service_load' } }),
    startWorkerProcess(),
    startRig(),
  ]);
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
  herderContract(() => ({ herder: overHttp(jvm), workerId: `127.0.0.1:${jvm.port}`, folder, differences: OF_THE_JVM }));
});

describe('our worker over HTTP', () => {
  herderContract(() => ({ herder: overHttp(ours), workerId: `127.0.0.1:${ours.port}`, folder, differences: {} }));
});

describe('our herder in process', () => {
  herderContract(() => ({ herder: rig.herder, workerId: '127.0.0.1:8083', folder, differences: {} }));
});
