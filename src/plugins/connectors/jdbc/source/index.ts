import type { SourceConnectorPlugin } from '../../../../plugin-api/plugin.ts';
import { JDBC_VERSION } from '../shared/version.ts';
import { JdbcSourceConnector } from './connector.ts';
import { spec } from './spec.ts';
import { JdbcSourceTask } from './task.ts';

export const jdbcSource: SourceConnectorPlugin = {
  kind: 'source',
  className: 'io.confluent.connect.jdbc.JdbcSourceConnector',
  taskClass: 'io.confluent.connect.jdbc.source.JdbcSourceTask',
  version: JDBC_VERSION,
  spec,
  create: () => new JdbcSourceConnector(),
  createTask: () => new JdbcSourceTask(),
};
