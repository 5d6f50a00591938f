import type { SinkConnectorPlugin } from '../../../../plugin-api/plugin.ts';
import { JDBC_VERSION } from '../shared/version.ts';
import { JdbcSinkConnector } from './connector.ts';
import { spec } from './spec.ts';
import { JdbcSinkTask } from './task.ts';

export const jdbcSink: SinkConnectorPlugin = {
  kind: 'sink',
  className: 'io.confluent.connect.jdbc.JdbcSinkConnector',
  taskClass: 'io.confluent.connect.jdbc.sink.JdbcSinkTask',
  version: JDBC_VERSION,
  spec,
  create: () => new JdbcSinkConnector(),
  createTask: () => new JdbcSinkTask(),
};
