/** Plugins that do nothing, with the names and settings of real ones: for tests of configuration only. */
import type { PredicatePlugin, TransformationPlugin } from '../../src/plugin-api/plugin.ts';
import { defineSpec, key } from '../../src/spec/define.ts';

const TRANSFORMS = 'org.apache.kafka.connect.transforms';
const field = key.string({ default: null, importance: 'MEDIUM', doc: 'Name of a field.' });
const needed = (importance: 'HIGH' | 'MEDIUM') => key.string({ importance, doc: 'Text.' });

const transformation = (name: string, spec: TransformationPlugin['spec']): TransformationPlugin => ({
  kind: 'transformation',
  className: `${TRANSFORMS}.${name}`,
  version: '4.3.1',
  spec,
  create: () => ({ apply: (record) => record }),
});

export const insertFieldStandIn = transformation(
  'InsertField$Value',
  defineSpec({
    'topic.field': field,
    'partition.field': field,
    'offset.field': field,
    'timestamp.field': field,
    'static.field': field,
    'static.value': field,
    'replace.null.with.default': key.boolean({ default: true, importance: 'MEDIUM', doc: 'Defaults in place of nulls.' }),
  }),
);

export const regexRouterStandIn = transformation('RegexRouter', defineSpec({ regex: needed('HIGH'), replacement: needed('HIGH') }));

export const topicNameMatchesStandIn: PredicatePlugin = {
  kind: 'predicate',
  className: `${TRANSFORMS}.predicates.TopicNameMatches`,
  version: '4.3.1',
  spec: defineSpec({ pattern: needed('MEDIUM') }),
  create: () => ({ test: () => true }),
};
