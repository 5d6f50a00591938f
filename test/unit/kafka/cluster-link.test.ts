/** Connections under faults that a real broker cannot be made to show; real sockets throughout. */
import net from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { LogHub } from '../../../src/base/log.ts';
import { type ClusterLink, createClusterLink } from '../../../src/kafka/cluster-link.ts';
import type { ClientOptions } from '../../../src/kafka/contract.ts';
import { KafkaError } from '../../../src/kafka/kafka-error.ts';
import { listOffsetsMessage } from '../../../src/kafka/wire/messages/list-offsets.ts';
import { metadataMessage } from '../../../src/kafka/wire/messages/metadata.ts';
import { FixtureBroker } from '../../helpers/fixture-broker.ts';
import { clientOptions } from '../../helpers/kafka-options.ts';

const ALL = { topics: null, allowAutoTopicCreation: false };
const links: ClusterLink[] = [];

function linkTo(bootstrap: string, changes: Partial<ClientOptions> = {}): ClusterLink {
  const link = createClusterLink(clientOptions(bootstrap, changes), new LogHub(() => 0).log('test'));
  links.push(link);
  return link;
}

afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
});

async function faultOf(promise: Promise<unknown>): Promise<KafkaError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KafkaError);
  return error as KafkaError;
}

/** A server that answers whatever comes with the same bytes. */
async function serverAnswering(bytes: Buffer | null): Promise<{ address: string; close: () => void }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => (bytes ? socket.write(bytes) : socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe('requests', () => {
  it('find brokers from any bootstrap address that answers', async () => {
    await using broker = await FixtureBroker.start({ a: 1 });
    const link = linkTo(`127.0.0.1:1,${broker.address}`);
    expect(await link.brokers()).toEqual([{ id: 1, host: '127.0.0.1', port: broker.port, rack: null }]);
    expect(link.describe(1)).toBe(`broker 1 (127.0.0.1:${broker.port})`);
    expect(await link.nodeOf('controller')).toBe(1);
    expect(await link.nodeOf({ coordinator: 'g' })).toBe(1);
  });

  it('go to another broker after one has left a request unanswered, though that one is the only one it names', async () => {
    await using half = await FixtureBroker.start();
    await using well = await FixtureBroker.start();
    const link = linkTo(`${half.address},${well.address}`);
    let first = await link.brokers();
    // Which of the two is asked first is chance.
    const [asked, other] = first[0]?.port === half.port ? [half, well] : [well, half];
    asked.next('Metadata', 'silent');
    await faultOf(link.send('any', metadataMessage, ALL, { timeoutMs: 200 }));
    for (let i = 0; i < 5; i++) {
      const { brokers } = await link.send('any', metadataMessage, ALL);
      first = brokers.map(({ nodeId, host, port, rack }) => ({ id: nodeId, host, port, rack }));
      expect(first[0]?.port).toBe(other.port);
    }
  });

  it('name the broker and the request that was not answered in time, and end that connection', async () => {
    await using broker = await FixtureBroker.start();
    const link = linkTo(broker.address);
    await link.send('any', metadataMessage, ALL);
    broker.next('Metadata', 'silent');
    const startMs = performance.now();
    const [late, other] = await Promise.all([
      faultOf(link.send('any', metadataMessage, ALL, { timeoutMs: 300 })),
      faultOf(
        link.send('any', listOffsetsMessage, () => {
          broker.next('ListOffsets', 'silent');
          return { topics: [] };
        }),
      ),
    ]);
    expect(late.message).toBe(`broker ${broker.address} did not answer Metadata within 300 ms`);
    expect([late.kafkaName, late.isRetriable]).toEqual(['REQUEST_TIMED_OUT', true]);
    expect(other.kafkaName).toBe('REQUEST_TIMED_OUT');
    expect(performance.now() - startMs).toBeLessThan(2000);
    expect((await link.send('any', metadataMessage, ALL)).clusterId).toBe('fixture');
  });

  it('are rejected as DISCONNECTED when the broker hangs up, and go over a new connection afterwards', async () => {
    await using broker = await FixtureBroker.start();
    const link = linkTo(broker.address);
    broker.next('Metadata', 'cut');
    const fault = await faultOf(link.send('any', metadataMessage, ALL));
    expect([fault.kafkaName, fault.isRetriable]).toEqual(['DISCONNECTED', true]);
    expect((await link.send('any', metadataMessage, ALL)).controllerId).toBe(1);
  });

  it('are repeated by `request` while the fault is retriable, and not beyond', async () => {
    await using broker = await FixtureBroker.start();
    const link = linkTo(broker.address);
    broker.next('FindCoordinator', 15, 'cut', 0);
    const check = () => {};
    const reply = await link.request({ coordinator: 'g' }, metadataMessage, ALL, check);
    expect(reply.clusterId).toBe('fixture');
    expect(broker.requests.filter((name) => name === 'FindCoordinator')).toHaveLength(3);
    broker.next('FindCoordinator', 30);
    const fault = await faultOf(link.request({ coordinator: 'h' }, metadataMessage, ALL, check));
    expect(fault.message).toBe('GROUP_AUTHORIZATION_FAILED: coordinator of group "h"');
  });

  it('wait as long as the broker asked to be left alone', async () => {
    await using broker = await FixtureBroker.start();
    const link = linkTo(broker.address);
    broker.next('Metadata', () => ({ throttleTimeMs: 400, brokers: [], clusterId: 'slow', controllerId: -1, topics: [] }));
    await link.send('any', metadataMessage, ALL);
    const startMs = performance.now();
    await link.send('any', metadataMessage, ALL);
    expect(performance.now() - startMs).toBeGreaterThan(350);
  });

  it('… and no longer when the wall clock is set back meanwhile', async () => {
    await using broker = await FixtureBroker.start();
    const link = linkTo(broker.address);
    broker.next('Metadata', () => ({ throttleTimeMs: 100, brokers: [], clusterId: 'slow', controllerId: -1, topics: [] }));
    await link.send('any', metadataMessage, ALL);
    const { now } = Date;
    const set = vi.spyOn(Date, 'now').mockImplementation(() => now() - 5 * 3_600_000);
    onTestFinished(() => set.mockRestore());
    expect((await link.send('any', metadataMessage, ALL)).clusterId).toBe('fixture');
  });

  it('of one lane do not wait for those of another', async () => {
    await using broker = await FixtureBroker.start();
    const link = linkTo(broker.address);
    broker.next('Metadata', 'silent');
    const stuck = faultOf(link.send('any', metadataMessage, ALL, { lane: 'slow' }));
    expect((await link.send('any', metadataMessage, ALL, { lane: 'quick' })).clusterId).toBe('fixture');
    await link.close();
    expect((await stuck).kafkaName).toBe('CLOSED');
  });
});

describe('versions', () => {
  it('are taken from a broker that knows only the first ApiVersions', async () => {
    await using broker = await FixtureBroker.start();
    broker.isOldApiVersions = true;
    broker.versionLimits = { Metadata: [0, 5] };
    const link = linkTo(broker.address);
    expect(await link.versionFor('any', metadataMessage)).toBe(5);
    expect((await link.send('any', metadataMessage, ALL)).clusterId).toBe('fixture');
  });

  it('that do not meet are a clear error', async () => {
    await using broker = await FixtureBroker.start();
    broker.versionLimits = { ListOffsets: [8, 9] };
    const fault = await faultOf(linkTo(broker.address).send('any', listOffsetsMessage, { topics: [] }));
    expect(fault.message).toBe(`broker ${broker.address} knows versions 8 to 9 of ListOffsets, kconsole 1 to 7`);
    expect([fault.kafkaName, fault.isRetriable]).toEqual(['UNSUPPORTED_VERSION', false]);
  });
});

describe('servers that are no Kafka', () => {
  it('are told from the length of their first reply, without taking that much memory', async () => {
    const http = await serverAnswering(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const fault = await faultOf(linkTo(http.address).send('any', metadataMessage, ALL));
    expect(fault.message).toMatch(/A frame of 1213486160 bytes is refused \(limit \d+\); is this really a Kafka listener/);
    http.close();
  });

  it('that hang up at once are named with what may be wrong', async () => {
    const server = await serverAnswering(null);
    const fault = await faultOf(linkTo(server.address).send('any', metadataMessage, ALL));
    expect(fault.message).toMatch(/no broker can be reached .*broker 127\.0\.0\.1:\d+/);
    server.close();
  });

  it('that are not there are all named', async () => {
    const fault = await faultOf(linkTo('127.0.0.1:1,127.0.0.1:2').send('any', metadataMessage, ALL));
    expect(fault.message).toMatch(/no broker can be reached \(tried 127\.0\.0\.1:[12], 127\.0\.0\.1:[12]\): .*ECONNREFUSED/);
    expect([fault.kafkaName, fault.isRetriable]).toEqual(['DISCONNECTED', true]);
  });

  it('are not asked again at once', async () => {
    const link = linkTo('127.0.0.1:1', { reconnectBackoffMs: 200, reconnectBackoffMaxMs: 200 });
    const startMs = performance.now();
    for (let i = 0; i < 3; i++) await faultOf(link.send('any', metadataMessage, ALL));
    expect(performance.now() - startMs).toBeGreaterThan(300);
  });
});

describe('connections', () => {
  it('that nobody uses are closed, and opened again when they are needed', async () => {
    await using broker = await FixtureBroker.start();
    const link = linkTo(broker.address, { connectionsMaxIdleMs: 100 });
    await link.send('any', metadataMessage, ALL);
    await new Promise((resolve) => setTimeout(resolve, 700));
    await link.send('any', metadataMessage, ALL);
    expect(broker.requests.filter((name) => name === 'ApiVersions')).toHaveLength(2);
  });

  it('cost nothing while they are idle: no timer but the sweep is armed', async () => {
    await using broker = await FixtureBroker.start();
    const link = linkTo(broker.address);
    await link.send('any', metadataMessage, ALL);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    for (let i = 0; i < 50; i++) await link.send('any', metadataMessage, ALL, { lane: `lane ${i % 10}` });
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it('end with the link, and later requests are refused', async () => {
    await using broker = await FixtureBroker.start();
    const link = linkTo(broker.address);
    await link.send('any', metadataMessage, ALL);
    await link.close();
    expect((await faultOf(link.send('any', metadataMessage, ALL))).kafkaName).toBe('CLOSED');
  });
});
