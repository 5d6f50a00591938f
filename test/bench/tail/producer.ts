/** A process that writes at a pace, for test/bench/tail.ts: node producer.ts BOOTSTRAP TOPIC RATE BYTES. Ends by SIGTERM and prints how many it wrote. */
import { LogHub } from '../../../src/base/log.ts';
import { parseClientProperties } from '../../../src/kafka/client-properties.ts';
import { createKafka } from '../../../src/kafka/kafka.ts';

const [bootstrap = '', topic = '', rate = '', bytes = ''] = process.argv.slice(2);
const log = new LogHub(() => Date.now()).log('bench');
const kafka = createKafka(parseClientProperties({ 'bootstrap.servers': bootstrap }, 'producer', log), log);
const producer = kafka.producer({ lingerMs: 5 });
let isEnding = false;
process.on('SIGTERM', () => {
  isEnding = true;
});
await producer.ready(topic);
const startMs = performance.now();
let sent = 0;
while (!isEnding) {
  const due = ((performance.now() - startMs) / 1_000) * Number(rate);
  for (; sent < due && !isEnding; sent++) {
    const head = `{"n":${sent},"이름":"홍길동","status":${sent % 7 === 0 ? 500 : 200},"pad":"`;
    const value = `${head.padEnd(Number(bytes) - 20, 'x')}"}`;
    while (!producer.send(topic, null, `k${sent % 1_000}`, value, null, null, null)) await producer.ready(topic);
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
await producer.flush();
await producer.close(1_000);
await kafka.close();
process.stdout.write(`${sent}\n`);
