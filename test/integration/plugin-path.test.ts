/** Packages of plugin.path on real brokers: the example and what the scaffold makes of it, broken ones, ones that hang. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createPlugin } from '../../src/cli/one-shot/new-plugin.ts';
import { FAULTY_SOURCE, LIMITS_POLICY, VAULT_PROVIDER, writePackage } from '../helpers/plugin-packages.ts';
import { readTopic, type StandaloneRig, startRig, uniqueName, valuesOf } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { startWorkerProcess } from '../helpers/worker-process.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-plugins-'));
let rig: StandaloneRig | null = null;

afterEach(async () => {
  await rig?.[Symbol.asyncDispose]();
  rig = null;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const counter = (name: string, topic: string) => ({
  'connector.class': `${name}.CounterSourceConnector`,
  'tasks.max': '2',
  topic,
  count: '250',
  transforms: 'mark',
  'transforms.mark.type': `${name}.Mark`,
  'transforms.mark.value': 'counted',
});

test('what the scaffold makes passes its own tests and types, and runs in a worker from the bundle: source, transform, topic', async () => {
  const made = createPlugin('my-numbers', folder);
  expect(() => createPlugin('my-numbers', folder)).toThrow(/is there already/);
  const npmTest = execFileSync('npm', ['test', '--offline'], { cwd: made, encoding: 'utf8', env: { ...process.env, ...pathOfNode() } });
  expect(npmTest).toContain('pass 3');
  const types = path.resolve(import.meta.dirname, '../../node_modules');
  execFileSync(path.join(types, '.bin', 'tsc'), ['-p', made, '--typeRoots', path.join(types, '@types')], { encoding: 'utf8' });
  const topic = uniqueName('scaffold');
  await using worker = await startWorkerProcess({
    properties: { 'plugin.path': made },
    connectors: [{ name: 'numbers', ...counter('my-numbers', topic) }],
  });
  const listed = JSON.parse((await worker.rest('GET', '/connector-plugins?connectorsOnly=false')).text) as unknown[];
  expect(listed).toContainEqual({ class: 'my-numbers.CounterSourceConnector', type: 'source', version: '1.0.0' });
  expect(listed).toContainEqual({ class: 'my-numbers.Mark', type: 'transformation', version: '1.0.0' });
  expect(JSON.parse((await worker.rest('GET', '/')).text)).not.toHaveProperty('plugin_faults');
  const keys = JSON.parse((await worker.rest('GET', '/connector-plugins/CounterSource/config')).text) as { name: string }[];
  expect(keys.map(({ name }) => name)).toContain('batch.size');
  rig = await startRig();
  await rig.waitCount(topic, 250);
  const seen: bigint[] = [];
  await readTopic(rig.kafka, topic, ({ value, headers }) => {
    expect(headers?.map((header) => `${header.key}=${header.value?.toString()}`)).toEqual(['mark=counted']);
    const { schema, payload } = JSON.parse(value!.toString()) as {
      schema: { fields: { field: string; name?: string }[] };
      payload: { n: number };
    };
    expect(schema.fields.map((field) => field.name ?? field.field)).toEqual(['n', 'name', 'org.apache.kafka.connect.data.Timestamp']);
    seen.push(BigInt(payload.n));
  });
  expect(seen.sort((a, b) => Number(a - b))).toEqual(Array.from({ length: 250 }, (_, i) => BigInt(i + 1)));
});

/** npm runs the scripts with the Node that it finds first. */
function pathOfNode(): { PATH: string } {
  return { PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}` };
}

const example = path.resolve(import.meta.dirname, '../../config/plugins');

test('broken packages are named in the log and by GET /; the worker runs with the others, in the version that is asked for', async () => {
  const broken = mkdtempSync(path.join(folder, 'broken-'));
  writePackage(broken, 'bad-syntax', { code: 'export const plugins = [;' });
  writePackage(broken, 'throws', { code: "throw new TypeError('no such service');" });
  writePackage(broken, 'hangs', { code: 'for (;;);' });
  writePackage(broken, 'leaves', { code: 'process.exit(3);' });
  writePackage(broken, 'double', {
    code: FAULTY_SOURCE.replaceAll('faulty.FaultySource', 'org.apache.kafka.connect.file.FileStreamSource'),
  });
  rig = await startRig({ 'plugin.path': `${example},${broken}`, 'kconsole.plugin.timeout.ms': '6000' });
  const { plugin_faults: faults = [] } = await rig.herder.serverInfo();
  const of = (name: string) => faults.find((fault) => fault.startsWith(name));
  expect(of('bad-syntax 1.0.0')).toMatch(/cannot be imported: SyntaxError: /);
  expect(of('throws 1.0.0')).toMatch(/cannot be imported: TypeError: no such service/);
  expect(of('hangs 1.0.0')).toMatch(/did not return within 6000 ms/);
  expect(of('leaves 1.0.0')).toMatch(/ended the thread with exit code 3/);
  expect(of('double 1.0.0')).toMatch(
    /its class org\.apache\.kafka\.connect\.file\.FileStreamSourceConnector is already given by kconsole itself/,
  );
  expect(faults.map((fault) => fault.split(' ')[0])).toEqual(['bad-syntax', 'double', 'hangs', 'leaves', 'throws']);
  for (const fault of faults) expect(rig.log().some((line) => line.includes(fault.split(':')[0]!))).toBe(true);
  const topic = uniqueName('example');
  const config = counter('example', topic);
  const wrong = { ...config, name: 'n', 'connector.plugin.version': '[2.0,3.0)' };
  const infos = await rig.herder.validateConfig('CounterSource', wrong);
  expect(infos.configs.find(({ value }) => value.name === 'connector.plugin.version')?.value.errors).toEqual([
    'Plugin example.CounterSourceConnector not found that matches the version range [2.0,3.0), available versions: [1.0.0]',
  ]);
  await rig.create('numbers', { ...config, 'connector.plugin.version': '[1.0,2.0)' });
  await rig.waitCount(topic, 250);
});

// Side by side: each of them waits for a package to be given up.
describe.concurrent('a package that hangs', () => {
  const start = async () => {
    const at = mkdtempSync(path.join(folder, 'faulty-'));
    writePackage(at, 'faulty', { code: FAULTY_SOURCE });
    return startRig({ 'plugin.path': at, 'kconsole.plugin.timeout.ms': '6000' });
  };
  const faulty = (fault: string) => ({ 'connector.class': 'FaultySource', topic: uniqueName('faulty'), fault, token: 'canary-3917' });

  test('in validate: refused with the reason, and no secret in it; the next one is validated', async () => {
    await using own = await start();
    const { herder, log } = own;
    const hanging = herder.validateConfig('FaultySource', { name: 'n', ...faulty('validate') });
    await expect(herder.health()).resolves.toHaveProperty('status', 'healthy');
    await expect(hanging).rejects.toThrow(
      'The configuration could not be validated with faulty.FaultySourceConnector: it did not return within 6000 ms and was ended',
    );
    const infos = await herder.validateConfig('FaultySource', { name: 'n', ...faulty('finding') });
    expect(infos.configs.find(({ value }) => value.name === 'fault')?.value.errors).toEqual(['no fault may be named finding']);
    expect(infos.configs.find(({ value }) => value.name === 'token')?.value.value).toBe('[hidden]');
    expect(JSON.stringify(infos) + log().join()).not.toContain('canary-3917');
  });

  test.each(['poll', 'task-start'])('in %s: its task has failed, says why, and can be replaced; a file source goes on', async (fault) => {
    await using own = await start();
    const { herder, file, create, waitStates, waitCount, log } = own;
    const topic = uniqueName('neighbour');
    writeFileSync(file('in.txt'), 'before\n');
    await create('neighbour', { 'connector.class': 'FileStreamSource', file: file('in.txt'), topic });
    await create('bad', faulty(fault), { waits: false });
    await waitStates('bad', 'RUNNING', 'FAILED');
    expect((await herder.taskStatus('bad', 0)).trace).toMatch(
      /Task thread \d+ was ended: it has not answered for 6000 ms .* kept busy by a plugin of plugin\.path: faulty\.FaultySourceConnector/,
    );
    writeFileSync(file('in.txt'), 'after\n', { flag: 'a' });
    await waitCount(topic, 2);
    await waitStates('neighbour', 'RUNNING', 'RUNNING');
    const healed = { ...faulty('none'), name: 'bad' };
    await herder.putConnectorConfig('bad', healed, { allowReplace: true });
    await waitStates('bad', 'RUNNING', 'RUNNING');
    await waitCount(healed.topic, 1);
    await waitUntil('what the package prints is in the log', () =>
      log().includes(`A package of plugin.path prints: task of topic ${healed.topic}`),
    );
    expect(log().join()).not.toContain('canary-3917');
  });

  test('in start: the connector has failed and says why', async () => {
    await using own = await start();
    const { herder, create, waitStates } = own;
    await expect(create('bad', faulty('connector-start'), { waits: false })).rejects.toThrow(/was ended: it has not answered for 6000 ms/);
    await waitStates('bad', 'FAILED');
    expect((await herder.connectorStatus('bad')).connector.trace).toMatch(/kept busy by a plugin of plugin\.path: faulty/);
  });
});

test('a config provider of a package gives values of worker and connector, its policy refuses an override; the secret is in no output', async () => {
  const at = mkdtempSync(path.join(folder, 'kinds-'));
  writePackage(at, 'vault', { code: VAULT_PROVIDER });
  writePackage(at, 'limits', { code: LIMITS_POLICY });
  const [engines, refused, input] = ['engines.json', 'refused.txt', 'canary-8841.txt'].map((name) => path.join(at, name));
  writeFileSync(engines!, JSON.stringify({ worker: { format: 'StringConverter' }, app: { input } }));
  writeFileSync(refused!, 'acks\n');
  writeFileSync(input!, 'hello\n');
  const ref = (inside: string) => `\${${inside}}`;
  rig = await startRig({
    'plugin.path': at,
    'config.providers': 'vault',
    'config.providers.vault.class': 'Vault',
    'config.providers.vault.param.engines': engines!,
    'config.providers.vault.param.token': 't',
    'value.converter': ref('vault:worker:format'),
    'connector.client.config.override.policy': 'Limits',
    'connector.client.config.override.policy.refused': refused!,
  });
  const { herder, create, waitStates, waitCount, kafka, log } = rig;
  expect((await herder.plugins(false)).filter(({ class: name }) => /^(?:vault|limits)\./.test(name))).toEqual([]);
  const topic = uniqueName('vault');
  const config = { 'connector.class': 'FileStreamSource', file: ref('vault:app:input'), topic };
  const outputs: unknown[] = [];

  const reason = "The 'limits.LimitsConnectorClientConfigOverridePolicy' policy does not allow 'acks' to be overridden";
  const refusing = { ...config, name: 'lines', 'producer.override.acks': '1' };
  const infos = await herder.validateConfig('FileStreamSource', refusing);
  outputs.push(infos);
  expect(infos.configs.flatMap(({ value }) => (value.errors.length > 0 ? [value.name, ...value.errors] : []))).toEqual([
    'producer.override.acks',
    expect.stringContaining(reason),
  ]);
  await expect(create('lines', refusing)).rejects.toThrow(reason);

  await create('lines', { ...config, 'producer.override.linger.ms': '5' });
  await waitCount(topic, 1);
  expect(await valuesOf(kafka, topic)).toEqual(['hello']);
  writeFileSync(refused!, 'linger.ms\n');
  await expect(herder.restartConnectorAndTasks('lines', { includeTasks: false, onlyFailed: false })).resolves.toBeDefined();
  await waitStates('lines', 'FAILED', 'RUNNING');
  const status = await herder.connectorStatus('lines');
  expect(status.connector.trace).toContain("does not allow 'linger.ms' to be overridden");
  await expect(herder.validateConfig('FileStreamSource', { ...config, name: 'n', file: ref('vault:throws:x') })).rejects.toThrow(
    'Config provider vault (vault.VaultConfigProvider): TypeError: no such engine',
  );
  outputs.push(status, await herder.connectorInfo('lines'), await herder.tasks('lines'), await herder.serverInfo(), log());
  await rig.stop();
  outputs.push(log());
  await waitUntil('the provider says its last word', () => log().includes('The vault is closed') || log().at(-1));
  expect(JSON.stringify(outputs)).not.toContain('canary-8841');
});
