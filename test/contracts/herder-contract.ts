/**
 * What every implementation of the herder's port answers: a JVM worker over HTTP, ours in process, ours over HTTP, each standalone and
 * distributed. The texts hold on Apache Kafka Connect 4.3.1 wherever `differences` does not name a reason.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fetchOverview } from '../../src/control/overview.ts';
import { uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { answerOf, type HerderUnderTest, withSortedConfigs } from './herder-answers.ts';
import { herderOffsetsContract } from './herder-offsets-contract.ts';
import { change, create, HerderScene, SOURCE_CLASS } from './herder-scene.ts';

const INVALID = (count: number, ...errors: string[]) =>
  `! 400 Connector configuration is invalid and contains the following ${count} error(s):\n${errors.join('\n')}\n` +
  'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`';

export function herderContract(open: () => HerderUnderTest): void {
  const scene = new HerderScene(open);
  const { fileOf, sourceConfig, until, runningSource, info, status } = scene;

  test('the worker, and that it is well', async () => {
    const server = await scene.herder.serverInfo();
    expect(Object.keys(server)).toEqual(['version', 'commit', 'kafka_cluster_id']);
    expect(server.kafka_cluster_id).toMatch(/^[\w-]{22}$/);
    const healthy = '{"status":"healthy","message":"Worker has completed startup and is ready to handle requests."}';
    await scene.answers.expect('health', () => scene.herder.health(), healthy);
  });

  test('a new connector, and every way to look at it', async () => {
    const name = uniqueName('new');
    writeFileSync(fileOf(name), 'a\nbb\nccc\n');
    const config = sourceConfig(name);
    const created = () => scene.herder.putConnectorConfig(name, config, create);
    await scene.answers.expect('create', created, `{"created":true,"info":${info(name, config, scene.isDistributed ? 0 : 1)}}`);
    await scene.answers.expect('create again', created, `! 409 Connector ${name} already exists`);
    await until(name, 'RUNNING,RUNNING');
    await scene.answers.expect('info', () => scene.herder.connectorInfo(name), info(name, config));
    await scene.answers.expect(
      'config',
      async () => ({ config: await scene.herder.connectorConfig(name) }),
      JSON.stringify({ config: { ...config, name } }),
    );
    await scene.answers.expect('status', () => scene.herder.connectorStatus(name), status(name, 'RUNNING', 'RUNNING'));
    await scene.answers.expect('task status', () => scene.herder.taskStatus(name, 0), `{"id":0,"state":"RUNNING",${scene.worker}}`);
    await scene.answers.expect('status of no task', () => scene.herder.taskStatus(name, 9), `! 404 No status found for task ${name}-9`);
    const taskConfig = { ...config, name, 'task.class': 'org.apache.kafka.connect.file.FileStreamSourceTask' };
    const tasks = JSON.stringify(withSortedConfigs([{ id: { connector: name, task: 0 }, config: taskConfig }]));
    await scene.answers.expect('tasks', async () => withSortedConfigs(await scene.herder.tasks(name)), tasks);
    expect(await scene.herder.connectors()).toContain(name);
    const overview = async () => (await fetchOverview(scene.herder)).get(name);
    await scene.answers.expect('overview', overview, `{"status":${status(name, 'RUNNING', 'RUNNING')},"info":${info(name, config)}}`);
    await scene.herder.deleteConnector(name);
  });

  test('configurations that are refused leave nothing behind', async () => {
    const name = uniqueName('refused');
    const put = (config: Readonly<Record<string, string | null>>, as = name) => scene.herder.putConnectorConfig(as, config, create);
    const source = sourceConfig(name);
    await scene.answers.expect(
      'no class',
      () => put({ topic: 'x' }),
      `! 400 Connector config {name=${name}, topic=x} contains no connector type`,
    );
    expect(await answerOf(() => put({ 'connector.class': 'NoSuch' }))).toMatch(
      /^! 400 Failed to find any class that implements Connector and which name matches NoSuch, available connectors are: .*PluginDesc\{klass=class org\.apache\.kafka\.connect\.file\.FileStreamSinkConnector, /,
    );
    const two = INVALID(
      3,
      'Invalid value zero for configuration tasks.max: Not a number of type INT',
      'Invalid value null for configuration tasks.max: Value must be non-null',
      'Missing required configuration "topic" which has no default value.',
    );
    await scene.answers.expect('faulty', () => put({ 'connector.class': SOURCE_CLASS, 'tasks.max': 'zero' }), two);
    await scene.answers.expect(
      'no name',
      () => put(source, ''),
      INVALID(1, 'Invalid value  for configuration name: String may not be empty'),
    );
    const mismatch = `! 400 Connector name configuration (other) doesn't match connector name in the URL (${name})`;
    await scene.answers.expect('another name', () => put({ ...source, name: 'other' }), mismatch);
    const noNull = INVALID(1, 'Null value can not be supplied as the configuration value.');
    await scene.answers.expect('null for a key that nobody knows', () => put({ ...source, zz: null }), noNull);
    await scene.answers.expect('still nothing', () => scene.herder.connectorInfo(name), `! 404 Connector ${name} not found`);
  });

  test('a changed configuration, whole and in part', async () => {
    const name = await runningSource('changed');
    const config = { ...sourceConfig(name), 'batch.size': '10' };
    const put = () => scene.herder.putConnectorConfig(name, config, change);
    await scene.answers.expect('change', put, `{"created":false,"info":${info(name, config)}}`);
    const patched = JSON.stringify(withSortedConfigs(JSON.parse(info(name, { ...sourceConfig(name), 'tasks.max': '2' }))));
    const patch = { 'batch.size': null, 'tasks.max': '2' };
    await scene.answers.expect('patch', async () => withSortedConfigs(await scene.herder.patchConnectorConfig(name, patch)), patched);
    const missing = (key: string) => INVALID(1, `Missing required configuration "${key}" which has no default value.`);
    await scene.answers.expect('patch a need away', () => scene.herder.patchConnectorConfig(name, { topic: null }), missing('topic'));
    await scene.answers.expect('patch the name away', () => scene.herder.patchConnectorConfig(name, { name: null }), missing('name'));
    expect(await scene.herder.connectorConfig(name)).toEqual({ ...sourceConfig(name), 'tasks.max': '2', name });
    await until(name, 'RUNNING,RUNNING');
    await scene.herder.deleteConnector(name);
  });

  test('pause, resume, stop, and what a restart makes of each', async () => {
    const name = await runningSource('steered');
    await scene.answers.expect('pause', () => scene.herder.pauseConnector(name), '');
    await until(name, 'PAUSED,PAUSED');
    await scene.answers.expect('restart a paused one', () => scene.herder.restartConnector(name), '');
    await until(name, 'PAUSED,PAUSED');
    await scene.answers.expect('resume', () => scene.herder.resumeConnector(name), '');
    await until(name, 'RUNNING,RUNNING');
    await scene.answers.expect('stop', () => scene.herder.stopConnector(name), '');
    await until(name, 'STOPPED');
    // Its state is told before its tasks are taken back.
    await scene.answers.expectSoon('tasks of a stopped one', () => scene.herder.tasks(name), '[]');
    await scene.answers.expect('info of a stopped one', () => scene.herder.connectorInfo(name), info(name, sourceConfig(name), 0));
    await scene.answers.expect(
      'task status of a stopped one',
      () => scene.herder.taskStatus(name, 0),
      `! 404 No status found for task ${name}-0`,
    );
    await scene.answers.expect('restart a stopped one', () => scene.herder.restartConnector(name), '');
    await until(name, 'STOPPED');
    const put = () => scene.herder.putConnectorConfig(name, sourceConfig(name), change);
    await scene.answers.expect('change a stopped one', put, `{"created":false,"info":${info(name, sourceConfig(name), 0)}}`);
    await until(name, 'STOPPED');
    await scene.herder.resumeConnector(name);
    await until(name, 'RUNNING,RUNNING');
    await scene.herder.deleteConnector(name);
  });

  test('initial states', async () => {
    for (const initialState of ['STOPPED', 'PAUSED'] as const) {
      const name = uniqueName('initial');
      const put = () => scene.herder.putConnectorConfig(name, sourceConfig(name), { ...change, initialState });
      await scene.answers.expect(`create ${initialState}`, put, `{"created":true,"info":${info(name, sourceConfig(name), 0)}}`);
      await until(name, initialState);
      await scene.herder.resumeConnector(name);
      await until(name, 'RUNNING,RUNNING');
      await scene.herder.deleteConnector(name);
    }
  });

  test('restarts: the connector, its tasks, one task, only what has failed', async () => {
    const name = await runningSource('restarted');
    const restart = (includeTasks: boolean, onlyFailed: boolean) => () =>
      scene.herder.restartConnectorAndTasks(name, { includeTasks, onlyFailed });
    await scene.answers.expect('restart what has failed', restart(true, true), status(name, 'RUNNING', 'RUNNING'));
    await scene.answers.expect('restart the connector if it has failed', restart(false, true), status(name, 'RUNNING', 'RUNNING'));
    // From here on a distributed worker may still be about an earlier restart, whatever its statuses say.
    await scene.answers.expect('restart with tasks', restart(true, false), status(name, 'RESTARTING', 'RESTARTING'));
    await until(name, 'RUNNING,RUNNING');
    await scene.answers.expect('restart', () => scene.herder.restartConnector(name), '');
    await until(name, 'RUNNING,RUNNING');
    await scene.answers.expect('restart a task', () => scene.herder.restartTask(name, 0), '');
    await until(name, 'RUNNING,RUNNING');
    await scene.herder.deleteConnector(name);
  });

  test('a failed task: its trace, and its restart by what has failed', async () => {
    const source = await runningSource('feeds');
    const name = uniqueName('failing');
    const folder = path.join(scene.under.folder, name);
    const config = { 'connector.class': 'FileStreamSink', 'tasks.max': '1', file: path.join(folder, 'out.txt'), topics: `${source}-topic` };
    await scene.herder.putConnectorConfig(name, config, create);
    await until(name, 'RUNNING,FAILED');
    const { trace } = await scene.herder.taskStatus(name, 0);
    expect(trace).toMatch(/^org\.apache\.kafka\.connect\.errors\.ConnectException: /);
    expect(trace).toContain(config.file);
    expect(Object.keys((await scene.herder.connectorStatus(name)).tasks[0] ?? {})).toEqual([
      'id',
      'state',
      'worker_id',
      'version',
      'trace',
    ]);
    mkdirSync(folder);
    const plan = await scene.herder.restartConnectorAndTasks(name, { includeTasks: true, onlyFailed: true });
    expect([plan.connector.state, plan.tasks.map((task) => task.state)]).toEqual(['RUNNING', ['RESTARTING']]);
    await until(name, 'RUNNING,RUNNING');
    await waitUntil('the lines are written', () => existsSync(config.file) && readFileSync(config.file, 'utf8') === 'a\nbb\nccc\n');
    for (const each of [source, name]) await scene.herder.deleteConnector(each);
  });

  herderOffsetsContract(scene);

  test('a connector that is not there', async () => {
    const notFound = '! 404 Connector nope not found';
    const calls: [string, () => Promise<unknown>, string][] = [
      ['info of none', () => scene.herder.connectorInfo('nope'), notFound],
      ['config of none', () => scene.herder.connectorConfig('nope'), notFound],
      ['tasks of none', () => scene.herder.tasks('nope'), notFound],
      ['status of none', () => scene.herder.connectorStatus('nope'), '! 404 No status found for connector nope'],
      ['task status of none', () => scene.herder.taskStatus('nope', 0), '! 404 No status found for task nope-0'],
      ['patch none', () => scene.herder.patchConnectorConfig('nope', { a: 'b' }), notFound],
      ['delete none', () => scene.herder.deleteConnector('nope'), notFound],
      ['pause none', () => scene.herder.pauseConnector('nope'), '! 404 Unknown connector nope'],
      ['resume none', () => scene.herder.resumeConnector('nope'), '! 404 Unknown connector nope'],
      ['stop none', () => scene.herder.stopConnector('nope'), '! 404 Unknown connector nope'],
      ['restart none', () => scene.herder.restartConnector('nope'), '! 404 Unknown connector: nope'],
      [
        'restart none with tasks',
        () => scene.herder.restartConnectorAndTasks('nope', { includeTasks: true, onlyFailed: false }),
        '! 404 Unknown connector: nope',
      ],
      ['restart a task of none', () => scene.herder.restartTask('nope', 0), '! 404 Unknown connector: nope'],
      ['offsets of none', () => scene.herder.connectorOffsets('nope'), notFound],
      ['alter offsets of none', () => scene.herder.alterConnectorOffsets('nope', [{ partition: { a: 1n }, offset: null }]), notFound],
      ['reset offsets of none', () => scene.herder.resetConnectorOffsets('nope'), notFound],
      ['topics of none', () => scene.herder.activeTopics('nope'), '[]'],
      ['reset topics of none', () => scene.herder.resetActiveTopics('nope'), ''],
    ];
    for (const [what, call, wanted] of calls) await scene.answers.expect(what, call, wanted);
  });

  test('plugins, their keys, and a configuration that is only looked at', async () => {
    const file = 'org.apache.kafka.connect.file.FileStream';
    const ofFiles = async () => (await scene.herder.plugins(true)).filter((plugin) => plugin.class.startsWith(file));
    const plugin = (name: string, type: string) => `{"class":"${name}","type":"${type}","version":"4.3.1"}`;
    await scene.answers.expect(
      'plugins',
      ofFiles,
      `[${plugin(`${file}SinkConnector`, 'sink')},${plugin(`${file}SourceConnector`, 'source')}]`,
    );
    const converter = 'org.apache.kafka.connect.json.JsonConverter';
    const json = async () => (await scene.herder.plugins(false)).filter((listed) => listed.class === converter);
    await scene.answers.expect('all plugins', json, `[${plugin(converter, 'converter')},${plugin(converter, 'header_converter')}]`);
    const [first] = await scene.herder.pluginConfig(SOURCE_CLASS);
    const shape = { ...first, documentation: '…' };
    await scene.answers.expect(
      'keys of a plugin',
      async () => shape,
      '{"name":"file","type":"STRING","required":false,"default_value":null,"importance":"HIGH","documentation":"…","group":null,"order_in_group":-1,"width":"NONE","display_name":"file","dependents":[]}',
    );
    await scene.answers.expect('keys of no plugin', () => scene.herder.pluginConfig('Nope'), '! 404 Unknown plugin Nope.');
    const version = `! 400 Plugin ${file}SourceConnector not found that matches the version range [9,9], available versions: [4.3.1]`;
    await scene.answers.expect('keys of another version', () => scene.herder.pluginConfig(SOURCE_CLASS, '9'), version);
    const { configs, ...infos } = await scene.herder.validateConfig('FileStreamSink', {
      'connector.class': 'FileStreamSink',
      'tasks.max': 'x',
    });
    expect(infos).toEqual({ name: 'FileStreamSink', error_count: 5, groups: ['Common', 'Transforms', 'Predicates', 'Error Handling'] });
    expect(configs.flatMap(({ value }) => value.errors.map((error) => `${value.name}: ${error}`))).toEqual([
      'name: Missing required configuration "name" which has no default value.',
      'tasks.max: Invalid value x for configuration tasks.max: Not a number of type INT',
      'tasks.max: Invalid value null for configuration tasks.max: Value must be non-null',
      'topics: Must configure one of topics or topics.regex',
      'topics.regex: Must configure one of topics or topics.regex',
    ]);
    const mismatch = '! 400 Included connector type FileStreamSource does not match request type FileStreamSink';
    await scene.answers.expect(
      'validate another class',
      () => scene.herder.validateConfig('FileStreamSink', { 'connector.class': SOURCE_CLASS }),
      mismatch,
    );
    const noType = '! 400 Connector config {} contains no connector type';
    await scene.answers.expect('validate without a class', () => scene.herder.validateConfig('FileStreamSink', {}), noType);
  });

  test('levels of loggers', async () => {
    const logger = 'org.apache.kafka.connect.runtime';
    await scene.answers.expect('root', () => scene.herder.logger('root'), '{"level":"INFO","last_modified":null}');
    await scene.answers.expect('no logger', () => scene.herder.logger('a.b'), '! 404 Logger a.b not found.');
    const affected = (await scene.herder.setLogger(logger, 'DEBUG', 'worker')) ?? [];
    expect(affected).toContain(logger);
    expect(affected.filter((name) => name !== logger && !name.startsWith(`${logger}.`))).toEqual([]);
    expect(affected).toEqual(affected.toSorted());
    const { level, last_modified: changedMs } = await scene.herder.logger(logger);
    expect([level, Math.abs(Date.now() - (changedMs ?? 0)) < 60_000]).toEqual(['DEBUG', true]);
    const all = Object.keys(await scene.herder.loggers());
    expect(all).toContain(logger);
    expect(all).toEqual(all.toSorted());
    await scene.answers.expect('for the whole cluster', () => scene.herder.setLogger(logger, 'INFO', 'cluster'), 'null');
    // A distributed worker reads it back from the config topic.
    await waitUntil('the level is INFO', async () => (await scene.herder.logger(logger)).level === 'INFO' || scene.herder.logger(logger));
  });

  test('a worker whose work nobody else could take does not drain', async () => {
    const alone = `! 409 Worker ${scene.under.workerId} is the only one of its group that stays: nobody can take its work. Start another worker first, or end this process to have all of it stop.`;
    const standalone = '! 400 A standalone worker cannot drain: no other worker could take its connectors. End its process to stop them.';
    await scene.answers.expect('drain', () => scene.herder.drain(), scene.isDistributed ? alone : standalone);
  });

  test('figures and log, where the worker has them', async () => {
    const offers = async (what: Promise<readonly unknown[] | null>) => ((await what) === null ? 'nothing' : 'some');
    await scene.answers.expect('metrics', () => offers(scene.herder.metrics()), '"some"');
    await scene.answers.expect('log', () => offers(scene.herder.workerLog({})), '"some"');
  });

  test('names with all kinds of characters', async () => {
    const name = `${uniqueName('odd')} 주문?&#+;"`;
    const config = { 'connector.class': SOURCE_CLASS, file: fileOf(uniqueName('odd')), topic: uniqueName('odd') };
    const text = (value: unknown) => JSON.stringify(value).slice(1, -1);
    await scene.answers.expect(
      'create an odd name',
      () => scene.herder.putConnectorConfig(name, config, { ...create, initialState: 'STOPPED' }),
      `{"created":true,"info":{"name":"${text(name)}","config":${JSON.stringify({ ...config, name })},"tasks":[],"type":"source"}}`,
    );
    expect(await scene.herder.connectors()).toContain(name);
    await scene.answers.expect(
      'config of an odd name',
      async () => ({ config: await scene.herder.connectorConfig(name) }),
      JSON.stringify({ config: { ...config, name } }),
    );
    await scene.answers.expect('topics of an odd name', () => scene.herder.activeTopics(name), '[]');
    await scene.answers.expect('delete an odd name', () => scene.herder.deleteConnector(name), '');
    expect(await scene.herder.connectors()).not.toContain(name);
    const info = () => scene.herder.connectorInfo('50%/\\');
    await scene.answers.expect('a name that a path cannot hold everywhere', info, '! 404 Connector 50%/\\ not found');
  });

  test('each difference that is allowed was met', () => {
    expect(scene.answers.unmet()).toEqual([]);
  });
}
