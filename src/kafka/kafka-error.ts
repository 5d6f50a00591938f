/** What Kafka answers instead of data, as errors with the broker's own names. Source: org.apache.kafka.common.protocol.Errors (4.3). */
import { ConnectError } from '../base/errors.ts';
import type { KafkaErrorFacts } from './contract.ts';

/**
 * Every error code in order from 0. `*`: a later attempt may succeed. After `:` the Java exception, where it is not simply made of the name.
 */
const TABLE = `
  NONE OFFSET_OUT_OF_RANGE CORRUPT_MESSAGE*:CorruptRecord UNKNOWN_TOPIC_OR_PARTITION* INVALID_FETCH_SIZE LEADER_NOT_AVAILABLE*
  NOT_LEADER_OR_FOLLOWER* REQUEST_TIMED_OUT*:Timeout BROKER_NOT_AVAILABLE REPLICA_NOT_AVAILABLE*
  MESSAGE_TOO_LARGE:RecordTooLarge STALE_CONTROLLER_EPOCH:ControllerMoved OFFSET_METADATA_TOO_LARGE NETWORK_EXCEPTION*:Network
  COORDINATOR_LOAD_IN_PROGRESS* COORDINATOR_NOT_AVAILABLE* NOT_COORDINATOR* INVALID_TOPIC_EXCEPTION:InvalidTopic
  RECORD_LIST_TOO_LARGE:RecordBatchTooLarge NOT_ENOUGH_REPLICAS* NOT_ENOUGH_REPLICAS_AFTER_APPEND* INVALID_REQUIRED_ACKS
  ILLEGAL_GENERATION INCONSISTENT_GROUP_PROTOCOL INVALID_GROUP_ID UNKNOWN_MEMBER_ID INVALID_SESSION_TIMEOUT
  REBALANCE_IN_PROGRESS INVALID_COMMIT_OFFSET_SIZE TOPIC_AUTHORIZATION_FAILED:TopicAuthorization
  GROUP_AUTHORIZATION_FAILED:GroupAuthorization CLUSTER_AUTHORIZATION_FAILED:ClusterAuthorization INVALID_TIMESTAMP
  UNSUPPORTED_SASL_MECHANISM ILLEGAL_SASL_STATE UNSUPPORTED_VERSION TOPIC_ALREADY_EXISTS:TopicExists INVALID_PARTITIONS
  INVALID_REPLICATION_FACTOR INVALID_REPLICA_ASSIGNMENT INVALID_CONFIG:InvalidConfiguration NOT_CONTROLLER* INVALID_REQUEST
  UNSUPPORTED_FOR_MESSAGE_FORMAT POLICY_VIOLATION OUT_OF_ORDER_SEQUENCE_NUMBER:OutOfOrderSequence
  DUPLICATE_SEQUENCE_NUMBER:DuplicateSequence INVALID_PRODUCER_EPOCH INVALID_TXN_STATE
  INVALID_PRODUCER_ID_MAPPING:InvalidPidMapping INVALID_TRANSACTION_TIMEOUT:InvalidTxnTimeout CONCURRENT_TRANSACTIONS*
  TRANSACTION_COORDINATOR_FENCED TRANSACTIONAL_ID_AUTHORIZATION_FAILED:TransactionalIdAuthorization SECURITY_DISABLED
  OPERATION_NOT_ATTEMPTED KAFKA_STORAGE_ERROR*:KafkaStorage LOG_DIR_NOT_FOUND SASL_AUTHENTICATION_FAILED:SaslAuthentication
  UNKNOWN_PRODUCER_ID REASSIGNMENT_IN_PROGRESS DELEGATION_TOKEN_AUTH_DISABLED:DelegationTokenDisabled
  DELEGATION_TOKEN_NOT_FOUND DELEGATION_TOKEN_OWNER_MISMATCH DELEGATION_TOKEN_REQUEST_NOT_ALLOWED:UnsupportedByAuthentication
  DELEGATION_TOKEN_AUTHORIZATION_FAILED:DelegationTokenAuthorization DELEGATION_TOKEN_EXPIRED INVALID_PRINCIPAL_TYPE
  NON_EMPTY_GROUP:GroupNotEmpty GROUP_ID_NOT_FOUND FETCH_SESSION_ID_NOT_FOUND* INVALID_FETCH_SESSION_EPOCH* LISTENER_NOT_FOUND*
  TOPIC_DELETION_DISABLED FENCED_LEADER_EPOCH* UNKNOWN_LEADER_EPOCH* UNSUPPORTED_COMPRESSION_TYPE STALE_BROKER_EPOCH
  OFFSET_NOT_AVAILABLE* MEMBER_ID_REQUIRED PREFERRED_LEADER_NOT_AVAILABLE* GROUP_MAX_SIZE_REACHED FENCED_INSTANCE_ID
  ELIGIBLE_LEADERS_NOT_AVAILABLE* ELECTION_NOT_NEEDED* NO_REASSIGNMENT_IN_PROGRESS GROUP_SUBSCRIBED_TO_TOPIC INVALID_RECORD
  UNSTABLE_OFFSET_COMMIT* THROTTLING_QUOTA_EXCEEDED* PRODUCER_FENCED RESOURCE_NOT_FOUND DUPLICATE_RESOURCE
  UNACCEPTABLE_CREDENTIAL INCONSISTENT_VOTER_SET INVALID_UPDATE_VERSION FEATURE_UPDATE_FAILED
  PRINCIPAL_DESERIALIZATION_FAILURE:PrincipalDeserialization SNAPSHOT_NOT_FOUND POSITION_OUT_OF_RANGE UNKNOWN_TOPIC_ID*
  DUPLICATE_BROKER_REGISTRATION BROKER_ID_NOT_REGISTERED INCONSISTENT_TOPIC_ID* INCONSISTENT_CLUSTER_ID
  TRANSACTIONAL_ID_NOT_FOUND FETCH_SESSION_TOPIC_ID_ERROR*:FetchSessionTopicId INELIGIBLE_REPLICA NEW_LEADER_ELECTED
  OFFSET_MOVED_TO_TIERED_STORAGE FENCED_MEMBER_EPOCH UNRELEASED_INSTANCE_ID UNSUPPORTED_ASSIGNOR STALE_MEMBER_EPOCH
  MISMATCHED_ENDPOINT_TYPE UNSUPPORTED_ENDPOINT_TYPE UNKNOWN_CONTROLLER_ID UNKNOWN_SUBSCRIPTION_ID TELEMETRY_TOO_LARGE
  INVALID_REGISTRATION TRANSACTION_ABORTABLE INVALID_RECORD_STATE SHARE_SESSION_NOT_FOUND* INVALID_SHARE_SESSION_EPOCH*
  FENCED_STATE_EPOCH INVALID_VOTER_KEY DUPLICATE_VOTER VOTER_NOT_FOUND INVALID_REGULAR_EXPRESSION REBOOTSTRAP_REQUIRED
  STREAMS_INVALID_TOPOLOGY STREAMS_INVALID_TOPOLOGY_EPOCH STREAMS_TOPOLOGY_FENCED SHARE_SESSION_LIMIT_REACHED*
`
  .trim()
  .split(/\s+/);

interface Row extends KafkaErrorFacts {
  readonly javaClass: string;
}

const JAVA_PACKAGE = 'org.apache.kafka.common.errors.';

const ROWS: readonly Row[] = TABLE.map((text, code) => {
  const [name = '', java] = text.split(':');
  const kafkaName = name.replace('*', '');
  const simple =
    java ??
    kafkaName
      .split('_')
      .map((w) => w.charAt(0) + w.slice(1).toLowerCase())
      .join('');
  const javaPackage = kafkaName === 'INVALID_RECORD' ? 'org.apache.kafka.common.' : JAVA_PACKAGE;
  return { code, kafkaName, isRetriable: name.endsWith('*'), javaClass: `${javaPackage}${simple}Exception` };
});

const UNKNOWN: Row = {
  code: -1,
  kafkaName: 'UNKNOWN_SERVER_ERROR',
  isRetriable: false,
  javaClass: `${JAVA_PACKAGE}UnknownServerException`,
};

/** Faults that only a client can have; their codes are below those of the wire. */
const LOCAL = {
  SSL_HANDSHAKE_FAILED: {
    code: -2,
    kafkaName: 'SSL_HANDSHAKE_FAILED',
    isRetriable: false,
    javaClass: `${JAVA_PACKAGE}SslAuthenticationException`,
  },
  DISCONNECTED: { code: -3, kafkaName: 'DISCONNECTED', isRetriable: true, javaClass: `${JAVA_PACKAGE}DisconnectException` },
  CLOSED: { code: -4, kafkaName: 'CLOSED', isRetriable: false, javaClass: 'org.apache.kafka.common.KafkaException' },
} satisfies Record<string, Row>;

const BY_NAME = new Map<string, Row>([UNKNOWN, ...ROWS, ...Object.values(LOCAL)].map((row) => [row.kafkaName, row]));

export const LAST_ERROR_CODE: number = ROWS.length - 1;

/** Facts of a code from the wire. A code that is not known here (a newer broker) counts as UNKNOWN_SERVER_ERROR with that code. */
export function kafkaErrorFacts(code: number): KafkaErrorFacts {
  const row = ROWS[code];
  return row ? { code, kafkaName: row.kafkaName, isRetriable: row.isRetriable } : { ...UNKNOWN, code };
}

/** Name of an error code, or `null` for 0 (no error). */
export function kafkaErrorName(code: number): string | null {
  return code === 0 ? null : (ROWS[code] ?? UNKNOWN).kafkaName;
}

/** A fault that Kafka or the way to it reports. The message names topic, partition, group or broker. */
export class KafkaError extends ConnectError implements KafkaErrorFacts {
  override readonly javaClass: string;
  override readonly isRetriable: boolean;
  readonly code: number;
  readonly kafkaName: string;

  /** `what` is the code from the wire or Kafka's name of the error. */
  constructor(what: number | string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KafkaError';
    const row = (typeof what === 'number' ? ROWS[what] : BY_NAME.get(what)) ?? UNKNOWN;
    this.code = typeof what === 'number' ? what : row.code;
    this.kafkaName = row.kafkaName;
    this.isRetriable = row.isRetriable;
    this.javaClass = row.javaClass;
  }
}

/**
 * The error of a code from the wire. `subject` is what it is about (`topic "orders" partition 3`), `detail` the broker's own words.
 */
export function kafkaErrorOf(code: number, subject: string, detail?: string | null): KafkaError {
  const { kafkaName } = kafkaErrorFacts(code);
  const unknown = ROWS[code] || code === -1 ? '' : ` (code ${code})`;
  return new KafkaError(code, `${kafkaName}${unknown}: ${subject}${detail ? `: ${detail}` : ''}`);
}

/** Bytes that are no valid Kafka message or record batch. Nothing else is thrown by the decoders of this room. */
export class KafkaProtocolError extends KafkaError {
  /** Asking again would bring the same bytes. */
  override readonly isRetriable: boolean = false;

  constructor(message: string, options?: ErrorOptions) {
    super('CORRUPT_MESSAGE', message, options);
    this.name = 'KafkaProtocolError';
  }
}

/** Any thrown value as a KafkaError; what is one already stays as it is. */
export function toKafkaError(error: unknown, subject: string): KafkaError {
  if (error instanceof KafkaError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new KafkaError('UNKNOWN_SERVER_ERROR', `${subject}: ${text}`, { cause: error });
}
