/**
 * FileStreamSource and FileStreamSink of Apache Kafka's worker and of ours, on the same files and topics: records, offsets and sink files
 * are compared. Where ours is another on purpose, the test is in «otherwise on purpose» and says why.
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatExactJson } from '../../src/base/exact-json.ts';
import { decodeUtf8 } from '../../src/record/java-utf8.ts';
import { parseJavaMap } from '../../src/storage/offset/java-map.ts';
import { PLAIN_JSON, STRING, sinkInputs, sourceInputs } from '../helpers/file-stream-inputs.ts';
import { type Config, countOf, envelope, produceRecords, testKafka, uniqueName, valuesOf, waitLines } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { contentsOf, type Side, startSide } from '../helpers/worker-pair.ts';

const TEXT_KEYS = { 'key.converter': 'org.apache.kafka.connect.storage.StringConverter' };
/** Lines before one worker ends and after the other has started. */
const HALF = 9_999;

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-file-pair-'));
const kafka = testKafka();
const at = (name: string) => path.join(folder, name);

let jvm: Side;
let ours: Side;
let jvmStdin: number;
let oursStdin: number;

/** What our worker left off, for the JVM's to go on with. */
const handedOver = { name: uniqueName('to-jvm'), file: at('to-jvm.txt'), topic: uniqueName('to-jvm') };
const handedOverLines = Array.from({ length: 2 * HALF }, (_, i) => `${i} 줄 😀`);

beforeAll(async () => {
  writeHalf(handedOver.file, handedOverLines);
  const config = { 'connector.class': 'FileStreamSource', ...handedOver, ...STRING };
  await using former = await startSide('ours', { connectors: [config] });
  await count(handedOver.topic, HALF);
  expect(await former.worker.end()).toBe(0);
  copyFileSync(path.join(former.worker.folder, 'connect.offsets'), at('jvm.offsets'));
  jvmStdin = namedPipe('jvm.stdin');
  oursStdin = namedPipe('ours.stdin');
  [jvm, ours] = await Promise.all([
    startSide('jvm', { stdin: jvmStdin, properties: { 'offset.storage.file.filename': at('jvm.offsets') } }),
    startSide('ours', { stdin: oursStdin }),
  ]);
});
afterAll(async () => {
  await Promise.all([jvm, ours].map((side) => side?.[Symbol.asyncDispose]()));
  for (const descriptor of [jvmStdin, oursStdin]) closeSync(descriptor);
  await kafka.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Half of the lines, and a half of the next one that ends within a character. `writeRest` adds all that is missing. */
function writeHalf(file: string, lines: readonly string[]): void {
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const whole = Buffer.byteLength(`${lines.slice(0, HALF).join('\n')}\n`);
  writeFileSync(file, bytes.subarray(0, whole + 8));
}

function writeRest(file: string, lines: readonly string[]): void {
  appendFileSync(file, Buffer.from(`${lines.join('\n')}\n`).subarray(statSync(file).size));
}

/** Both ends in one: it can be opened before anybody reads, and never ends. */
function namedPipe(name: string): number {
  execFileSync('mkfifo', [at(name)]);
  return openSync(at(name), 'r+');
}

async function create({ herder }: Side, name: string, config: Config): Promise<void> {
  await herder.putConnectorConfig(name, config, { allowReplace: false });
  await waitUntil(
    () => `${name} runs`,
    async () => {
      const { connector, tasks } = await herder.connectorStatus(name);
      return (connector.state === 'RUNNING' && tasks.length > 0 && tasks.every((task) => task.state === 'RUNNING')) || tasks;
    },
  );
}

async function stop({ herder }: Side, name: string): Promise<void> {
  await herder.stopConnector(name);
  await waitUntil(`${name} is stopped`, async () => {
    const { connector, tasks } = await herder.connectorStatus(name);
    return connector.state === 'STOPPED' && tasks.length === 0;
  });
}

/** One connector of each worker that does the same, with a topic or a file of its own. */
interface Pair {
  readonly name: string;
  /** Topic of a source, file of a sink. */
  target(side: Side): string;
}

async function startSources(what: string, config: Config): Promise<Pair> {
  const name = uniqueName(what);
  const target = (side: Side) => `${name}-${side.name}`;
  const start = (side: Side) => create(side, name, { 'connector.class': 'FileStreamSource', topic: target(side), ...config });
  await Promise.all([start(jvm), start(ours)]);
  return { name, target };
}

async function startSinks(what: string, config: Config): Promise<Pair> {
  const name = uniqueName(what);
  const target = (side: Side) => at(`${what}.${side.name}`);
  // Two groups: the workers must not share the partitions.
  const start = (side: Side) => {
    const group = { 'consumer.override.group.id': `${name}-${side.name}`, 'consumer.override.auto.offset.reset': 'earliest' };
    return create(side, name, { 'connector.class': 'FileStreamSink', file: target(side), ...TEXT_KEYS, ...group, ...config });
  };
  await Promise.all([start(jvm), start(ours)]);
  return { name, target };
}

async function count(topic: string, records: number): Promise<void> {
  await waitUntil(
    () => `${records} records in ${topic}`,
    async () => {
      const found = await countOf(kafka, topic);
      return found >= records || found;
    },
    90_000,
  );
}

const offsetsOf = async ({ herder }: Side, name: string) => (await herder.connectorOffsets(name)).offsets;

describe.concurrent('sources', () => {
  test.each(sourceInputs)('$name', async ({ bytes: given, lines, waiting = 0, config = {}, file: fileName }) => {
    const bytes = Buffer.from(given);
    const file = at(fileName ?? `${uniqueName('in')}.txt`);
    writeFileSync(file, bytes);
    const pair = await startSources('source', { file, ...config });
    const [theirTopic, ourTopic] = [pair.target(jvm), pair.target(ours)];
    await Promise.all([count(theirTopic, lines), count(ourTopic, lines)]);
    await Promise.all([stop(jvm, pair.name), stop(ours, pair.name)]);
    const [theirs, own] = await Promise.all([contentsOf(kafka, theirTopic), contentsOf(kafka, ourTopic)]);
    expect(own).toHaveLength(lines);
    expect(own).toEqual(theirs);
    // On purpose: the original counts characters, but skips as many bytes when it starts, so from this number it goes on elsewhere.
    const offset = (position: number) => (lines === 0 ? [] : [{ partition: { filename: file }, offset: { position: BigInt(position) } }]);
    expect(await offsetsOf(jvm, pair.name)).toEqual(offset(decodeUtf8(bytes).length - waiting));
    expect(await offsetsOf(ours, pair.name)).toEqual(offset(bytes.length - waiting));
  });

  test('from standard input', async () => {
    const pair = await startSources('stdin', {});
    for (const descriptor of [jvmStdin, oursStdin]) writeSync(descriptor, '첫째\nsecond\r\n\nno end');
    await Promise.all([count(pair.target(jvm), 3), count(pair.target(ours), 3)]);
    await Promise.all([stop(jvm, pair.name), stop(ours, pair.name)]);
    const theirs = await contentsOf(kafka, pair.target(jvm));
    expect(theirs.map(({ value }) => value)).toEqual(['첫째', 'second', ''].map(envelope));
    expect(await contentsOf(kafka, pair.target(ours))).toEqual(theirs);
    expect(await offsetsOf(ours, pair.name)).toEqual(await offsetsOf(jvm, pair.name));
  });
});

/** Java prints where an array lies; no two runs agree on that. */
const withoutAddresses = (text: string) => text.replaceAll(/\[B@[0-9a-f]+/g, '[B@address');

describe.concurrent('sinks', () => {
  test.each(sinkInputs)('$name, behind what is there', async ({ name, config, values, breaks = 0 }) => {
    const topic = uniqueName('sunk');
    const headers = [{ key: 'h', value: Buffer.from('"ignored"') }];
    await produceRecords(
      kafka,
      topic,
      values.map((value, i) => ({ key: i % 2 ? null : 'key', value, headers })),
    );
    const what = name.replaceAll(' ', '-');
    for (const side of [jvm, ours]) writeFileSync(at(`${what}.${side.name}`), 'before\nwithout an end ');
    const pair = await startSinks(what, { topics: topic, ...config });
    const texts = [];
    for (const side of [jvm, ours]) {
      texts.push(withoutAddresses(await waitLines(pair.target(side), 1 + values.length + breaks)));
      await stop(side, pair.name);
    }
    expect(texts[1]).toBe(texts[0]);
    expect(await offsetsOf(ours, pair.name)).toEqual(await offsetsOf(jvm, pair.name));
  });

  test('several topics of several partitions', async () => {
    const topics = [uniqueName('many-a'), uniqueName('many-b')];
    await kafka.admin().createTopics(topics.map((topic) => ({ name: topic, partitions: 3, replicationFactor: 1 })));
    for (const topic of topics) {
      await produceRecords(
        kafka,
        topic,
        Array.from({ length: 3000 }, (_, i) => ({ value: `${i} ${topic}` })),
        3,
      );
    }
    const pair = await startSinks('many', { topics: topics.join(), 'tasks.max': '2', ...STRING });
    const lines = [];
    for (const side of [jvm, ours]) {
      lines.push((await waitLines(pair.target(side), 6000)).trimEnd().split('\n').sort());
      await stop(side, pair.name);
    }
    expect(lines[1]).toEqual(lines[0]);
    expect(new Set(lines[0]).size).toBe(6000);
    const sorted = async (side: Side) => (await offsetsOf(side, pair.name)).map((one) => formatExactJson(one)).sort();
    expect(await sorted(ours)).toEqual(await sorted(jvm));
  });

  test('to standard output', async () => {
    const topic = uniqueName('printed');
    await produceRecords(kafka, topic, [{ value: 'printed line 1' }, { value: null }, { value: 'printed line 2' }]);
    const name = uniqueName('printed');
    for (const side of [jvm, ours]) {
      const group = { 'consumer.override.group.id': `${name}-${side.name}` };
      await create(side, name, { 'connector.class': 'FileStreamSink', topics: topic, ...group, ...STRING });
      await waitUntil('the lines', () => side.worker.log().includes('printed line 2\n'));
      expect(
        side.worker
          .log()
          .split('\n')
          .filter((line) => line === 'null' || line.startsWith('printed line')),
      ).toEqual(['printed line 1', 'null', 'printed line 2']);
    }
  });
});

/** Where ours gives something else, and why that is better. */
describe('otherwise on purpose', () => {
  test('lines of a small batch.size do not wait for the file to grow: the original keeps what it has read until there is more', async () => {
    const file = at('withheld.txt');
    const lines = Array.from({ length: 25 }, (_, i) => `line ${i}`);
    writeFileSync(file, `${lines.join('\n')}\n`);
    const pair = await startSources('withheld', { file, 'batch.size': '7', ...STRING });
    await Promise.all([count(pair.target(jvm), 7), count(pair.target(ours), 25)]);
    appendFileSync(file, 'more\n');
    await Promise.all([count(pair.target(jvm), 14), count(pair.target(ours), 26)]);
    await stop(jvm, pair.name);
    expect(await valuesOf(kafka, pair.target(jvm))).toEqual(lines.slice(0, 14));
    expect(await valuesOf(kafka, pair.target(ours))).toEqual([...lines, 'more']);
  });

  test('a file that is renamed and made again is read: the original stays with the old one', async () => {
    const file = at('renamed.txt');
    writeFileSync(file, '1\n2\n');
    const pair = await startSources('renamed', { file, ...STRING });
    await Promise.all([count(pair.target(jvm), 2), count(pair.target(ours), 2)]);
    renameSync(file, `${file}.1`);
    writeFileSync(file, '3\n4\n');
    await count(pair.target(ours), 4);
    appendFileSync(`${file}.1`, 'late\n');
    await count(pair.target(jvm), 3);
    expect(await valuesOf(kafka, pair.target(jvm))).toEqual(['1', '2', 'late']);
    expect(await valuesOf(kafka, pair.target(ours))).toEqual(['1', '2', '3', '4']);
  });

  test.each([
    ['copied and truncated', (file: string) => copyFileSync(file, `${file}.1`)],
    ['truncated', () => undefined],
  ])('a file that is %s is read from its start: the original waits until it is longer than before', async (what, before) => {
    const file = at(`${uniqueName('truncated')}.txt`);
    writeFileSync(file, '1\n2\n');
    const pair = await startSources(what.replaceAll(' ', '-'), { file, ...STRING });
    await Promise.all([count(pair.target(jvm), 2), count(pair.target(ours), 2)]);
    before(file);
    truncateSync(file, 0);
    await waitUntil('our worker says so', () => ours.worker.log().includes(`'${file}' was truncated from 4 bytes or more to 0`));
    appendFileSync(file, '3\n4\n');
    await count(pair.target(ours), 4);
    appendFileSync(file, '5\n');
    await Promise.all([count(pair.target(jvm), 3), count(pair.target(ours), 5)]);
    expect(await valuesOf(kafka, pair.target(jvm))).toEqual(['1', '2', '5']);
    expect(await valuesOf(kafka, pair.target(ours))).toEqual(['1', '2', '3', '4', '5']);
  });

  test('an appended line is in the topic at once: the original looks once a second', async () => {
    const file = at('latency.txt');
    writeFileSync(file, 'a\n');
    const pair = await startSources('latency', { file, ...STRING });
    const arrival = async (side: Side, records: number) => {
      const startMs = performance.now();
      await count(pair.target(side), records);
      return performance.now() - startMs;
    };
    await Promise.all([arrival(jvm, 1), arrival(ours, 1)]);
    const times: [jvmMs: number, oursMs: number][] = [];
    for (let records = 2; records < 9; records++) {
      appendFileSync(file, 'b\n');
      times.push(await Promise.all([arrival(jvm, records), arrival(ours, records)]));
    }
    const median = (side: 0 | 1) => times.map((pair) => pair[side]).sort((a, b) => a - b)[3]!;
    expect(median(1)).toBeLessThan(median(0));
  });

  test('a sink file that is deleted or renamed is made again: the original writes where nobody looks', async () => {
    const topic = uniqueName('deleted');
    await produceRecords(kafka, topic, [{ value: '1' }]);
    const pair = await startSinks('deleted', { topics: topic, ...STRING });
    for (const side of [jvm, ours]) {
      await waitLines(pair.target(side), 1);
      unlinkSync(pair.target(side));
    }
    await produceRecords(kafka, topic, [{ value: '2' }]);
    expect(await waitLines(pair.target(ours), 1)).toBe('2\n');
    await ours.worker.says(`'${pair.target(ours)}' was moved or deleted: writing to the file that has the name now`);
    // Stopped, it has put and committed the line.
    await waitUntil('the original has put it', async () => formatExactJson(await offsetsOf(jvm, pair.name)).includes('"kafka_offset":2'));
    expect(existsSync(pair.target(jvm))).toBe(false);
  });

  test('maps keep the order of the message, and doubles have no more digits than needed: the original has Java’s hash order, and its JDK’s digits', async () => {
    const topic = uniqueName('ordered');
    await produceRecords(kafka, topic, [{ value: '{"b":"2","a":"1","열쇠":"값","key10":"x","key9":2e23}' }]);
    const pair = await startSinks('ordered', { topics: topic, ...PLAIN_JSON });
    const [theirs, own] = await Promise.all([waitLines(pair.target(jvm), 1), waitLines(pair.target(ours), 1)]);
    expect(own).toBe('{b=2, a=1, 열쇠=값, key10=x, key9=2.0E23}\n');
    const members = (text: string) =>
      text
        .trimEnd()
        .slice(1, -1)
        .split(', ')
        .sort()
        .map((member) => member.replace(/=[\d.]+E\d+$/, '=E'));
    expect(members(own)).toEqual(members(theirs));
  });
});

describe('one worker goes on where the other ended', () => {
  test('the JVM’s after ours, in the middle of a file with multi-byte text: each line once, in order', async () => {
    // Our worker read a half and ended before all other tests; the JVM's started with its offset file.
    writeRest(handedOver.file, handedOverLines);
    const { name, ...config } = handedOver;
    await create(jvm, name, { 'connector.class': 'FileStreamSource', ...config, ...STRING });
    await count(handedOver.topic, 2 * HALF);
    expect(await valuesOf(kafka, handedOver.topic)).toEqual(handedOverLines);
  });

  // The last one: it ends the JVM's worker.
  test('ours after the JVM’s: each line once; with multi-byte text none lost and none torn', async () => {
    const connector = (what: string, line: (i: number) => string) => {
      const name = uniqueName(what);
      const lines = Array.from({ length: 2 * HALF }, (_, i) => line(i));
      const config = { 'connector.class': 'FileStreamSource', file: at(`${what}.txt`), topic: name, ...STRING };
      writeHalf(config.file, lines);
      return { name, lines, config };
    };
    const ascii = connector('ascii', (i) => `line ${i}`);
    const korean = connector('korean', (i) => `${i} 줄 😀`);
    for (const { name, config } of [ascii, korean]) await create(jvm, name, config);
    await Promise.all([count(ascii.name, HALF), count(korean.name, HALF)]);
    await jvm.worker.end();

    const file = at('back.offsets');
    copyFileSync(at('jvm.offsets'), file);
    const keys = () => parseJavaMap(readFileSync(file)).map(({ key }) => key.toString());
    const before = keys();
    await using next = await startSide('ours', { properties: { 'offset.storage.file.filename': file } });
    for (const { name, lines, config } of [ascii, korean]) {
      writeRest(config.file, lines);
      await create(next, name, config);
    }
    await count(ascii.name, 2 * HALF);
    expect(await valuesOf(kafka, ascii.name)).toEqual(ascii.lines);
    // The original stored a number of characters: taken as bytes, it lies in a line before, at whose start ours begins.
    const half = Buffer.from(`${korean.lines.slice(0, HALF).join('\n')}\n`);
    const doubles =
      half
        .subarray(half.lastIndexOf(10, decodeUtf8(half).length - 1) + 1)
        .toString()
        .split('\n').length - 1;
    expect(doubles).toBeGreaterThan(1000);
    await count(korean.name, 2 * HALF + doubles);
    expect(await valuesOf(kafka, korean.name)).toEqual([...korean.lines.slice(0, HALF), ...korean.lines.slice(HALF - doubles)]);
    await next.worker.says('a worker that counts characters instead of bytes');
    await next.worker.end();
    expect(keys()).toEqual(expect.arrayContaining(before));
  });
});
