/** KIP-618 on real brokers: a source that is killed at any moment, or frozen and overtaken, and a reader of committed records that sees each line once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Kafka } from '../../src/kafka/contract.ts';
import { CommittedReader } from '../helpers/committed-reader.ts';
import { openKafka, testBootstrap, topicForTest, uniqueName } from '../helpers/kafka-clients.ts';
import { lineOf, linesOf } from '../helpers/numbered-lines.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const LINES = 2_000;
let folder: string;
let kafka: Kafka;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kconsole-once-'));
  kafka = openKafka('consumer').kafka;
});
afterAll(async () => {
  await kafka.close();
  rmSync(folder, { recursive: true, force: true });
});

interface TaskProcess {
  readonly child: ChildProcess;
  says(): string;
}

function startTask(connector: Readonly<Record<string, string>>, group: string, offsetsTopic: string): TaskProcess {
  const properties = {
    'bootstrap.servers': testBootstrap(),
    'group.id': group,
    'offset.storage.topic': offsetsTopic,
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  };
  const program = path.resolve(import.meta.dirname, '../helpers/exactly-once-process.ts');
  const child = spawn(process.execPath, [program, JSON.stringify({ properties, connector })], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  }
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, says: () => text };
}

async function scene(more: Readonly<Record<string, string>>) {
  const topic = await topicForTest(kafka, 'once', { partitions: 1, replicationFactor: 3 });
  const configs = { 'cleanup.policy': 'compact' };
  const offsetsTopic = await topicForTest(kafka, 'once-offsets', { partitions: 3, replicationFactor: 3, configs });
  const file = path.join(folder, topic);
  const name = uniqueName('once');
  const connector = { name, 'connector.class': 'FileStreamSource', file, topic, 'batch.size': '50', ...more };
  const group = uniqueName('group');
  return { file, reader: new CommittedReader(kafka, topic), start: () => startTask(connector, group, offsetsTopic) };
}

const killed = async ({ child }: TaskProcess) => {
  child.kill('SIGKILL');
  await once(child, 'exit');
};

test('killed with -9 at random moments: each line once and in order', async () => {
  const { file, reader, start } = await scene({ 'transaction.boundary': 'poll' });
  writeFileSync(file, linesOf(0, LINES));
  let task = start();
  for (let kill = 1; kill <= 3; kill++) {
    // More than one transaction on, and from there at any moment of the next ones.
    await reader.upTo(Math.min(reader.seen.length + 100 + Math.floor(Math.random() * 300), LINES - 300), task.says);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    await killed(task);
    task = start();
  }
  await reader.upTo(LINES, task.says);
  expect(reader.seen).toEqual(Array.from({ length: LINES }, (_, i) => lineOf(i)));
});

test('frozen in the midst of its work and overtaken: what it writes afterwards counts for nothing, and it says so', async () => {
  const { file, reader, start } = await scene({ 'transaction.boundary': 'interval', 'transaction.boundary.interval.ms': '30' });
  writeFileSync(file, linesOf(0, LINES / 2));
  const zombie = start();
  await reader.upTo(200, zombie.says);
  zombie.child.kill('SIGSTOP');
  // Work that the zombie had not come to, and more of it when it is overtaken: who writes nothing learns nothing.
  appendFileSync(file, linesOf(LINES / 2, LINES));
  const heir = start();
  await reader.upTo(LINES, heir.says);
  zombie.child.kill('SIGCONT');
  appendFileSync(file, linesOf(LINES, LINES + 10));
  await waitUntil(
    () => `the zombie fails; it says: ${zombie.says()}`,
    () => /failure .*(PRODUCER_FENCED|INVALID_PRODUCER_EPOCH)/.test(zombie.says()),
  );
  await reader.upTo(LINES + 10, heir.says);
  expect(reader.seen).toEqual(Array.from({ length: LINES + 10 }, (_, i) => lineOf(i)));
  expect(heir.says()).not.toMatch(/failure|ERROR/);
}, 300_000);
