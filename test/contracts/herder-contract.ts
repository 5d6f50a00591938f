/**
 * What every implementation of the herder's port answers: a JVM worker over HTTP, ours in process, ours over HTTP. The texts hold on
 * Apache Kafka Connect 4.3.1 wherever `differences` does not name a reason.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { fetchOverview } from '../../src/control/overview.ts';
import type { Herder } from '../../src/herder/herder.ts';
import type { ConnectorOffset } from '../../src/herder/model.ts';
import { uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { Answers, answerOf, type HerderUnderTest, withSortedConfigs } from './herder-answers.ts';

const create = { allowReplace: false } as const;
const change = { allowReplace: true } as const;
const SOURCE_CLASS = 'FileStreamSource';
const INVALID = (count: number, ...errors: string[]) =>
  `! 400 Connector configuration is invalid and contains the following ${count} error(s):\n${errors.join('\n')}\n` +
  'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`';
const ALTERED = '{"message":"The offsets for this connector have been altered successfully"}';
const RESET = '{"message":"The offsets for this connector have been reset successfully"}';

export function herderContract(open: () => HerderUnderTest): void {
  let herder: Herder;
  let answers: Answers;
  let worker: string;
  beforeAll(() => {
    const under = open();
    herder = under.herder;
    answers = new Answers(under);
    worker = `"worker_id":"${under.workerId}","version":"4.3.1"`;
  });

  const fileOf = (name: string) => path.join(open().folder, `${name}.txt`);
  const sourceConfig = (name: string) => ({
    'connector.class': SOURCE_CLASS,
    'tasks.max': '1',
    file: fileOf(name),
    topic: `${name}-topic`,
  });
  const states = async (name: string) => {
    const { connector, tasks } = await herder.connectorStatus(name);
    return [connector.state, ...tasks.map((task) => task.state)].join();
  };
  const until = (name: string, wanted: string) =>
    waitUntil(`${name} is ${wanted}`, async () => (await states(name)) === wanted || herder.connectorStatus(name));
  /** A file source of three lines, nine bytes, that runs. */
  async function runningSource(what: string): Promise<string> {
    const name = uniqueName(what);
    writeFileSync(fileOf(name), 'a\nbb\nccc\n');
    await herder.putConnectorConfig(name, sourceConfig(name), create);
    await until(name, 'RUNNING,RUNNING');
    return name;
  }
  const info = (name: string, config: Readonly<Record<string, string>>, tasks = 1) =>
    `{"name":"${name}","config":${JSON.stringify({ ...config, name })},"tasks":[${Array.from({ length: tasks }, (_, task) => `{"connector":"${name}","task":${task}}`).join()}],"type":"source"}`;
  const status = (name: string, connector: string, ...tasks: string[]) =>
    `{"name":"${name}","connector":{"state":"${connector}",${worker}},"tasks":[${tasks.map((state, id) => `{"id":${id},"state":"${state}",${worker}}`).join()}],"type":"source"}`;

  test('the worker, and that it is well', async () => {
    const server = await herder.serverInfo();
    expect(Object.keys(server)).toEqual(['version', 'commit', 'kafka_cluster_id']);
    expect(server.kafka_cluster_id).toMatch(/^[\w-]{22}$/);
    const healthy = '{"status":"healthy","message":"Worker has completed startup and is ready to handle requests."}';
    await answers.expect('health', () => herder.health(), healthy);
  });

  test('a new connector, and every way to look at it', async () => {
    const name = uniqueName('new');
    writeFileSync(fileOf(name), 'a\nbb\nccc\n');
    const config = sourceConfig(name);
    const created = () => herder.putConnectorConfig(name, config, create);
    await answers.expect('create', created, `{"created":true,"info":${info(name, config)}}`);
    await answers.expect('create again', created, `! 409 Connector ${name} already exists`);
    await until(name, 'RUNNING,RUNNING');
    await answers.expect('info', () => herder.connectorInfo(name), info(name, config));
    await answers.expect('config', () => herder.connectorConfig(name), JSON.stringify({ ...config, name }));
    await answers.expect('status', () => herder.connectorStatus(name), status(name, 'RUNNING', 'RUNNING'));
    await answers.expect('task status', () => herder.taskStatus(name, 0), `{"id":0,"state":"RUNNING",${worker}}`);
    await answers.expect('status of no task', () => herder.taskStatus(name, 9), `! 404 No status found for task ${name}-9`);
    const taskConfig = { ...config, name, 'task.class': 'org.apache.kafka.connect.file.FileStreamSourceTask' };
    const tasks = JSON.stringify(withSortedConfigs([{ id: { connector: name, task: 0 }, config: taskConfig }]));
    await answers.expect('tasks', async () => withSortedConfigs(await herder.tasks(name)), tasks);
    expect(await herder.connectors()).toContain(name);
    const overview = async () => (await fetchOverview(herder)).get(name);
    await answers.expect('overview', overview, `{"status":${status(name, 'RUNNING', 'RUNNING')},"info":${info(name, config)}}`);
    await herder.deleteConnector(name);
  });

  test('configurations that are refused leave nothing behind', async () => {
    const name = uniqueName('refused');
    const put = (config: Readonly<Record<string, string | null>>, as = name) => herder.putConnectorConfig(as, config, create);
    const source = sourceConfig(name);
    await answers.expect(
      'no class',
      () => put({ topic: 'x' }),
      `! 400 Connector config {name=${name}, topic=x} contains no connector type`,
    );
    expect(await answerOf(() => put({ 'connector.class': 'NoSuch' }))).toMatch(
      /^! 400 Failed to find any class that implements Connector and which name matches NoSuch, available connectors are: PluginDesc\{klass=class org\.apache\.kafka\.connect\.file\.FileStreamSinkConnector, /,
    );
    const two = INVALID(
      3,
      'Invalid value zero for configuration tasks.max: Not a number of type INT',
      'Invalid value null for configuration tasks.max: Value must be non-null',
      'Missing required configuration "topic" which has no default value.',
    );
    await answers.expect('faulty', () => put({ 'connector.class': SOURCE_CLASS, 'tasks.max': 'zero' }), two);
    await answers.expect('no name', () => put(source, ''), INVALID(1, 'Invalid value  for configuration name: String may not be empty'));
    const mismatch = `! 400 Connector name configuration (other) doesn't match connector name in the URL (${name})`;
    await answers.expect('another name', () => put({ ...source, name: 'other' }), mismatch);
    const noNull = INVALID(1, 'Null value can not be supplied as the configuration value.');
    await answers.expect('null for a key that nobody knows', () => put({ ...source, zz: null }), noNull);
    await answers.expect('still nothing', () => herder.connectorInfo(name), `! 404 Connector ${name} not found`);
  });

  test('a changed configuration, whole and in part', async () => {
    const name = await runningSource('changed');
    const config = { ...sourceConfig(name), 'batch.size': '10' };
    const put = () => herder.putConnectorConfig(name, config, change);
    await answers.expect('change', put, `{"created":false,"info":${info(name, config)}}`);
    const patched = JSON.stringify(withSortedConfigs(JSON.parse(info(name, { ...sourceConfig(name), 'tasks.max': '2' }))));
    const patch = { 'batch.size': null, 'tasks.max': '2' };
    await answers.expect('patch', async () => withSortedConfigs(await herder.patchConnectorConfig(name, patch)), patched);
    const missing = (key: string) => INVALID(1, `Missing required configuration "${key}" which has no default value.`);
    await answers.expect('patch a need away', () => herder.patchConnectorConfig(name, { topic: null }), missing('topic'));
    await answers.expect('patch the name away', () => herder.patchConnectorConfig(name, { name: null }), missing('name'));
    expect(await herder.connectorConfig(name)).toEqual({ ...sourceConfig(name), 'tasks.max': '2', name });
    await until(name, 'RUNNING,RUNNING');
    await herder.deleteConnector(name);
  });

  test('pause, resume, stop, and what a restart makes of each', async () => {
    const name = await runningSource('steered');
    await answers.expect('pause', () => herder.pauseConnector(name), '');
    await until(name, 'PAUSED,PAUSED');
    await answers.expect('restart a paused one', () => herder.restartConnector(name), '');
    await until(name, 'PAUSED,PAUSED');
    await answers.expect('resume', () => herder.resumeConnector(name), '');
    await until(name, 'RUNNING,RUNNING');
    await answers.expect('stop', () => herder.stopConnector(name), '');
    await until(name, 'STOPPED');
    await answers.expect('tasks of a stopped one', () => herder.tasks(name), '[]');
    await answers.expect('info of a stopped one', () => herder.connectorInfo(name), info(name, sourceConfig(name), 0));
    await answers.expect('task status of a stopped one', () => herder.taskStatus(name, 0), `! 404 No status found for task ${name}-0`);
    await answers.expect('restart a stopped one', () => herder.restartConnector(name), '');
    await until(name, 'STOPPED');
    const put = () => herder.putConnectorConfig(name, sourceConfig(name), change);
    await answers.expect('change a stopped one', put, `{"created":false,"info":${info(name, sourceConfig(name), 0)}}`);
    await until(name, 'STOPPED');
    await herder.resumeConnector(name);
    await until(name, 'RUNNING,RUNNING');
    await herder.deleteConnector(name);
  });

  test('initial states', async () => {
    for (const initialState of ['STOPPED', 'PAUSED'] as const) {
      const name = uniqueName('initial');
      const put = () => herder.putConnectorConfig(name, sourceConfig(name), { ...change, initialState });
      await answers.expect(`create ${initialState}`, put, `{"created":true,"info":${info(name, sourceConfig(name), 0)}}`);
      await until(name, initialState);
      await herder.resumeConnector(name);
      await until(name, 'RUNNING,RUNNING');
      await herder.deleteConnector(name);
    }
  });

  test('restarts: the connector, its tasks, one task, only what has failed', async () => {
    const name = await runningSource('restarted');
    const restart = (includeTasks: boolean, onlyFailed: boolean) => () =>
      herder.restartConnectorAndTasks(name, { includeTasks, onlyFailed });
    await answers.expect('restart', () => herder.restartConnector(name), '');
    await until(name, 'RUNNING,RUNNING');
    await answers.expect('restart with tasks', restart(true, false), status(name, 'RESTARTING', 'RESTARTING'));
    await until(name, 'RUNNING,RUNNING');
    await answers.expect('restart what has failed', restart(true, true), status(name, 'RUNNING', 'RUNNING'));
    await answers.expect('restart the connector if it has failed', restart(false, true), status(name, 'RUNNING', 'RUNNING'));
    await answers.expect('restart a task', () => herder.restartTask(name, 0), '');
    await until(name, 'RUNNING,RUNNING');
    await herder.deleteConnector(name);
  });

  test('a failed task: its trace, and its restart by what has failed', async () => {
    const source = await runningSource('feeds');
    const name = uniqueName('failing');
    const folder = path.join(open().folder, name);
    const config = { 'connector.class': 'FileStreamSink', 'tasks.max': '1', file: path.join(folder, 'out.txt'), topics: `${source}-topic` };
    await herder.putConnectorConfig(name, config, create);
    await until(name, 'RUNNING,FAILED');
    const { trace } = await herder.taskStatus(name, 0);
    expect(trace).toMatch(/^org\.apache\.kafka\.connect\.errors\.ConnectException: /);
    expect(trace).toContain(config.file);
    expect(Object.keys((await herder.connectorStatus(name)).tasks[0] ?? {})).toEqual(['id', 'state', 'worker_id', 'version', 'trace']);
    mkdirSync(folder);
    const plan = await herder.restartConnectorAndTasks(name, { includeTasks: true, onlyFailed: true });
    expect([plan.connector.state, plan.tasks.map((task) => task.state)]).toEqual(['RUNNING', ['RESTARTING']]);
    await until(name, 'RUNNING,RUNNING');
    await waitUntil('the lines are written', () => existsSync(config.file) && readFileSync(config.file, 'utf8') === 'a\nbb\nccc\n');
    for (const each of [source, name]) await herder.deleteConnector(each);
  });

  test('offsets of a source', async () => {
    const name = await runningSource('positions');
    const partition = { filename: fileOf(name) };
    const at = (position: bigint) => `{"offsets":[{"partition":${JSON.stringify(partition)},"offset":{"position":${position}}}]}`;
    const offsets = () => herder.connectorOffsets(name);
    const alter = (entry: ConnectorOffset) => () => herder.alterConnectorOffsets(name, [entry]);
    await waitUntil('the end of the file is committed', async () => (await answerOf(offsets)) === at(9n) || answerOf(offsets));
    const mustStop = `! 400 Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`;
    await answers.expect('alter while it runs', alter({ partition, offset: { position: 2n } }), mustStop);
    await answers.expect('reset while it runs', () => herder.resetConnectorOffsets(name), mustStop);
    await herder.stopConnector(name);
    await until(name, 'STOPPED');
    const none = '! 400 Partitions / offsets need to be provided for an alter offsets request';
    await answers.expect('alter nothing', () => herder.alterConnectorOffsets(name, []), none);
    const refusals: [string, ConnectorOffset, string][] = [
      ['null partition', { partition: null, offset: { position: 2n } }, '! 500 Partition objects cannot be null'],
      [
        'foreign partition',
        { partition: { f: 'x' }, offset: { position: 2n } },
        "! 500 Partition objects should contain the key 'filename'",
      ],
      ['foreign offset', { partition, offset: { pos: 1n } }, "! 500 Offset objects should either be null or contain the key 'position'"],
      [
        'offset that is no number',
        { partition, offset: { position: 'x' } },
        "! 500 The value for the 'position' key in the offset is expected to be a Long value",
      ],
      [
        'negative offset',
        { partition, offset: { position: -1n } },
        "! 500 The value for the 'position' key in the offset should be a non-negative value",
      ],
    ];
    for (const [what, entry, wanted] of refusals) await answers.expect(what, alter(entry), wanted);
    await answers.expect('forget the null partition', alter({ partition: null, offset: null }), ALTERED);
    await answers.expect('forget a foreign partition', alter({ partition: { f: 'x' }, offset: null }), ALTERED);
    expect(await answerOf(offsets)).toBe(at(9n));
    await answers.expect('alter exactly', alter({ partition, offset: { position: 9_007_199_254_740_993n } }), ALTERED);
    expect(await answerOf(offsets)).toBe(at(9_007_199_254_740_993n));
    await answers.expect('alter to null', alter({ partition, offset: null }), ALTERED);
    expect(await answerOf(offsets)).toBe('{"offsets":[]}');
    await answers.expect('alter to the second line', alter({ partition, offset: { position: 2n } }), ALTERED);
    await answers.expect('reset', () => herder.resetConnectorOffsets(name), RESET);
    expect(await answerOf(offsets)).toBe('{"offsets":[]}');
    await herder.deleteConnector(name);
  });

  test('offsets of a sink, and the topics in use', async () => {
    const source = await runningSource('fills');
    const topic = `${source}-topic`;
    const name = uniqueName('sink');
    const config = { 'connector.class': 'FileStreamSink', 'tasks.max': '1', file: fileOf(name), topics: topic };
    await herder.putConnectorConfig(name, config, create);
    const at = (offset: number) =>
      `{"offsets":[{"partition":{"kafka_partition":0,"kafka_topic":"${topic}"},"offset":{"kafka_offset":${offset}}}]}`;
    const offsets = () => herder.connectorOffsets(name);
    await waitUntil('three lines are committed', async () => (await answerOf(offsets)) === at(3) || answerOf(offsets));
    for (const user of [source, name]) await answers.expect('topics', () => herder.activeTopics(user), `["${topic}"]`);
    await answers.expect('reset topics', () => herder.resetActiveTopics(source), '');
    await answers.expect('topics after the reset', () => herder.activeTopics(source), '[]');
    await herder.stopConnector(name);
    await until(name, 'STOPPED');
    const place = { kafka_topic: topic, kafka_partition: 0n };
    const alter = (partition: ConnectorOffset['partition'], offset: ConnectorOffset['offset']) => () =>
      herder.alterConnectorOffsets(name, [{ partition, offset }]);
    await answers.expect('alter a group', alter(place, { kafka_offset: 1n }), ALTERED);
    expect(await answerOf(offsets)).toBe(at(1));
    await answers.expect('alter by text', alter({ ...place, kafka_partition: '0' }, { kafka_offset: '2' }), ALTERED);
    expect(await answerOf(offsets)).toBe(at(2));
    const badPartition = (value: string) =>
      `! 400 Failed to parse the following Kafka partition value in the provided offsets: '${value}'. Partition values for sink connectors need to be integers.`;
    const badOffset = (value: string) =>
      `! 400 Failed to parse the following Kafka offset value in the provided offsets: '${value}'. Offset values for sink connectors need to be integers.`;
    const keys = "! 400 The partition for a sink connector offset must contain the keys 'kafka_topic' and 'kafka_partition'";
    const offsetKey = "! 400 The offset for a sink connector should either be null or contain the key 'kafka_offset'";
    await answers.expect('sink: null', alter(null, null), '! 400 The partition for a sink connector offset cannot be null or missing');
    await answers.expect('sink: no partition', alter({ kafka_topic: topic }, null), keys);
    await answers.expect('sink: text', alter({ ...place, kafka_partition: 'x' }, null), badPartition('x'));
    await answers.expect('sink: fraction', alter({ ...place, kafka_partition: 1.5 }, null), badPartition('1.5'));
    await answers.expect('sink: foreign offset', alter(place, { offset: 1n }), offsetKey);
    await answers.expect('sink: offset text', alter(place, { kafka_offset: 'x' }), badOffset('x'));
    const negative = '! 400 The offset -1 is negative. Give 0 or more, or null for the offset to forget it.';
    await answers.expect('sink: negative offset', alter(place, { kafka_offset: -1n }), negative, name);
    expect(await answerOf(alter({ ...place, kafka_partition: 99n }, { kafka_offset: 1n }))).toMatch(
      /^! 500 Failed to alter consumer group offsets for connector /,
    );
    expect(await answerOf(offsets)).toBe(at(2));
    await answers.expect('forget a partition', alter(place, null), ALTERED);
    expect(await answerOf(offsets)).toBe('{"offsets":[]}');
    await answers.expect('reset a group', () => herder.resetConnectorOffsets(name), RESET);
    await answers.expect('reset what is not there', () => herder.resetConnectorOffsets(name), RESET);
    for (const each of [source, name]) await herder.deleteConnector(each);
    await answers.expect('topics of a deleted one', () => herder.activeTopics(name), '[]', source);
  });

  test('a connector that is not there', async () => {
    const notFound = '! 404 Connector nope not found';
    const calls: [string, () => Promise<unknown>, string][] = [
      ['info of none', () => herder.connectorInfo('nope'), notFound],
      ['config of none', () => herder.connectorConfig('nope'), notFound],
      ['tasks of none', () => herder.tasks('nope'), notFound],
      ['status of none', () => herder.connectorStatus('nope'), '! 404 No status found for connector nope'],
      ['task status of none', () => herder.taskStatus('nope', 0), '! 404 No status found for task nope-0'],
      ['patch none', () => herder.patchConnectorConfig('nope', { a: 'b' }), notFound],
      ['delete none', () => herder.deleteConnector('nope'), notFound],
      ['pause none', () => herder.pauseConnector('nope'), '! 404 Unknown connector nope'],
      ['resume none', () => herder.resumeConnector('nope'), '! 404 Unknown connector nope'],
      ['stop none', () => herder.stopConnector('nope'), '! 404 Unknown connector nope'],
      ['restart none', () => herder.restartConnector('nope'), '! 404 Unknown connector: nope'],
      [
        'restart none with tasks',
        () => herder.restartConnectorAndTasks('nope', { includeTasks: true, onlyFailed: false }),
        '! 404 Unknown connector: nope',
      ],
      ['restart a task of none', () => herder.restartTask('nope', 0), '! 404 Unknown connector: nope'],
      ['offsets of none', () => herder.connectorOffsets('nope'), notFound],
      ['alter offsets of none', () => herder.alterConnectorOffsets('nope', [{ partition: { a: 1n }, offset: null }]), notFound],
      ['reset offsets of none', () => herder.resetConnectorOffsets('nope'), notFound],
      ['topics of none', () => herder.activeTopics('nope'), '[]'],
      ['reset topics of none', () => herder.resetActiveTopics('nope'), ''],
    ];
    for (const [what, call, wanted] of calls) await answers.expect(what, call, wanted);
  });

  test('plugins, their keys, and a configuration that is only looked at', async () => {
    const file = 'org.apache.kafka.connect.file.FileStream';
    const ofFiles = async () => (await herder.plugins(true)).filter((plugin) => plugin.class.startsWith(file));
    const plugin = (name: string, type: string) => `{"class":"${name}","type":"${type}","version":"4.3.1"}`;
    await answers.expect('plugins', ofFiles, `[${plugin(`${file}SinkConnector`, 'sink')},${plugin(`${file}SourceConnector`, 'source')}]`);
    const converter = 'org.apache.kafka.connect.json.JsonConverter';
    const json = async () => (await herder.plugins(false)).filter((listed) => listed.class === converter);
    await answers.expect('all plugins', json, `[${plugin(converter, 'converter')},${plugin(converter, 'header_converter')}]`);
    const [first] = await herder.pluginConfig(SOURCE_CLASS);
    const shape = { ...first, documentation: '…' };
    await answers.expect(
      'keys of a plugin',
      async () => shape,
      '{"name":"file","type":"STRING","required":false,"default_value":null,"importance":"HIGH","documentation":"…","group":null,"order_in_group":-1,"width":"NONE","display_name":"file","dependents":[]}',
    );
    await answers.expect('keys of no plugin', () => herder.pluginConfig('Nope'), '! 404 Unknown plugin Nope.');
    const version = `! 400 Plugin ${file}SourceConnector not found that matches the version range [9,9], available versions: [4.3.1]`;
    await answers.expect('keys of another version', () => herder.pluginConfig(SOURCE_CLASS, '9'), version);
    const { configs, ...infos } = await herder.validateConfig('FileStreamSink', { 'connector.class': 'FileStreamSink', 'tasks.max': 'x' });
    expect(infos).toEqual({ name: 'FileStreamSink', error_count: 5, groups: ['Common', 'Transforms', 'Predicates', 'Error Handling'] });
    expect(configs.flatMap(({ value }) => value.errors.map((error) => `${value.name}: ${error}`))).toEqual([
      'name: Missing required configuration "name" which has no default value.',
      'tasks.max: Invalid value x for configuration tasks.max: Not a number of type INT',
      'tasks.max: Invalid value null for configuration tasks.max: Value must be non-null',
      'topics: Must configure one of topics or topics.regex',
      'topics.regex: Must configure one of topics or topics.regex',
    ]);
    const mismatch = '! 400 Included connector type FileStreamSource does not match request type FileStreamSink';
    await answers.expect(
      'validate another class',
      () => herder.validateConfig('FileStreamSink', { 'connector.class': SOURCE_CLASS }),
      mismatch,
    );
    const noType = '! 400 Connector config {} contains no connector type';
    await answers.expect('validate without a class', () => herder.validateConfig('FileStreamSink', {}), noType);
  });

  test('levels of loggers', async () => {
    const logger = 'org.apache.kafka.connect.runtime';
    await answers.expect('root', () => herder.logger('root'), '{"level":"INFO","last_modified":null}');
    await answers.expect('no logger', () => herder.logger('a.b'), '! 404 Logger a.b not found.');
    const affected = (await herder.setLogger(logger, 'DEBUG', 'worker')) ?? [];
    expect(affected).toContain(logger);
    expect(affected.filter((name) => name !== logger && !name.startsWith(`${logger}.`))).toEqual([]);
    expect(affected).toEqual(affected.toSorted());
    const { level, last_modified: changedMs } = await herder.logger(logger);
    expect([level, Math.abs(Date.now() - (changedMs ?? 0)) < 60_000]).toEqual(['DEBUG', true]);
    const all = Object.keys(await herder.loggers());
    expect(all).toContain(logger);
    expect(all).toEqual(all.toSorted());
    await answers.expect('for the whole cluster', () => herder.setLogger(logger, 'INFO', 'cluster'), 'null');
    expect((await herder.logger(logger)).level).toBe('INFO');
  });

  test('figures and log, where the worker has them', async () => {
    const offers = async (what: Promise<readonly unknown[] | null>) => ((await what) === null ? 'nothing' : 'some');
    await answers.expect('metrics', () => offers(herder.metrics()), '"some"');
    await answers.expect('log', () => offers(herder.workerLog({})), '"some"');
  });

  test('names with all kinds of characters', async () => {
    const name = `${uniqueName('odd')} 주문?&#+;"`;
    const config = { 'connector.class': SOURCE_CLASS, file: fileOf(uniqueName('odd')), topic: uniqueName('odd') };
    const text = (value: unknown) => JSON.stringify(value).slice(1, -1);
    await answers.expect(
      'create an odd name',
      () => herder.putConnectorConfig(name, config, { ...create, initialState: 'STOPPED' }),
      `{"created":true,"info":{"name":"${text(name)}","config":${JSON.stringify({ ...config, name })},"tasks":[],"type":"source"}}`,
    );
    expect(await herder.connectors()).toContain(name);
    await answers.expect('config of an odd name', () => herder.connectorConfig(name), JSON.stringify({ ...config, name }));
    await answers.expect('topics of an odd name', () => herder.activeTopics(name), '[]');
    await answers.expect('delete an odd name', () => herder.deleteConnector(name), '');
    expect(await herder.connectors()).not.toContain(name);
    const info = () => herder.connectorInfo('50%/\\');
    await answers.expect('a name that a path cannot hold everywhere', info, '! 404 Connector 50%/\\ not found');
  });

  test('each difference that is allowed was met', () => {
    expect(answers.unmet()).toEqual([]);
  });
}
