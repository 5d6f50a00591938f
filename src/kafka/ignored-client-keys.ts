/**
 * Keys of the Java clients that have no meaning here. Some can be left out without anybody noticing; for the others the reader of the log
 * must know what is different.
 */
import type { ClientRole } from './client-role.ts';
import { javaClientKeys } from './java-client-keys.ts';

const SILENT_PREFIXES = ['metrics.', 'config.providers.', 'auto.include.jmx.reporter'];

/** Ignored with a warning unless the value is one of `harmless` (lower case). */
const WARNED: ReadonlyMap<string, { readonly harmless: readonly string[]; readonly because: string }> = new Map([
  ['client.dns.lookup', { harmless: ['use_all_dns_ips'], because: 'names are resolved as the system does it' }],
  ['client.rack', { harmless: [''], because: 'records are always fetched from the leader' }],
  ['check.crcs', { harmless: ['true'], because: 'checksums are always checked' }],
  ['exclude.internal.topics', { harmless: ['true'], because: 'patterns never match internal topics' }],
  ['allow.auto.create.topics', { harmless: ['true'], because: 'the brokers decide on the creation of topics' }],
  ['enable.auto.commit', { harmless: ['false'], because: 'offsets are committed when the records are processed' }],
  [
    'partition.assignment.strategy',
    { harmless: ['org.apache.kafka.clients.consumer.rangeassignor', 'range'], because: 'partitions are assigned by range' },
  ],
  ['group.remote.assignor', { harmless: [''], because: 'the classic group protocol is used' }],
  ['interceptor.classes', { harmless: [''], because: 'Java classes cannot be loaded' }],
  ['partitioner.class', { harmless: [''], because: 'records with a key go where Java’s default partitioner puts them' }],
  ['partitioner.ignore.keys', { harmless: ['false'], because: 'keys decide on the partition' }],
  ['partitioner.adaptive.partitioning.enable', { harmless: ['true', 'false'], because: '' }],
  ['partitioner.availability.timeout.ms', { harmless: ['0'], because: 'a slow broker keeps its partitions' }],
  ['retries', { harmless: ['2147483647'], because: 'delivery.timeout.ms bounds the retries' }],
  ['compression.gzip.level', { harmless: ['-1'], because: 'the codec’s default level is used' }],
  ['compression.lz4.level', { harmless: ['9'], because: 'the codec’s default level is used' }],
  ['compression.zstd.level', { harmless: ['3'], because: 'the codec’s default level is used' }],
  ['transaction.two.phase.commit.enable', { harmless: ['false'], because: 'transactions of two phases are not used' }],
  ['metadata.recovery.strategy', { harmless: ['rebootstrap'], because: 'bootstrap servers are always asked again when no broker answers' }],
  [
    'sasl.oauthbearer.jwt.retriever.class',
    {
      harmless: [
        'org.apache.kafka.common.security.oauthbearer.defaultjwtretriever',
        'org.apache.kafka.common.security.oauthbearer.clientcredentialsjwtretriever',
      ],
      because: 'Java classes cannot be loaded',
    },
  ],
  [
    'sasl.oauthbearer.jwt.validator.class',
    {
      harmless: [
        'org.apache.kafka.common.security.oauthbearer.defaultjwtvalidator',
        'org.apache.kafka.common.security.oauthbearer.clientjwtvalidator',
      ],
      because: 'tokens are validated by the broker',
    },
  ],
  ['sasl.oauthbearer.assertion.algorithm', { harmless: ['rs256', 'es256'], because: '' }],
]);

/** Settings whose meaning is missing: a client without it would do something else than was asked for. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['transactional.id', 'transactional ids are given by the worker (exactly.once.source.support). Remove it.'],
  ['ssl.engine.factory.class', 'Java classes cannot be loaded. Use ssl.truststore.* and ssl.keystore.* with PEM or PKCS12.'],
  [
    'sasl.client.callback.handler.class',
    'Java classes cannot be loaded. Supported logins: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER.',
  ],
  ['sasl.login.class', 'Java classes cannot be loaded. Supported logins: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER.'],
  ['sasl.oauthbearer.assertion.file', 'only client credentials are supported for OAUTHBEARER.'],
  ['sasl.oauthbearer.assertion.private.key.file', 'only client credentials are supported for OAUTHBEARER.'],
  ['sasl.oauthbearer.assertion.private.key.passphrase', 'only client credentials are supported for OAUTHBEARER.'],
  ['sasl.oauthbearer.assertion.template.file', 'only client credentials are supported for OAUTHBEARER.'],
]);

export type IgnoredKey = { readonly kind: 'silent' } | { readonly kind: 'warn' | 'refuse'; readonly because: string };

/** What to do about a key that our specs do not name; null: no Java client of this kind knows it either. */
export function ignoredKey(name: string, value: string, role: ClientRole): IgnoredKey | null {
  const refused = REFUSED.get(name);
  if (refused !== undefined) return value === '' ? { kind: 'silent' } : { kind: 'refuse', because: refused };
  const warned = WARNED.get(name);
  if (warned) return warned.harmless.includes(value.trim().toLowerCase()) ? { kind: 'silent' } : { kind: 'warn', because: warned.because };
  const isKnown = javaClientKeys(role).has(name) || SILENT_PREFIXES.some((prefix) => name.startsWith(prefix));
  return isKnown ? { kind: 'silent' } : null;
}
