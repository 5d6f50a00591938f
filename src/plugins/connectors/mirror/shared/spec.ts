/** Settings that all mirror connectors have. Source: org.apache.kafka.connect.mirror.MirrorConnectorConfig (4.3). */
import { type ConfOf, defineSpec, extendSpec, key } from '../../../../spec/define.ts';
import { listOf, oneOfIgnoreCase } from '../../../../spec/validators.ts';
import {
  DEFAULT_REPLICATION_POLICY,
  FORWARDING_ADMIN,
  IDENTITY_REPLICATION_POLICY,
  oneOfClasses,
  STRIMZI_IDENTITY_POLICY,
} from './class-names.ts';
import { securitySpec } from './security-spec.ts';

/** As most lists of these connectors are: anything, nothing, but no element twice. */
export const anyList = listOf({ isEmptyAllowed: true });

const ownSpec = defineSpec({
  enabled: key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'false: the connector stays without tasks. Heartbeats go on.',
  }),
  'source.cluster.alias': key.string({
    importance: 'HIGH',
    doc: 'Short name of the cluster that is copied from. It becomes part of the names of topics, of offsets and of clients, so choose it once.',
  }),
  'target.cluster.alias': key.string({
    default: 'target',
    importance: 'HIGH',
    doc: 'Short name of the cluster that is copied to. Topics that came from it once are not sent back to it.',
  }),
  'admin.timeout.ms': key.long({
    default: 60_000n,
    importance: 'LOW',
    doc: 'Milliseconds that each step of administration may take: finding topics, making them, copying their settings.',
  }),
  'replication.policy.class': key.class({
    default: DEFAULT_REPLICATION_POLICY,
    resolve: oneOfClasses(DEFAULT_REPLICATION_POLICY, IDENTITY_REPLICATION_POLICY, STRIMZI_IDENTITY_POLICY),
    importance: 'LOW',
    doc: `How copies are named: ${DEFAULT_REPLICATION_POLICY} puts the alias of the source before the name, ${IDENTITY_REPLICATION_POLICY} keeps it.`,
  }),
  'replication.policy.separator': key.string({
    default: '.',
    importance: 'LOW',
    doc: 'What stands between the alias and the name of the topic.',
  }),
  'replication.policy.internal.topic.separator.enabled': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'false: internal topics keep the full stop when replication.policy.separator is another one.',
  }),
  'forwarding.admin.class': key.class({
    default: FORWARDING_ADMIN,
    resolve: oneOfClasses(FORWARDING_ADMIN),
    importance: 'LOW',
    doc: 'Who changes topics, settings and ACLs of the target cluster. Only the default is known here: it asks the brokers.',
  }),
  'metric.reporters': key.list({
    default: ['org.apache.kafka.common.metrics.JmxReporter'],
    validator: anyList,
    importance: 'LOW',
    doc: 'Taken for compatibility: figures are told at /metrics.',
  }),
  'security.protocol': key.string({
    default: 'PLAINTEXT',
    validator: oneOfIgnoreCase('SASL_SSL', 'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT'),
    importance: 'MEDIUM',
    doc: 'Listed as in the original and without effect: give the protocol of each cluster as source.cluster.security.protocol and target.cluster.security.protocol.',
  }),
  'config.providers': key.list({
    default: [],
    validator: anyList,
    importance: 'LOW',
    doc: 'Listed as in the original and without effect: references are resolved by the providers of the worker.',
  }),
});

/** The shared keys, with those of TLS and SASL behind them. */
export const mirrorSpec = extendSpec(ownSpec, { ...defineSpec({}), keys: securitySpec.keys });

export type MirrorConf = ConfOf<typeof mirrorSpec>;

/** `metric.names.formats`, which the source and the checkpoint connector have. */
export const metricNamesKey = key.list({
  default: ['legacy'],
  validator: listOf({ isEmptyAllowed: false, words: ['legacy', 'new'] }),
  importance: 'LOW',
  doc: 'Taken for compatibility: it names MBeans of the JVM. Figures are told at /metrics under one name.',
});

/** `consumer.poll.timeout.ms`, which the source and the checkpoint connector have. */
export const pollTimeoutKey = key.long({
  default: 1000n,
  importance: 'LOW',
  doc: 'Longest wait in milliseconds for something to do before the task looks at its own state again.',
});

/** `offset-syncs.topic.location`, which must be the same for the source and the checkpoint connector. */
export const syncsLocationKey = key.choice(['source', 'target'], {
  default: 'source',
  importance: 'LOW',
  doc: 'Cluster that holds the topic of offset syncs: source or target. The same for the source and the checkpoint connector of one flow.',
});
