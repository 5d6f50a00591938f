/** What only workers of a cluster ask of a connector's configuration. */
import { describe, expect, test } from 'vitest';
import { LogHub } from '../../../src/base/log.ts';
import type { ClusterFacts } from '../../../src/herder/cluster-checks.ts';
import { validateConnectorConfig } from '../../../src/herder/validate.ts';
import type { Connector, SourceConnectorPlugin } from '../../../src/plugin-api/plugin.ts';
import { catalog, catalogOf } from '../../../src/plugins/catalog.ts';
import { defineSpec } from '../../../src/spec/define.ts';
import { createConfigResolver } from '../../../src/worker/config-resolver.ts';
import { overridePolicy } from '../../../src/worker/override-policy.ts';

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const FILE_SOURCE = 'org.apache.kafka.connect.file.FileStreamSourceConnector';
const FILE_SINK = 'org.apache.kafka.connect.file.FileStreamSinkConnector';
const OFF: ClusterFacts = { groupId: 'workers', hasExactlyOnceSources: false };
const ON: ClusterFacts = { groupId: 'workers', hasExactlyOnceSources: true };

/** A source connector with these answers. */
function source(answers: Partial<Connector>): SourceConnectorPlugin {
  const connector: Connector = { start: () => undefined, stop: () => undefined, taskConfigs: () => [], ...answers };
  return {
    kind: 'source',
    className: 'test.Source',
    version: '1',
    taskClass: 'test.Task',
    spec: defineSpec({}),
    create: () => connector,
    createTask: () => ({ start: () => undefined, poll: async () => null, stop: () => undefined }),
  };
}

/** Errors by key. */
async function errorsOf(config: Record<string, string>, cluster: ClusterFacts | null, plugin = source({})) {
  const infos = await validateConnectorConfig(
    { name: 'c', ...config },
    {
      catalog: catalogOf([...catalog.plugins, plugin]),
      workerConverters: { key: JSON_CONVERTER, value: JSON_CONVERTER, header: 'org.apache.kafka.connect.storage.SimpleHeaderConverter' },
      overridePolicy: overridePolicy({ name: 'All', allowlist: [], settings: {} }, []),
      cluster,
      resolver: createConfigResolver({}, [], new LogHub(() => 0).log('test')),
      validateInThread: null,
    },
  );
  return Object.fromEntries(infos.configs.filter(({ value }) => value.errors.length > 0).map(({ value }) => [value.name, value.errors]));
}

const fileSource = { 'connector.class': FILE_SOURCE, topic: 't', file: '/tmp/x' };
const other = { 'connector.class': 'test.Source' };
const NOT_HERE = 'This worker does not have exactly-once source support enabled.';
const NOT_SO = 'The connector does not support exactly-once semantics with the provided configuration.';
const NO_BOUNDARIES =
  'The connector does not support connector-defined transaction boundaries with the given configuration. Please reconfigure it to use a different transaction boundary definition.';

describe('exactly.once.support=required', () => {
  const required = { 'exactly.once.support': 'required' };

  test('is fine where worker and connector have it, and nobody asks when it is only requested', async () => {
    expect(await errorsOf({ ...fileSource, ...required }, ON)).toEqual({});
    expect(await errorsOf({ ...fileSource, 'exactly.once.support': 'REQUESTED' }, OFF)).toEqual({});
    expect(await errorsOf(fileSource, OFF)).toEqual({});
  });

  test('is refused by a worker without it, for standard input, and by a connector that does not tell', async () => {
    expect(await errorsOf({ ...fileSource, ...required }, OFF)).toEqual({ 'exactly.once.support': [NOT_HERE] });
    expect(await errorsOf({ 'connector.class': FILE_SOURCE, topic: 't', ...required }, ON)).toEqual({ 'exactly.once.support': [NOT_SO] });
    expect(await errorsOf({ ...other, ...required }, OFF)).toEqual({
      'exactly.once.support': [NOT_HERE, expect.stringMatching(/does not say whether.*"requested"/)],
    });
  });

  test('a connector that fails to tell is named as the cause, and nothing breaks', async () => {
    const failing = source({
      exactlyOnceSupport: () => {
        throw new Error('no idea');
      },
    });
    expect(await errorsOf({ ...other, ...required }, ON, failing)).toEqual({
      'exactly.once.support': [expect.stringContaining('no idea')],
    });
  });

  test('a word that it does not know is told alone', async () => {
    expect((await errorsOf({ ...fileSource, 'exactly.once.support': 'always' }, OFF))['exactly.once.support']).toEqual([
      expect.stringContaining('Invalid value always'),
    ]);
  });
});

describe('transaction.boundary=connector', () => {
  const asked = { 'transaction.boundary': 'connector' };

  test.each([
    ['it cannot', {}, [NO_BOUNDARIES]],
    ['it says no', { canDefineTransactionBoundaries: () => false }, [NO_BOUNDARIES]],
    ['it says yes', { canDefineTransactionBoundaries: async () => true }, undefined],
  ])('a connector of which %s', async (_, answers, expected) => {
    expect((await errorsOf({ ...other, ...asked }, ON, source(answers)))['transaction.boundary']).toEqual(expected);
  });

  test('is no question for the other boundaries', async () => {
    expect(await errorsOf({ ...fileSource, 'transaction.boundary': 'interval', 'transaction.boundary.interval.ms': '0' }, ON)).toEqual({});
    expect(await errorsOf({ ...fileSource, 'transaction.boundary.interval.ms': '-1' }, ON)).toHaveProperty([
      'transaction.boundary.interval.ms',
    ]);
  });
});

describe('the consumer group of a sink', () => {
  const sink = { 'connector.class': FILE_SINK, topics: 't' };

  test('must not be the workers’ own, by name or by default', async () => {
    expect(await errorsOf({ ...sink, 'consumer.override.group.id': 'workers' }, OFF)).toEqual({
      'consumer.override.group.id': ['Consumer group workers conflicts with Connect worker group workers'],
    });
    expect(await errorsOf(sink, { ...OFF, groupId: 'connect-c' })).toEqual({
      name: ['Consumer group for sink connector named c conflicts with Connect worker group connect-c'],
    });
    expect(await errorsOf({ ...sink, 'consumer.override.group.id': 'mine' }, { ...OFF, groupId: 'connect-c' })).toEqual({});
  });
});

test('a standalone worker asks nothing of all this', async () => {
  const config = { 'exactly.once.support': 'required', 'transaction.boundary': 'connector' };
  expect(await errorsOf({ ...other, ...config }, null)).toEqual({});
});
