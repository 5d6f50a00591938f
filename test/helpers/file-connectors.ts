/** Connectors that do nothing, with the names and settings of the file connectors: for tests of configuration only. */
import type { SinkConnectorPlugin, SourceConnectorPlugin } from '../../src/plugin-api/plugin.ts';
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
