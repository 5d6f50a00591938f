/**
 * Our client as a process of its own, for test/bench/kafka.ts: node client.ts produce|consume BOOTSTRAP TOPIC RECORDS. Prints records/s as the last line.
 * As the JVM's tools count: from the first record on, without start and rebalance.
 */
import { LogHub } from '../../../src/base/log.ts';
import { parseClientProperties } from '../../../src/kafka/client-properties.ts';
import { createKafka } from '../../../src/kafka/kafka.ts';

const RECORD_BYTES = 100;

const [action = '', bootstrap = '', topic = '', count = ''] = process.argv.slice(2);
const records = Number(count);
const log = new LogHub(() => Date.now()).log('bench');
const properties = { 'bootstrap.servers': bootstrap, 'auto.offset.reset': 'earliest' };

async function produce(): Promise<number> {
  const kafka = createKafka(parseClientProperties(properties, 'producer', log), log);
  const producer = kafka.producer();
  await producer.ready(topic);
  let failed = 0;
  const onDelivery = (error: Error | null) => {
    if (error) failed++;
  };
  const payload = Buffer.alloc(RECORD_BYTES);
  const startMs = performance.now();
  for (let i = 0; i < records; i++) {
    // Different from record to record, as the JVM's tool makes them.
    for (let at = 0; at < RECORD_BYTES; at++) payload[at] = 65 + ((i * 31 + at * 7) % 26);
    while (!producer.send(topic, null, null, payload, null, null, onDelivery)) await producer.ready(topic);
  }
  await producer.flush();
  const seconds = (performance.now() - startMs) / 1000;
  await producer.close(0);
  await kafka.close();
  if (failed > 0) throw new Error(`${failed} of ${records} records were not written`);
  return records / seconds;
}

async function consume(): Promise<number> {
  const kafka = createKafka(parseClientProperties(properties, 'consumer', log), log);
  let startMs = 0;
  const consumer = kafka.groupConsumer({
    groupId: `${topic}-kconsole`,
    subscription: [topic],
    onAssigned: async () => {
      startMs = performance.now();
    },
    onRevoked: async () => {},
    onLost: async () => {},
  });
  for (let got = 0; got < records; ) got += (await consumer.poll(10_000)).length;
  const seconds = (performance.now() - startMs) / 1000;
  await consumer.close();
  await kafka.close();
  return records / seconds;
}

process.stdout.write(`${await (action === 'produce' ? produce() : consume())}\n`);
