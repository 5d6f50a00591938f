/** Workers left on this host: found while they run, forgotten when they do not, never mistaken for another process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startOf } from '../../../../src/base/processes.ts';
import {
  leftWorkers,
  type Registration,
  removeRegistration,
  stopLeftWorker,
  writeRegistration,
} from '../../../../src/cli/left/registration.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-left-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function registration(pid: number, more: Partial<Registration> = {}): Registration {
  return {
    pid,
    processStart: startOf(pid) ?? 'gone',
    name: 'standalone',
    restUrl: 'http://127.0.0.1:8083/',
    bootstrapServers: 'localhost:9092',
    workerFile: null,
    leftAt: '2026-11-26T03:00:00.000Z',
    logFile: '/nowhere/worker.log',
    ...more,
  };
}

/** A process that ends on SIGTERM, or does not. */
async function process_(isStubborn: boolean) {
  const script = `${isStubborn ? 'trap "" TERM;' : ''} echo ready; while :; do sleep 0.05; done`;
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const ended = once(child, 'exit');
  return {
    pid: child.pid!,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

test('the file is the user’s alone, and is replaced whole', async () => {
  await using running = await process_(false);
  writeRegistration(registration(running.pid), folder);
  writeRegistration(registration(running.pid, { name: 'again' }), folder);
  expect(readdirSync(folder)).toEqual([`${running.pid}.json`]);
  expect(statSync(path.join(folder, `${running.pid}.json`)).mode & 0o777).toBe(0o600);
  expect(leftWorkers(folder)).toEqual([registration(running.pid, { name: 'again' })]);
  removeRegistration(running.pid, folder);
  expect(leftWorkers(folder)).toEqual([]);
});

test('those of processes that are gone, or that another process has the number of, are removed', async () => {
  const gone = await process_(false);
  const stale = registration(gone.pid);
  await gone[Symbol.asyncDispose]();
  await using other = await process_(false);
  writeRegistration(stale, folder);
  writeRegistration(registration(other.pid, { processStart: 'another boot 123' }), folder);
  writeFileSync(path.join(folder, '12.json'), '{"pid":');
  writeFileSync(path.join(folder, '13.json'), JSON.stringify(registration(14)));
  expect(leftWorkers(folder)).toEqual([]);
  expect(existsSync(path.join(folder, `${gone.pid}.json`))).toBe(false);
  expect(existsSync(path.join(folder, `${other.pid}.json`))).toBe(false);
  expect(leftWorkers(path.join(folder, 'no-such-folder'))).toEqual([]);
});

test('stopping waits for the end, and says when it does not come; a stranger is never asked', async () => {
  await using running = await process_(false);
  await using stubborn = await process_(true);
  await stopLeftWorker(registration(stubborn.pid, { processStart: 'another boot 123' }));
  expect(startOf(stubborn.pid)).not.toBeNull();
  await expect(stopLeftWorker(registration(stubborn.pid), 300)).rejects.toThrow(
    `The worker standalone (pid ${stubborn.pid}) has been asked to stop and still runs after 0.3 s; its log is /nowhere/worker.log.`,
  );
  await stopLeftWorker(registration(running.pid));
  expect(startOf(running.pid)).toBeNull();
});
