/**
 * Every key of Apache Kafka 4.3.1's client configurations: what validation answers for `producer.override.…` and the like show, and how an
 * unknown key is told from one that has no meaning here. Facts printed from ProducerConfig, ConsumerConfig and AdminClientConfig.
 */
import type { ConfigKey, ConfigType, Importance } from '../spec/config-def.ts';
import { parseType } from '../spec/parse.ts';
import type { ClientRole } from './client-role.ts';
import { adminClientSpec, consumerClientSpec, producerClientSpec } from './client-spec.ts';

/** Roles (Producer, Consumer, Admin), name, type, importance, default: `!` required, `-` null, `''` empty. */
const TABLE = `
PC bootstrap.servers LIST HIGH !
A bootstrap.servers LIST HIGH ''
PCA client.dns.lookup STRING MEDIUM use_all_dns_ips
P buffer.memory LONG HIGH 33554432
P retries INT HIGH 2147483647
A retries INT LOW 2147483647
P acks STRING LOW all
P compression.type STRING HIGH none
P compression.gzip.level INT MEDIUM -1
P compression.lz4.level INT MEDIUM 9
P compression.zstd.level INT MEDIUM 3
P batch.size INT MEDIUM 16384
P partitioner.adaptive.partitioning.enable BOOLEAN LOW true
P partitioner.availability.timeout.ms LONG LOW 0
P partitioner.ignore.keys BOOLEAN MEDIUM false
P linger.ms LONG MEDIUM 5
P delivery.timeout.ms INT MEDIUM 120000
PA client.id STRING MEDIUM ''
C client.id STRING LOW ''
PCA send.buffer.bytes INT MEDIUM 131072
P receive.buffer.bytes INT MEDIUM 32768
CA receive.buffer.bytes INT MEDIUM 65536
P max.request.size INT MEDIUM 1048576
PCA reconnect.backoff.ms LONG LOW 50
PCA reconnect.backoff.max.ms LONG LOW 1000
PCA retry.backoff.ms LONG LOW 100
PCA retry.backoff.max.ms LONG LOW 1000
PC enable.metrics.push BOOLEAN LOW true
A enable.metrics.push BOOLEAN LOW false
P max.block.ms LONG MEDIUM 60000
PCA request.timeout.ms INT MEDIUM 30000
PCA metadata.max.age.ms LONG LOW 300000
P metadata.max.idle.ms LONG LOW 300000
PCA metrics.sample.window.ms LONG LOW 30000
PCA metrics.num.samples INT LOW 2
PCA metrics.recording.level STRING LOW INFO
PCA metric.reporters LIST LOW org.apache.kafka.common.metrics.JmxReporter
P max.in.flight.requests.per.connection INT LOW 5
P key.serializer CLASS HIGH !
P value.serializer CLASS HIGH !
PCA socket.connection.setup.timeout.ms LONG MEDIUM 10000
PCA socket.connection.setup.timeout.max.ms LONG MEDIUM 30000
PC connections.max.idle.ms LONG MEDIUM 540000
A connections.max.idle.ms LONG MEDIUM 300000
P partitioner.class CLASS MEDIUM -
PC interceptor.classes LIST LOW ''
PCA security.protocol STRING MEDIUM PLAINTEXT
PCA security.providers STRING LOW -
PCA ssl.protocol STRING MEDIUM TLSv1.3
PCA ssl.provider STRING MEDIUM -
PCA ssl.cipher.suites LIST LOW ''
PCA ssl.enabled.protocols LIST MEDIUM TLSv1.2,TLSv1.3
PCA ssl.keystore.type STRING MEDIUM JKS
PCA ssl.keystore.location STRING HIGH -
PCA ssl.keystore.password PASSWORD HIGH -
PCA ssl.key.password PASSWORD HIGH -
PCA ssl.keystore.key PASSWORD HIGH -
PCA ssl.keystore.certificate.chain PASSWORD HIGH -
PCA ssl.truststore.certificates PASSWORD HIGH -
PCA ssl.truststore.type STRING MEDIUM JKS
PCA ssl.truststore.location STRING HIGH -
PCA ssl.truststore.password PASSWORD HIGH -
PCA ssl.keymanager.algorithm STRING LOW SunX509
PCA ssl.trustmanager.algorithm STRING LOW PKIX
PCA ssl.endpoint.identification.algorithm STRING LOW https
PCA ssl.secure.random.implementation STRING LOW -
PCA ssl.engine.factory.class CLASS LOW -
PCA sasl.kerberos.service.name STRING MEDIUM -
PCA sasl.kerberos.kinit.cmd STRING LOW /usr/bin/kinit
PCA sasl.kerberos.ticket.renew.window.factor DOUBLE LOW 0.8
PCA sasl.kerberos.ticket.renew.jitter DOUBLE LOW 0.05
PCA sasl.kerberos.min.time.before.relogin LONG LOW 60000
PCA sasl.login.refresh.window.factor DOUBLE LOW 0.8
PCA sasl.login.refresh.window.jitter DOUBLE LOW 0.05
PCA sasl.login.refresh.min.period.seconds SHORT LOW 60
PCA sasl.login.refresh.buffer.seconds SHORT LOW 300
PCA sasl.mechanism STRING MEDIUM GSSAPI
PCA sasl.jaas.config PASSWORD MEDIUM -
PCA sasl.client.callback.handler.class CLASS MEDIUM -
PCA sasl.login.callback.handler.class CLASS MEDIUM -
PCA sasl.login.class CLASS MEDIUM -
PCA sasl.login.connect.timeout.ms INT LOW -
PCA sasl.login.read.timeout.ms INT LOW -
PCA sasl.login.retry.backoff.max.ms LONG LOW 10000
PCA sasl.login.retry.backoff.ms LONG LOW 100
PCA sasl.oauthbearer.jwt.retriever.class CLASS MEDIUM org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever
PCA sasl.oauthbearer.jwt.validator.class CLASS MEDIUM org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator
PCA sasl.oauthbearer.scope STRING MEDIUM -
PCA sasl.oauthbearer.client.credentials.client.id STRING MEDIUM -
PCA sasl.oauthbearer.client.credentials.client.secret PASSWORD MEDIUM -
PCA sasl.oauthbearer.assertion.algorithm STRING MEDIUM RS256
PCA sasl.oauthbearer.assertion.claim.aud STRING MEDIUM -
PCA sasl.oauthbearer.assertion.claim.exp.seconds INT LOW 300
PCA sasl.oauthbearer.assertion.claim.iss STRING MEDIUM -
PCA sasl.oauthbearer.assertion.claim.jti.include BOOLEAN MEDIUM false
PCA sasl.oauthbearer.assertion.claim.nbf.seconds INT LOW 60
PCA sasl.oauthbearer.assertion.claim.sub STRING MEDIUM -
PCA sasl.oauthbearer.assertion.file STRING MEDIUM -
PCA sasl.oauthbearer.assertion.private.key.file STRING MEDIUM -
PCA sasl.oauthbearer.assertion.private.key.passphrase PASSWORD MEDIUM -
PCA sasl.oauthbearer.assertion.template.file STRING MEDIUM -
PCA sasl.oauthbearer.scope.claim.name STRING LOW scope
PCA sasl.oauthbearer.sub.claim.name STRING LOW sub
PCA sasl.oauthbearer.token.endpoint.url STRING MEDIUM -
PCA sasl.oauthbearer.jwks.endpoint.url STRING MEDIUM -
PCA sasl.oauthbearer.jwks.endpoint.refresh.ms LONG LOW 3600000
PCA sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms LONG LOW 10000
PCA sasl.oauthbearer.jwks.endpoint.retry.backoff.ms LONG LOW 100
PCA sasl.oauthbearer.clock.skew.seconds INT LOW 30
PCA sasl.oauthbearer.expected.audience LIST HIGH ''
PCA sasl.oauthbearer.expected.issuer STRING HIGH -
PCA sasl.oauthbearer.header.urlencode BOOLEAN LOW false
P enable.idempotence BOOLEAN LOW true
P transaction.timeout.ms INT LOW 60000
P transactional.id STRING LOW -
P transaction.two.phase.commit.enable BOOLEAN LOW false
PCA metadata.recovery.strategy STRING LOW rebootstrap
PCA metadata.recovery.rebootstrap.trigger.ms LONG LOW 300000
PCA config.providers LIST LOW ''
C group.id STRING HIGH -
C group.instance.id STRING MEDIUM -
C session.timeout.ms INT HIGH 45000
C heartbeat.interval.ms INT HIGH 3000
C partition.assignment.strategy LIST MEDIUM org.apache.kafka.clients.consumer.RangeAssignor,org.apache.kafka.clients.consumer.CooperativeStickyAssignor
C enable.auto.commit BOOLEAN MEDIUM true
C auto.commit.interval.ms INT LOW 5000
C client.rack STRING LOW ''
C max.partition.fetch.bytes INT HIGH 1048576
C fetch.min.bytes INT HIGH 1
C fetch.max.bytes INT MEDIUM 52428800
C fetch.max.wait.ms INT LOW 500
C auto.offset.reset STRING MEDIUM latest
C check.crcs BOOLEAN LOW true
C key.deserializer CLASS HIGH !
C value.deserializer CLASS HIGH !
CA default.api.timeout.ms INT MEDIUM 60000
C max.poll.records INT MEDIUM 500
C max.poll.interval.ms INT MEDIUM 300000
C exclude.internal.topics BOOLEAN MEDIUM true
C internal.throw.on.fetch.stable.offset.unsupported BOOLEAN LOW false
C isolation.level STRING MEDIUM read_uncommitted
C allow.auto.create.topics BOOLEAN MEDIUM true
C group.protocol STRING HIGH classic
C group.remote.assignor STRING MEDIUM -
C share.acknowledgement.mode STRING MEDIUM implicit
C share.acquire.mode STRING MEDIUM BATCH_OPTIMIZED
A bootstrap.controllers LIST HIGH ''
`;

const ROLE_LETTERS: Readonly<Record<ClientRole, string>> = { producer: 'P', consumer: 'C', admin: 'A' };
const TYPES: readonly ConfigType[] = ['BOOLEAN', 'STRING', 'INT', 'SHORT', 'LONG', 'DOUBLE', 'LIST', 'CLASS', 'PASSWORD'];
const IMPORTANCES: readonly Importance[] = ['HIGH', 'MEDIUM', 'LOW'];
const OURS = { producer: producerClientSpec, consumer: consumerClientSpec, admin: adminClientSpec } as const;

const cache = new Map<ClientRole, ReadonlyMap<string, ConfigKey>>();

/** Definitions by name, without validators: Connect shows override values but leaves the judgement to the client. */
export function javaClientKeys(role: ClientRole): ReadonlyMap<string, ConfigKey> {
  const known = cache.get(role) ?? readTable(role);
  cache.set(role, known);
  return known;
}

function readTable(role: ClientRole): Map<string, ConfigKey> {
  const keys = new Map<string, ConfigKey>();
  for (const line of TABLE.trim().split('\n')) {
    const [roles = '', name = '', typeName, importanceName, defaultText = ''] = line.split(' ');
    const type = TYPES.find((t) => t === typeName);
    const importance = IMPORTANCES.find((i) => i === importanceName);
    if (type === undefined || importance === undefined) throw new Error(`bad line in the table of client keys: ${line}`);
    if (!roles.includes(ROLE_LETTERS[role])) continue;
    const ours = OURS[role].keys.get(name);
    keys.set(name, {
      name,
      type,
      importance,
      defaultValue: toDefault({ name, type }, defaultText),
      validator: null,
      documentation: ours?.documentation ?? `Setting of Apache Kafka's Java ${role} clients; it has no effect here.`,
      group: null,
      orderInGroup: -1,
      width: 'NONE',
      displayName: name,
      dependents: [],
      recommender: null,
      internal: false,
    });
  }
  return keys;
}

function toDefault(key: { name: string; type: ConfigType }, text: string): unknown {
  if (text === '!') return undefined;
  if (text === '-') return null;
  return parseType(key, text === "''" ? '' : text);
}
