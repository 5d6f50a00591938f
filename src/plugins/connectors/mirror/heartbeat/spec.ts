/** Settings of the heartbeat connector. Source: org.apache.kafka.connect.mirror.MirrorHeartbeatConfig (4.3). */
import { type ConfOf, defineSpec, extendSpec, key } from '../../../../spec/define.ts';
import { mirrorSpec } from '../shared/spec.ts';

export const spec = extendSpec(
  mirrorSpec,
  defineSpec({
    'emit.heartbeats.enabled': key.boolean({ default: true, importance: 'LOW', doc: 'false: no heartbeats are written.' }),
    'emit.heartbeats.interval.seconds': key.long({ default: 1n, importance: 'LOW', doc: 'Seconds between two heartbeats.' }),
    'heartbeats.topic.replication.factor': key.short({
      default: 3,
      importance: 'LOW',
      doc: 'Replication factor of the topic heartbeats, when it is made.',
    }),
  }),
);

export type MirrorHeartbeatConf = ConfOf<typeof spec>;
