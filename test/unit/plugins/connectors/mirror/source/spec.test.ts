import { expect, test } from 'vitest';
import type { Config } from '../../../../../../src/plugin-api/plugin.ts';
import { MirrorSourceConnector } from '../../../../../../src/plugins/connectors/mirror/source/connector.ts';
import { spec } from '../../../../../../src/plugins/connectors/mirror/source/spec.ts';
import { goldenKeys, keyLines } from '../config-defs.ts';

const base = { name: 'm', 'connector.class': 'x', 'source.cluster.alias': 'a' };

function findings(config: Config): readonly string[] {
  const values = spec.validateAll(config);
  new MirrorSourceConnector().validate(config, values);
  return [...values.values()].flatMap(({ name, errors }) => errors.map((error) => `${name}: ${error}`));
}

test('keys, types, defaults, importance and order are the original’s', () => {
  expect(keyLines(spec)).toEqual(goldenKeys('source'));
});

test('every key says what it does', () => {
  for (const { name, documentation } of spec.keys.values()) expect(documentation.length, name).toBeGreaterThan(20);
});

// As MirrorSourceConnector 4.3.1 answers.
test('what is wrong gets the original’s words', () => {
  expect(findings({ name: 'm', 'connector.class': 'x' })).toEqual([
    'source.cluster.alias: Missing required configuration "source.cluster.alias" which has no default value.',
  ]);
  const wrong = { ...base, 'replication.policy.class': 'nope.X', 'offset.lag.max': '-1', topics: 'a,a', 'consumer.poll.timeout.ms': 'x' };
  expect(findings(wrong)).toEqual([
    'replication.policy.class: Invalid value nope.X for configuration replication.policy.class: Class nope.X could not be found.',
    "topics: Configuration 'topics' values must not be duplicated.",
    'consumer.poll.timeout.ms: Invalid value x for configuration consumer.poll.timeout.ms: Not a number of type LONG',
  ]);
});

test.each(['offset-syncs.topic.location', 'offset-syncs.topic.replication.factor', 'offset-syncs-source-producer.linger.ms'])(
  'syncs that are switched off cannot be set up: %s',
  (name) => {
    const value = name.endsWith('location') ? 'target' : '1';
    expect(findings({ ...base, 'emit.offset-syncs.enabled': 'false', [name]: value })).toEqual([
      "emit.offset-syncs.enabled: MirrorSourceConnector can't setup offset-syncs feature while emit.offset-syncs.enabled set to false",
    ]);
    expect(findings({ ...base, [name]: value })).toEqual([]);
  },
);

test('syncs may be switched off', () => {
  expect(findings({ ...base, 'emit.offset-syncs.enabled': 'false' })).toEqual([]);
});

test('exactly once needs a consumer that reads committed records only', () => {
  const required = { ...base, 'exactly.once.support': 'required' };
  const connector = new MirrorSourceConnector();
  expect(findings(required)).toEqual([
    'exactly.once.support: MirrorSourceConnector can only provide exactly-once guarantees when its source consumer is configured with isolation.level set ' +
      "to 'read_committed'; otherwise, records from aborted and uncommitted transactions will be replicated from the source cluster to the target cluster.",
  ]);
  expect(connector.exactlyOnceSupport(required)).toBe('UNSUPPORTED');
  for (const name of ['consumer.isolation.level', 'source.consumer.isolation.level']) {
    const config = { ...required, [name]: 'read_committed' };
    expect([findings(config), connector.exactlyOnceSupport(config)]).toEqual([[], 'SUPPORTED']);
  }
  expect(connector.exactlyOnceSupport({ ...base, 'source.cluster.isolation.level': 'read_committed' })).toBe('UNSUPPORTED');
});
