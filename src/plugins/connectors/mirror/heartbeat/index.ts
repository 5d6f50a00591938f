import { connectVersion } from '../../../../base/version.ts';
import type { SourceConnectorPlugin } from '../../../../plugin-api/plugin.ts';
import { MIRROR_HEARTBEAT_CONNECTOR, MIRROR_HEARTBEAT_TASK } from '../shared/class-names.ts';
import { MirrorHeartbeatConnector } from './connector.ts';
import { spec } from './spec.ts';
import { MirrorHeartbeatTask } from './task.ts';

export const mirrorHeartbeat: SourceConnectorPlugin = {
  kind: 'source',
  className: MIRROR_HEARTBEAT_CONNECTOR,
  taskClass: MIRROR_HEARTBEAT_TASK,
  version: connectVersion,
  repeatsCommonKeys: true,
  spec,
  create: () => new MirrorHeartbeatConnector(),
  createTask: () => new MirrorHeartbeatTask(),
};
