import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import type { TransformationPlugin } from '../../../src/plugin-api/plugin.ts';
import { aliasesOf, catalog, catalogOf } from '../../../src/plugins/catalog.ts';
import { defineSpec } from '../../../src/spec/define.ts';

const transform = (className: string): TransformationPlugin => ({
  kind: 'transformation',
  className,
  version: '1',
  spec: defineSpec({}),
  create: () => ({ apply: (record) => record }),
});

test.each([
  ['source', 'org.apache.kafka.connect.file.FileStreamSourceConnector', ['FileStreamSourceConnector', 'FileStreamSource']],
  ['converter', 'org.apache.kafka.connect.json.JsonConverter', ['JsonConverter', 'Json']],
  ['header_converter', 'org.apache.kafka.connect.storage.SimpleHeaderConverter', ['SimpleHeaderConverter', 'Simple']],
  ['transformation', 'org.apache.kafka.connect.transforms.InsertField$Value', ['InsertField$Value', 'Value']],
  ['transformation', 'org.apache.kafka.connect.transforms.RegexRouter', ['RegexRouter']],
  ['predicate', 'org.apache.kafka.connect.transforms.predicates.RecordIsTombstone', ['RecordIsTombstone']],
  ['sink', 'x.Connector', ['Connector']],
] as const)('names of the %s %s', (kind, className, aliases) => {
  expect(aliasesOf({ kind, className })).toEqual(aliases);
});

test('a name of two classes selects none', () => {
  const two = catalogOf([transform('a.Cast$Value'), transform('a.InsertField$Value'), transform('b.Cast$Value')]);
  expect(two.find('Value')).toBeNull();
  expect(two.find('Cast$Value')).toBeNull();
  expect(two.find('InsertField$Value')?.className).toBe('a.InsertField$Value');
  expect(two.find('b.Cast$Value')?.className).toBe('b.Cast$Value');
});

test('what is built in is found by its names, and as its kind only', () => {
  for (const name of ['org.apache.kafka.connect.json.JsonConverter', 'JsonConverter', 'Json']) {
    expect(catalog.converter(name).className).toBe('org.apache.kafka.connect.json.JsonConverter');
  }
  expect(catalog.headerConverter('SimpleHeaderConverter').kind).toBe('header_converter');
  expect(() => catalog.converter('SimpleHeaderConverter')).toThrow(new ConfigError('Class SimpleHeaderConverter could not be found.'));
  expect(() => catalog.connector('Json')).toThrow(ConfigError);
  expect(() => catalog.transformation('no.Such')).toThrow(new ConfigError('Class no.Such could not be found.'));
  expect(catalog.plugins.map((p) => p.className)).toEqual(catalog.plugins.map((p) => p.className).sort());
});

test('a converter serves as header converter', () => {
  const headers = catalog.headerConverter('StringConverter').create({});
  const bytes = headers.fromConnectHeader('t', { key: 'k', schema: null, value: '한글' });
  expect(bytes).toEqual(Buffer.from('한글'));
  expect(headers.toConnectHeader('t', 'k', bytes).value).toBe('한글');
});
