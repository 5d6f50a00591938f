import { connectVersion } from '../../../../base/version.ts';
import type { SourceConnectorPlugin } from '../../../../plugin-api/plugin.ts';
import { MIRROR_SOURCE_CONNECTOR, MIRROR_SOURCE_TASK } from '../shared/class-names.ts';
import { MirrorSourceConnector } from './connector.ts';
import { spec } from './spec.ts';
import { MirrorSourceTask } from './task.ts';

export const mirrorSource: SourceConnectorPlugin = {
  kind: 'source',
  className: MIRROR_SOURCE_CONNECTOR,
  taskClass: MIRROR_SOURCE_TASK,
  version: connectVersion,
  repeatsCommonKeys: true,
  spec,
  create: () => new MirrorSourceConnector(),
  createTask: () => new MirrorSourceTask(),
};
