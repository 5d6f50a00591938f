/** From a connector's configuration to the chain that its tasks run. */
import { expect, test } from 'vitest';
import { ConfigError, ConnectError } from '../../../src/base/errors.ts';
import type { SourceRecord } from '../../../src/plugin-api/records.ts';
import { catalog } from '../../../src/plugins/catalog.ts';
import { taskTransforms } from '../../../src/worker/task-transforms.ts';

const record: SourceRecord = {
  topic: 'orders',
  kafkaPartition: null,
  keySchema: null,
  key: null,
  valueSchema: null,
  value: 'x',
  timestampMs: 0,
  headers: null,
  sourcePartition: {},
  sourceOffset: {},
};
const router = (alias: string, regex: string, replacement: string) => ({
  [`transforms.${alias}.type`]: 'RegexRouter',
  [`transforms.${alias}.regex`]: regex,
  [`transforms.${alias}.replacement`]: replacement,
});

test('no transforms: the chain is empty', () => {
  expect(taskTransforms({}, catalog).isEmpty).toBe(true);
  expect(taskTransforms({ transforms: ' ' }, catalog).isEmpty).toBe(true);
});

test('transforms run in the order of their names in the list', () => {
  const chain = taskTransforms({ transforms: 'b, a', ...router('a', '(.*)', '$1-a'), ...router('b', '(.*)', '$1-b') }, catalog);
  expect(chain.apply(record)?.topic).toBe('orders-b-a');
  expect(chain.steps.map((step) => step.className)).toEqual(Array(2).fill('org.apache.kafka.connect.transforms.RegexRouter'));
});

test('with a predicate only its records are transformed; negated, only the others', () => {
  const config = {
    transforms: 'r',
    ...router('r', '.*', 'routed'),
    'transforms.r.predicate': 'p',
    predicates: 'p',
    'predicates.p.type': 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches',
    'predicates.p.pattern': 'ord.*',
  };
  const other = { ...record, topic: 'other' };
  expect([record, other].map((one) => taskTransforms(config, catalog).apply(one)?.topic)).toEqual(['routed', 'other']);
  const negated = taskTransforms({ ...config, 'transforms.r.negate': 'true' }, catalog);
  expect([record, other].map((one) => negated.apply(one)?.topic)).toEqual(['orders', 'routed']);
  expect(negated.apply(record)).toBe(record);
  expect(() => negated.close()).not.toThrow();
});

test.each([
  [{ 'transforms.r.predicate': 'zz' }, "Unknown configuration 'predicates.zz.type'"],
  [{ 'transforms.r.type': 'NoSuch' }, 'Class NoSuch could not be found.'],
  [{ 'transforms.r.type': 'Json' }, 'Class Json could not be found.'],
  [{ transforms: 'r,s' }, "Unknown configuration 'transforms.s.type'"],
  [{ 'transforms.r.type': 'InsertField$Value' }, 'No field insertion configured'],
])('%s fails the task with the reason', (change, reason) => {
  const attempt = () => taskTransforms({ transforms: 'r', ...router('r', '.*', 'x'), ...change }, catalog);
  expect(attempt).toThrow(
    new ConnectError(`org.apache.kafka.common.config.ConfigException: ${reason}`, { cause: new ConfigError(reason) }),
  );
});
