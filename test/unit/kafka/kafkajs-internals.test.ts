/** Every part of kafkajs that src/kafka/connection.ts stands on. When this fails after an update of kafkajs, that file must be looked at. */
import { createRequire } from 'node:module';
import net from 'node:net';
import { DIGESTS, SCRAM } from 'kafkajs/src/broker/saslAuthenticator/scram.js';
import KafkaJsConnection from 'kafkajs/src/network/connection.js';
import { describe, expect, it } from 'vitest';
import { FixtureBroker } from '../../helpers/fixture-broker.ts';

const logger: KafkaJsConnection.KafkaJsLogger = {
  namespace: () => logger,
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

function connectionTo(port: number, onSocket: (socket: net.Socket) => void = () => {}): KafkaJsConnection {
  const connection = new KafkaJsConnection({
    host: '127.0.0.1',
    port,
    clientId: 'contract',
    logger,
    socketFactory: ({ host, port: to, onConnect }) => {
      const socket = net.connect({ host, port: to }, onConnect);
      onSocket(socket);
      return socket;
    },
    ssl: null,
    sasl: null,
    requestTimeout: 1000,
    connectionTimeout: 1000,
    enforceRequestTimeout: false,
  });
  connection.requestQueue.scheduleCheckPendingRequests = () => {};
  return connection;
}

describe('kafkajs', () => {
  it('is the version that was read', () => {
    const version = (createRequire(import.meta.url)('kafkajs/package.json') as { version: string }).version;
    expect(version).toBe('2.2.4');
  });

  it('has the methods and fields of a connection', () => {
    const connection = connectionTo(1);
    for (const name of [
      'connect',
      'disconnect',
      'authenticate',
      'isConnected',
      'isAuthenticated',
      'setVersions',
      'setSupportAuthenticationProtocol',
      'nextCorrelationId',
      'rejectRequests',
      'processData',
    ] as const) {
      expect([name, typeof connection[name]]).toEqual([name, 'function']);
    }
    expect([connection.nextCorrelationId(), connection.nextCorrelationId()]).toEqual([0, 1]);
    expect([connection.isConnected(), connection.isAuthenticated()]).toEqual([false, false]);
  });

  it('has the queue of requests that is mended', () => {
    const { requestQueue } = connectionTo(1);
    const prototype = Object.getPrototypeOf(requestQueue) as typeof requestQueue;
    expect(typeof prototype.scheduleCheckPendingRequests).toBe('function');
    for (const name of ['push', 'fulfillRequest', 'maybeThrottle', 'checkPendingRequests', 'scheduleCheckPendingRequests'] as const) {
      expect([name, typeof requestQueue[name]]).toEqual([name, 'function']);
    }
    expect([requestQueue.inflight.size, requestQueue.pending.length, requestQueue.throttledUntil]).toEqual([0, 0, -1]);
  });

  it('hands received bytes to processData and settles requests by correlation id', async () => {
    await using broker = await FixtureBroker.start();
    const connection = connectionTo(broker.port);
    const chunks: Buffer[] = [];
    connection.processData = (chunk) => {
      chunks.push(chunk);
      connection.requestQueue.fulfillRequest({ correlationId: 5, payload: chunk.subarray(8), size: chunk.length - 4 });
    };
    await connection.connect();
    const reply = new Promise<{ payload: Buffer | null }>((resolve, reject) => {
      connection.requestQueue.push({
        entry: { apiKey: 18, apiName: 'ApiVersions', apiVersion: 0, correlationId: 5, resolve, reject },
        expectResponse: true,
        requestTimeout: null,
        sendRequest: () => connection.socket?.write(Buffer.from('0000000b' + '0012' + '0000' + '00000005' + '000163', 'hex')),
      });
    });
    expect((await reply).payload?.readInt16BE(0)).toBe(0);
    expect(chunks).toHaveLength(1);
    await connection.disconnect();
    expect(connection.isConnected()).toBe(false);
  });

  it('rejects what is in flight when told to, and when the broker hangs up', async () => {
    await using broker = await FixtureBroker.start();
    const connection = connectionTo(broker.port);
    await connection.connect();
    const push = (correlationId: number) =>
      new Promise((resolve, reject) => {
        connection.requestQueue.push({
          entry: { apiKey: 3, apiName: 'Metadata', apiVersion: 4, correlationId, resolve, reject },
          expectResponse: true,
          requestTimeout: null,
          sendRequest: () => {},
        });
      });
    const first = push(1);
    connection.rejectRequests(new Error('told to'));
    await expect(first).rejects.toThrow('told to');
    const second = push(2);
    broker.cutAll();
    await expect(second).rejects.toThrow(/Closed connection|ECONNRESET/);
  });

  it('has SCRAM with the first message as a method of its own', () => {
    const scram = new SCRAM(
      { mechanism: 'scram-sha-512', username: 'a=b,c', password: 'p' },
      'h',
      1,
      logger,
      async () => ({}),
      DIGESTS.SHA512,
    );
    expect(scram.firstMessageBare()).toMatch(/^n=a=3Db=2Cc,r=[\w-]+$/);
    expect([DIGESTS.SHA256.minIterations, DIGESTS.SHA512.minIterations]).toEqual([4096, 4096]);
  });
});
