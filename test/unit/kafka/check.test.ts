/** Why a cluster is not reached: each cause has its own sentence. TLS and logins are tried on a real broker (kafka-security.test.ts). */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { logFor } from '../../../src/base/log.ts';
import type { CheckStep } from '../../../src/base/reach.ts';
import { freePort } from '../../../src/demo/free-port.ts';
import type { Admin } from '../../../src/kafka/admin-contract.ts';
import { checkKafka, checkRights } from '../../../src/kafka/check.ts';
import { parseClientProperties } from '../../../src/kafka/client-properties.ts';
import { KafkaError } from '../../../src/kafka/kafka-error.ts';
import { FixtureBroker } from '../../helpers/fixture-broker.ts';

const log = logFor('test');

async function told(steps: AsyncIterable<CheckStep>): Promise<string[]> {
  const out: string[] = [];
  for await (const { what, outcome, answer } of steps) out.push(`${outcome} ${what}: ${answer}`);
  return out;
}

const check = (servers: string) => told(checkKafka(parseClientProperties({ 'bootstrap.servers': servers }, 'admin', log), log));

test('a name that nobody knows, and a port where nothing listens', async () => {
  const port = await freePort();
  expect(await check(`no-such-host.invalid:9092,127.0.0.1:${port}`)).toEqual([
    expect.stringMatching(/^failed name no-such-host\.invalid: (is not known to any name server|no name server answers)/),
    `failed port 127.0.0.1:${port}: refused: nothing listens there`,
  ]);
});

test('what answers is not Kafka', async () => {
  const server = http.createServer((_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const steps = await check(`127.0.0.1:${port}`);
  server.close();
  expect(steps.at(-1)).toMatch(new RegExp(`^failed Kafka 127\\.0\\.0\\.1:${port}: what answers there is not Kafka: `));
});

test('one of two bootstrap servers is enough', async () => {
  await using broker = await FixtureBroker.start();
  const port = await freePort();
  const steps = await check(`127.0.0.1:${port},${broker.address}`);
  expect(steps[0]).toContain('refused');
  expect(steps).toContain(`ok Kafka ${broker.address}: speaks Kafka`);
  expect(steps.some((step) => /^ok cluster: .*, 1 broker$/.test(step))).toBe(true);
  expect(steps).toContain('ok brokers: each can be reached at the address that it tells');
});

test('a broker that tells an address which means nothing here is named', async () => {
  await using broker = await FixtureBroker.start();
  const port = await freePort();
  const brokers = [
    { nodeId: 1, host: 'kafka-1.internal.invalid', port: 9092, rack: null },
    { nodeId: 2, host: '127.0.0.1', port, rack: null },
  ];
  const reply = () => ({
    throttleTimeMs: 0,
    brokers,
    clusterId: 'c1',
    controllerId: 1,
    topics: [],
    clusterAuthorizedOperations: 0,
    errorCode: 0,
  });
  broker.next('Metadata', ...Array.from({ length: 8 }, () => reply));
  broker.next('DescribeCluster', ...Array.from({ length: 8 }, () => 35));
  const steps = await check(broker.address);
  expect(steps.find((step) => step.includes('broker 1:'))).toMatch(
    /^failed broker 1: tells kafka-1\.internal\.invalid:9092 as its address, and from here name kafka-1\.internal\.invalid /,
  );
  expect(steps).toContain(
    `failed broker 2: tells 127.0.0.1:${port} as its address, and from here port 127.0.0.1:${port} refused: nothing listens there`,
  );
}, 30_000);

test('a listener that wants a login closes the connection at the first question', async () => {
  await using broker = await FixtureBroker.start();
  broker.next('Metadata', 'cut');
  const steps = await check(broker.address);
  expect(steps.at(-1)).toBe(
    `failed Kafka ${broker.address}: the broker closes the connection at the first question: this listener wants a login`,
  );
});

test('what may not be read is named, with the right that is missing', async () => {
  const denied = (name: string) => async () => {
    throw new KafkaError(name, `${name}: it is not allowed`);
  };
  const admin = {
    topics: async () => [],
    groups: denied('GROUP_AUTHORIZATION_FAILED'),
    describeConfigs: denied('CLUSTER_AUTHORIZATION_FAILED'),
    logDirs: async () => [],
  } as unknown as Admin;
  const steps: CheckStep[] = [];
  for await (const step of checkRights(admin, [{ id: 1, host: 'h', port: 1, rack: null }])) steps.push(step);
  expect(steps).toEqual([
    {
      what: 'rights',
      outcome: 'warn',
      answer: 'this user may not read groups, broker settings',
      advice: 'have Describe on groups, DescribeConfigs on the cluster granted; the rest can be used',
    },
  ]);
});
