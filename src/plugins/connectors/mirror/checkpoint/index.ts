import { KAFKA_VERSION } from '../../../../plugin-api/kafka-version.ts';
import type { SourceConnectorPlugin } from '../../../../plugin-api/plugin.ts';
import { MIRROR_CHECKPOINT_CONNECTOR, MIRROR_CHECKPOINT_TASK } from '../shared/class-names.ts';
import { MirrorCheckpointConnector } from './connector.ts';
import { spec } from './spec.ts';
import { MirrorCheckpointTask } from './task.ts';

export const mirrorCheckpoint: SourceConnectorPlugin = {
  kind: 'source',
  className: MIRROR_CHECKPOINT_CONNECTOR,
  taskClass: MIRROR_CHECKPOINT_TASK,
  version: KAFKA_VERSION,
  repeatsCommonKeys: true,
  spec,
  create: () => new MirrorCheckpointConnector(),
  createTask: () => new MirrorCheckpointTask(),
};
