/** The built program where streams are missing, broken or full: the right exit code, and no trace of an error of ours. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/demo/free-port.ts';
import { createTopic } from '../helpers/kafka-clients.ts';
import { testBootstrap, testKafka, uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { MAIN } from '../helpers/worker-process.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-streams-'));
const kafka = testKafka();
/** One that is well whatever others do to theirs. */
const topic = uniqueName('streams');

beforeAll(() => createTopic(kafka, { name: topic, partitions: 3, replicationFactor: 1 }));
afterAll(async () => {
  await kafka.admin().deleteTopics([topic]);
  await kafka.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['a reader that leaves at once', '| true', 0],
  ['a reader of one line', '| head -1', 0],
  ['no standard output', '>&-', 0],
  ['no standard input', '<&-', 0],
  ['no stream at all', '<&- >&- 2>&-', 0],
  ['an error that nobody reads', '--nope 2>&-', 2],
  ['a full disk', '> /dev/full', 1],
])('%s leaves no trace and the right exit code', async (_, redirection, wanted) => {
  const codeFile = path.join(folder, uniqueName('code'));
  const line = `{ '${process.execPath}' '${MAIN}' topics describe ${topic} -b ${testBootstrap()}`;
  const [before, after] = redirection.startsWith('|') ? ['', redirection] : [redirection, ''];
  const shell = spawn('sh', ['-c', `${line} ${before}; echo $? > '${codeFile}'; } ${after}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  shell.stderr.on('data', (chunk) => {
    said += chunk;
  });
  shell.stdout.resume();
  await new Promise((resolve) => shell.once('close', resolve));
  expect(readFileSync(codeFile, 'utf8').trim()).toBe(String(wanted));
  expect(said).toMatch(wanted === 1 ? /^kconsole: standard output cannot be written: ENOSPC.*\n$/ : /^$/);
});

async function workerProperties(): Promise<{ file: string; url: string }> {
  const name = uniqueName('worker');
  const url = `http://127.0.0.1:${await freePort()}`;
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  const properties = {
    'bootstrap.servers': testBootstrap(),
    'key.converter': json,
    'value.converter': json,
    'offset.storage.file.filename': path.join(folder, `${name}.offsets`),
    listeners: url,
  };
  const file = path.join(folder, `${name}.properties`);
  writeFileSync(
    file,
    Object.entries(properties)
      .map((pair) => `${pair.join('=')}\n`)
      .join(''),
  );
  return { file, url };
}

const isHealthy = async (url: string) => {
  try {
    return (await fetch(`${url}/health`)).status === 200;
  } catch {
    return false;
  }
};

test.each([
  ['without any stream', '<&- >&- 2>&-'],
  ['whose log nobody reads any more', '2>&1 | head -1'],
  ['whose log is on a full disk', '> /dev/full 2>&1'],
])('a daemon %s runs, and ends with 0 at SIGTERM', async (_, redirection) => {
  const { file, url } = await workerProperties();
  const [pidFile, codeFile] = [`${file}.pid`, `${file}.code`];
  const [before, after] = redirection.includes('|') ? ['2>&1', '| head -1'] : [redirection, ''];
  // A session of its own, as under a service manager: no terminal to open either.
  const line = `'${process.execPath}' '${MAIN}' standalone '${file}' --daemon`;
  const script = `{ sh -c 'echo $$ > "$0"; exec "$@"' '${pidFile}' ${line} ${before}; echo $? > '${codeFile}'; } ${after}`;
  const shell = spawn('sh', ['-c', script], { stdio: 'ignore', detached: true });
  const ended = new Promise((resolve) => shell.once('exit', resolve));
  await waitUntil('the worker is healthy', () => isHealthy(url));
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
  await ended;
  await waitUntil('its exit code is there', () => readFileSync(codeFile, 'utf8').trim() === '0' || readFileSync(codeFile, 'utf8'));
});

test.each([
  ['the console', (file: string) => ['-b', testBootstrap(), '--command-config', file], '--once VIEW prints any view instead'],
  ['a worker that is not told to be a daemon', (file: string) => ['standalone', file], 'add --daemon to run the worker without a screen'],
])('%s says what to do without a terminal: exit code 1', async (_, words, wanted) => {
  const { file } = await workerProperties();
  const child = spawn(process.execPath, [MAIN, ...words(file)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
  expect(said).toMatch(/^kconsole: there is no terminal to draw on; .*\n$/);
  expect(said).toContain(wanted);
});
