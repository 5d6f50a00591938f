import { connectVersion } from '../../../../base/version.ts';
import type { SourceConnectorPlugin } from '../../../../plugin-api/plugin.ts';
import { FileStreamSourceConnector } from './connector.ts';
import { spec } from './spec.ts';
import { FileStreamSourceTask } from './task.ts';

export const fileStreamSource: SourceConnectorPlugin = {
  kind: 'source',
  className: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
  taskClass: 'org.apache.kafka.connect.file.FileStreamSourceTask',
  version: connectVersion,
  spec,
  create: () => new FileStreamSourceConnector(),
  createTask: () => new FileStreamSourceTask(),
};
