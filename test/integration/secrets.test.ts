/** Canary secrets: values of config providers that must be in no output of the program, whatever goes wrong with them. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const CANARIES = {
  file: 'canary-file-7Qx',
  number: 'canary-number-7Qx',
  regex: 'canary-regex-7Qx(',
  path: '/nowhere/canary-path-7Qx/out.txt',
  spec: 'canary-spec-7Qx',
  directory: 'canary-directory-7Qx',
  env: 'canary-env-7Qx',
  short: 'Zq9~',
};
/** What they all have in common, and the short one. */
const TELLTALE = /7Qx|Zq9~/;
const PROVIDERS = 'org.apache.kafka.common.config.provider';

const ref = (inside: string) => `\${${inside}}`;
let folder = '';
let worker: WorkerProcess;
const secret = (key: keyof typeof CANARIES) => ref(`file:${path.join(folder, 'secrets', 's.properties')}:${key}`);
/** Every answer, with what was asked. */
const answers: string[] = [];

async function rest(method: string, at: string, body?: unknown) {
  const answer = await worker.rest(method, at, body);
  answers.push(`${method} ${at} → ${answer.status} ${JSON.stringify([...answer.headers])} ${answer.text}`);
  return answer;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kconsole-canary-'));
  mkdirSync(path.join(folder, 'secrets'));
  mkdirSync(path.join(folder, 'worker'));
  const { directory, env, ...inFile } = CANARIES;
  writeFileSync(
    path.join(folder, 'secrets', 's.properties'),
    Object.entries(inFile)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  writeFileSync(path.join(folder, 'secrets', 'password'), `${directory}\n`);
  process.env.KCONSOLE_CANARY = env;
  const jaas = (password: string) =>
    `org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="${password}";`;
  worker = await startWorkerProcess({
    folder: path.join(folder, 'worker'),
    properties: {
      'config.providers': 'file,dir,env',
      'config.providers.file.class': `${PROVIDERS}.FileConfigProvider`,
      'config.providers.file.param.allowed.paths': path.join(folder, 'secrets'),
      'config.providers.dir.class': `${PROVIDERS}.DirectoryConfigProvider`,
      'config.providers.dir.param.allowed.paths': path.join(folder, 'secrets'),
      'config.providers.env.class': `${PROVIDERS}.EnvVarConfigProvider`,
      'config.providers.env.param.allowlist.pattern': 'KCONSOLE_.*',
      'sasl.jaas.config': jaas(ref('env:KCONSOLE_CANARY')),
      'producer.sasl.jaas.config': jaas(ref(`dir:${path.join(folder, 'secrets')}:password`)),
      'consumer.client.id': secret('file'),
      'consumer.nonsense': secret('short'),
    },
  });
  await rest('PUT', '/admin/loggers/root', { level: 'TRACE' });
});

afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  delete process.env.KCONSOLE_CANARY;
  rmSync(folder, { recursive: true, force: true });
});

const source = (more: Record<string, string> = {}) => ({
  'connector.class': 'FileStreamSource',
  file: path.join(folder, 'worker', 'in.txt'),
  topic: uniqueName('canary'),
  ...more,
});
const put = (name: string, config: Record<string, string>) => rest('PUT', `/connectors/${name}/config`, config);

async function failed(name: string): Promise<void> {
  await waitUntil(`${name} has a task that FAILED`, async () => {
    const { text } = await rest('GET', `/connectors/${name}/status`);
    return text.includes('FAILED') ? true : text;
  });
}

test('settings that are refused, in each way', async () => {
  const wrong: Record<string, string>[] = [
    source({ 'tasks.max': secret('number') }),
    source({ 'errors.tolerance': secret('short') }),
    source({ 'key.converter': secret('file') }),
    source({ transforms: 't', 'transforms.t.type': secret('file') }),
    source({ transforms: `a,${secret('file')}`, 'transforms.a.type': 'org.apache.kafka.connect.transforms.InsertField$Value' }),
    source({ transforms: 't', 'transforms.t.type': 'org.apache.kafka.connect.transforms.Cast$Value', 'transforms.t.spec': secret('spec') }),
    source({ 'producer.override.acks': secret('file'), 'producer.override.linger.ms': secret('number') }),
    source({ 'value.converter': 'org.apache.kafka.connect.json.JsonConverter', 'value.converter.schemas.cache.size': secret('number') }),
    { 'connector.class': secret('file') },
    { topics: secret('file') },
    { 'connector.class': 'FileStreamSink', 'topics.regex': secret('regex'), file: secret('path') },
    {
      'connector.class': 'FileStreamSink',
      topics: secret('file'),
      'errors.deadletterqueue.topic.name': secret('file'),
      'consumer.override.auto.offset.reset': secret('file'),
    },
  ];
  for (const [i, config] of wrong.entries()) {
    expect((await put(`wrong-${i}`, config)).status, JSON.stringify(config)).toBe(400);
    const { text } = await rest('PUT', `/connector-plugins/${config['connector.class'] ?? 'FileStreamSink'}/config/validate`, {
      name: `wrong-${i}`,
      ...config,
    });
    expect(text).not.toMatch(TELLTALE);
  }
});

test('connectors that fail with them', async () => {
  writeFileSync(path.join(folder, 'worker', 'in.txt'), 'one\n');
  const topic = uniqueName('canary');
  expect((await put('good', source({ topic, 'producer.override.client.id': secret('file') }))).status).toBe(201);
  await worker.waitRunning('good');
  const sink = { 'connector.class': 'FileStreamSink', topics: topic };
  expect((await put('no-place', { ...sink, file: secret('path') })).status).toBe(201);
  await failed('no-place');
  // A converter of another kind: the record fails with the setting in its hands.
  const dead = {
    'errors.tolerance': 'all',
    'errors.log.enable': 'true',
    'errors.log.include.messages': 'true',
    'errors.deadletterqueue.topic.name': secret('spec'),
    'errors.deadletterqueue.topic.replication.factor': '99',
  };
  expect((await put('no-queue', { ...sink, file: path.join(folder, 'worker', 'out.txt'), ...dead })).status).toBe(201);
  await failed('no-queue');
  // Passwords: hidden in any case.
  expect((await put('login', source({ 'producer.override.sasl.jaas.config': secret('file') }))).status).toBe(201);
});

test('it is nowhere: REST, log, files', async () => {
  const names = JSON.parse((await rest('GET', '/connectors')).text) as string[];
  expect(names).toEqual(expect.arrayContaining(['good', 'no-place', 'no-queue']));
  for (const name of names) {
    for (const at of ['', '/config', '/status', '/tasks', '/tasks/0/status', '/topics', '/offsets'])
      await rest('GET', `/connectors/${name}${at}`);
    for (const at of ['/pause', '/resume', '/stop']) await rest('PUT', `/connectors/${name}${at}`);
    await rest('DELETE', `/connectors/${name}/offsets`);
    await rest('PATCH', `/connectors/${name}/config`, { 'tasks.max': secret('number') });
    await rest('POST', `/connectors/${name}/restart?includeTasks=true`);
  }
  for (const at of ['/', '/health', '/metrics', '/admin/loggers', '/connector-plugins?connectorsOnly=false']) await rest('GET', at);
  await rest('GET', '/connectors?expand=info&expand=status');
  await rest('GET', '/admin/worker-log?limit=5000');
  expect(await worker.end()).toBe(0);
  // What was asked holds references; what came back, too.
  expect(answers.join('\n')).toContain(secret('number'));
  expect(answers.filter((answer) => TELLTALE.test(answer))).toEqual([]);
  expect(
    worker
      .log()
      .split('\n')
      .filter((line) => TELLTALE.test(line)),
  ).toEqual([]);
  await worker.says(secret('path'));
  for (const file of readdirSync(worker.folder)) expect(readFileSync(path.join(worker.folder, file), 'latin1'), file).not.toMatch(TELLTALE);
});
