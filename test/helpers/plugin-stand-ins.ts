/** Plugins that do nothing, with the names and settings of real ones: for tests of configuration only. */
import type { PredicatePlugin, SinkConnectorPlugin, SourceConnectorPlugin, TransformationPlugin } from '../../src/plugin-api/plugin.ts';
import { defineSpec, key } from '../../src/spec/define.ts';
import { nonEmptyString } from '../../src/spec/validators.ts';

const connector = { start: () => undefined, stop: () => undefined, taskConfigs: () => [] };
const file = key.string({ default: null, importance: 'HIGH', doc: 'File.' });

export const fileSourceStandIn: SourceConnectorPlugin = {
  kind: 'source',
  className: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
  version: '4.3.1',
  taskClass: 'org.apache.kafka.connect.file.FileStreamSourceTask',
  spec: defineSpec({
    file,
    topic: key.string({ validator: nonEmptyString(), importance: 'HIGH', doc: 'Topic.' }),
    'batch.size': key.int({ default: 2000, importance: 'LOW', doc: 'Most records of one poll.' }),
  }),
  create: () => connector,
  createTask: () => ({ start: () => undefined, poll: async () => null, stop: () => undefined }),
};

export const fileSinkStandIn: SinkConnectorPlugin = {
  kind: 'sink',
  className: 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  version: '4.3.1',
  taskClass: 'org.apache.kafka.connect.file.FileStreamSinkTask',
  spec: defineSpec({ file }),
  create: () => connector,
  createTask: () => ({ start: () => undefined, put: () => undefined, stop: () => undefined }),
};

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
