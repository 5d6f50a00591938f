/** Class names of MirrorMaker 2 that its configurations name. Source: org.apache.kafka.connect.mirror. */
const PACKAGE = 'org.apache.kafka.connect.mirror.';

export const MIRROR_SOURCE_CONNECTOR = `${PACKAGE}MirrorSourceConnector`;
export const MIRROR_SOURCE_TASK = `${PACKAGE}MirrorSourceTask`;
export const MIRROR_HEARTBEAT_CONNECTOR = `${PACKAGE}MirrorHeartbeatConnector`;
export const MIRROR_HEARTBEAT_TASK = `${PACKAGE}MirrorHeartbeatTask`;
export const MIRROR_CHECKPOINT_CONNECTOR = `${PACKAGE}MirrorCheckpointConnector`;
export const MIRROR_CHECKPOINT_TASK = `${PACKAGE}MirrorCheckpointTask`;

export const DEFAULT_REPLICATION_POLICY = `${PACKAGE}DefaultReplicationPolicy`;
export const IDENTITY_REPLICATION_POLICY = `${PACKAGE}IdentityReplicationPolicy`;
/** Of before Kafka had one itself (Strimzi's, for MirrorMaker 2 up to 2.8). */
export const STRIMZI_IDENTITY_POLICY = 'io.strimzi.kafka.connect.mirror.IdentityReplicationPolicy';
export const DEFAULT_TOPIC_FILTER = `${PACKAGE}DefaultTopicFilter`;
export const DEFAULT_GROUP_FILTER = `${PACKAGE}DefaultGroupFilter`;
export const DEFAULT_CONFIG_PROPERTY_FILTER = `${PACKAGE}DefaultConfigPropertyFilter`;
export const FORWARDING_ADMIN = 'org.apache.kafka.clients.admin.ForwardingAdmin';

/** For a CLASS key that only classes rebuilt here can be the value of: others are refused in the original's words. */
export function oneOfClasses(...known: readonly string[]): (name: string) => string | null {
  return (name) => (known.includes(name) ? name : null);
}
