import { connectVersion } from '../../../../base/version.ts';
import type { SinkConnectorPlugin } from '../../../../plugin-api/plugin.ts';
import { FileStreamSinkConnector } from './connector.ts';
import { spec } from './spec.ts';
import { FileStreamSinkTask } from './task.ts';

export const fileStreamSink: SinkConnectorPlugin = {
  kind: 'sink',
  className: 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  taskClass: 'org.apache.kafka.connect.file.FileStreamSinkTask',
  version: connectVersion,
  spec,
  create: () => new FileStreamSinkConnector(),
  createTask: () => new FileStreamSinkTask(),
};
