/** What a standalone worker needs at its start, and what it says when that is not there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LogHub } from '../../src/base/log.ts';
import { startStandalone } from '../../src/herder/standalone-start.ts';
import { StartError } from '../../src/herder/start-error.ts';
import { testBootstrap, uniqueName } from '../helpers/standalone-rig.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kconsole-start-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const string = 'org.apache.kafka.connect.storage.StringConverter';

function start(worker: Record<string, string>, connectors: Parameters<typeof startStandalone>[1] = []) {
  const properties = {
    'bootstrap.servers': testBootstrap(),
    'key.converter': string,
    'value.converter': string,
    'offset.storage.file.filename': path.join(folder, 'connect.offsets'),
    ...worker,
  };
  return startStandalone(properties, connectors, { workerId: () => '127.0.0.1:8083', logHub: new LogHub(() => Date.now()) });
}

async function refusal(promise: Promise<unknown>): Promise<StartError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StartError)) throw new Error(`expected a StartError, got ${String(error)}`);
  return error;
}

test('no Kafka: exit code 2, one sentence with the address and the way out', async () => {
  const error = await refusal(
    start({ 'bootstrap.servers': '127.0.0.1:9', 'default.api.timeout.ms': '1500', 'request.timeout.ms': '1000' }),
  );
  expect(error.exitCode).toBe(2);
  expect(error.message).toMatch(
    /^Kafka cannot be reached at bootstrap\.servers=127\.0\.0\.1:9: .*ECONNREFUSED.*\. Start Kafka there, or correct bootstrap\.servers/,
  );
});

test('an offset file that is none: exit code 3, named', async () => {
  const file = path.join(folder, 'bad.offsets');
  writeFileSync(file, 'not a map');
  const error = await refusal(start({ 'offset.storage.file.filename': file }));
  expect([error.exitCode, error.message.includes(file)]).toEqual([3, true]);
});

test('a connector that is refused: exit code 3, named, and nothing is left running', async () => {
  const name = uniqueName('bad');
  const config = { name, 'connector.class': 'FileStreamSource' };
  const error = await refusal(start({}, [{ name, config, initialState: null }]));
  expect(error.exitCode).toBe(3);
  expect(error.message).toContain(`Connector ${name} could not be started: Connector configuration is invalid`);
  expect(error.message).toContain('Missing required configuration "topic" which has no default value.');
});

test('the cluster id is Kafka’s, and a second stop is no harm', async () => {
  const running = await start({});
  expect((await running.herder.serverInfo()).kafka_cluster_id).toMatch(/^[\w-]{22}$/);
  await Promise.all([running.stop(), running.stop()]);
});
