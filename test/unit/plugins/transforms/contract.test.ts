/** All transforms and predicates of the catalog pass their contract. */
import { describe, expect, test } from 'vitest';
import { catalog } from '../../../../src/plugins/catalog.ts';
import { predicateContract, transformContract } from '../../../contracts/transform-contract.ts';

/** Settings that work, by simple name. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Cast: { spec: 'a:string,i:string' },
  DropHeaders: { headers: 'h1' },
  ExtractField: { field: 'a' },
  Filter: {},
  Flatten: {},
  HeaderFrom: { fields: 'a', headers: 'h', operation: 'move' },
  HoistField: { field: 'w' },
  InsertField: { 'static.field': 's', 'static.value': 'v', 'topic.field': 't!', 'timestamp.field': 'at' },
  InsertHeader: { header: 'h', 'value.literal': '[1,2]' },
  MaskField: { fields: 'a,text' },
  RegexRouter: { regex: '(.*)', replacement: 'all-$1' },
  ReplaceField: { exclude: 'n', renames: 'a:b' },
  SetSchemaMetadata: { 'schema.name': 'new' },
  TimestampConverter: { 'target.type': 'Timestamp', field: 'ts' },
  TimestampRouter: {},
  ValueToKey: { fields: 'a' },
  HasHeaderKey: { name: 'h1' },
  RecordIsTombstone: {},
  TopicNameMatches: { pattern: 'ord.*' },
};

const simpleName = (className: string) => className.split('.').at(-1)!.split('$')[0]!;

for (const plugin of catalog.transformations()) {
  describe(plugin.className, () => transformContract(plugin, SETTINGS[simpleName(plugin.className)]!));
}
for (const plugin of catalog.predicates()) {
  describe(plugin.className, () => predicateContract(plugin, SETTINGS[simpleName(plugin.className)]!));
}

test('all of them are here', () => {
  const names = [...catalog.transformations(), ...catalog.predicates()].map((plugin) => simpleName(plugin.className));
  expect([...new Set(names)].sort()).toEqual(Object.keys(SETTINGS).sort());
});
