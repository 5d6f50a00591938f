/** Options of the Kafka room for tests: Kafka's defaults, short pauses, what a test wants otherwise. */
import type { ClientOptions, FetcherOptions, ProducerOptions } from '../../src/kafka/contract.ts';

export function producerOptions(changes: Partial<ProducerOptions> = {}): ProducerOptions {
  return {
    acks: -1,
    isIdempotent: true,
    lingerMs: 0,
    batchSizeBytes: 16_384,
    compression: 'none',
    maxRequestSizeBytes: 1 << 20,
    bufferMemoryBytes: 32 << 20,
    deliveryTimeoutMs: 30_000,
    requestTimeoutMs: 5_000,
    maxInFlightPerConnection: 5,
    transactionTimeoutMs: 60_000,
    ...changes,
  };
}

export function fetcherOptions(changes: Partial<FetcherOptions> = {}): FetcherOptions {
  return {
    minBytes: 1,
    maxBytes: 50 << 20,
    maxWaitMs: 500,
    maxPartitionBytes: 1 << 20,
    maxPollRecords: 500,
    isolationLevel: 'read_uncommitted',
    autoOffsetReset: 'earliest',
    requestTimeoutMs: 5_000,
    isRaw: false,
    ...changes,
  };
}

export function clientOptions(bootstrap: string, changes: Partial<ClientOptions> = {}): ClientOptions {
  return {
    bootstrapServers: bootstrap.split(','),
    clientId: 'kconsole-test',
    tls: null,
    sasl: null,
    requestTimeoutMs: 5_000,
    connectionTimeoutMs: 5_000,
    connectionsMaxIdleMs: 540_000,
    reconnectBackoffMs: 10,
    reconnectBackoffMaxMs: 200,
    retryBackoffMs: 20,
    retryBackoffMaxMs: 200,
    metadataMaxAgeMs: 300_000,
    defaultApiTimeoutMs: 10_000,
    producer: producerOptions(),
    fetcher: fetcherOptions(),
    group: { groupId: null, groupInstanceId: null, sessionTimeoutMs: 45_000, heartbeatIntervalMs: 3_000, maxPollIntervalMs: 300_000 },
    ...changes,
  };
}
