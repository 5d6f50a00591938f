/** The part of the herder's contract on offsets and on the topics in use. */
import { expect, test } from 'vitest';
import type { ConnectorOffset } from '../../src/herder/model.ts';
import { uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { answerOf } from './herder-answers.ts';
import { create, type HerderScene } from './herder-scene.ts';

const ALTERED = '{"message":"The offsets for this connector have been altered successfully"}';
const RESET = '{"message":"The offsets for this connector have been reset successfully"}';

export function herderOffsetsContract(scene: HerderScene): void {
  const { fileOf, until, runningSource } = scene;

  test('offsets of a source', async () => {
    const name = await runningSource('positions');
    const partition = { filename: fileOf(name) };
    const at = (position: bigint) => `{"offsets":[{"partition":${JSON.stringify(partition)},"offset":{"position":${position}}}]}`;
    const offsets = () => scene.herder.connectorOffsets(name);
    const alter = (entry: ConnectorOffset) => () => scene.herder.alterConnectorOffsets(name, [entry]);
    await waitUntil('the end of the file is committed', async () => (await answerOf(offsets)) === at(9n) || answerOf(offsets));
    const mustStop = `! 400 Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`;
    await scene.answers.expect('alter while it runs', alter({ partition, offset: { position: 2n } }), mustStop);
    await scene.answers.expect('reset while it runs', () => scene.herder.resetConnectorOffsets(name), mustStop);
    await scene.herder.stopConnector(name);
    await until(name, 'STOPPED');
    const none = '! 400 Partitions / offsets need to be provided for an alter offsets request';
    await scene.answers.expect('alter nothing', () => scene.herder.alterConnectorOffsets(name, []), none);
    const refusals: [string, ConnectorOffset, string][] = [
      ['null partition', { partition: null, offset: { position: 2n } }, '! 500 Partition objects cannot be null'],
      [
        'foreign partition',
        { partition: { f: 'x' }, offset: { position: 2n } },
        "! 500 Partition objects should contain the key 'filename'",
      ],
      ['foreign offset', { partition, offset: { pos: 1n } }, "! 500 Offset objects should either be null or contain the key 'position'"],
      [
        'offset that is no number',
        { partition, offset: { position: 'x' } },
        "! 500 The value for the 'position' key in the offset is expected to be a Long value",
      ],
      [
        'negative offset',
        { partition, offset: { position: -1n } },
        "! 500 The value for the 'position' key in the offset should be a non-negative value",
      ],
    ];
    for (const [what, entry, wanted] of refusals) await scene.answers.expect(what, alter(entry), wanted);
    await scene.answers.expect('forget the null partition', alter({ partition: null, offset: null }), ALTERED);
    await scene.answers.expect('forget a foreign partition', alter({ partition: { f: 'x' }, offset: null }), ALTERED);
    expect(await answerOf(offsets)).toBe(at(9n));
    await scene.answers.expect('alter exactly', alter({ partition, offset: { position: 9_007_199_254_740_993n } }), ALTERED);
    expect(await answerOf(offsets)).toBe(at(9_007_199_254_740_993n));
    // The original forgets a partition only once it has read back that its offset is null.
    await scene.answers.expect('alter to null', alter({ partition, offset: null }), ALTERED);
    await scene.answers.expectSoon('offsets after null', offsets, '{"offsets":[]}');
    await scene.answers.expect('alter to the second line', alter({ partition, offset: { position: 2n } }), ALTERED);
    await scene.answers.expect('reset', () => scene.herder.resetConnectorOffsets(name), RESET);
    await scene.answers.expectSoon('offsets after a reset', offsets, '{"offsets":[]}');
    await scene.herder.deleteConnector(name);
  });

  test('offsets of a sink, and the topics in use', async () => {
    const source = await runningSource('fills');
    const topic = `${source}-topic`;
    const name = uniqueName('sink');
    const config = { 'connector.class': 'FileStreamSink', 'tasks.max': '1', file: fileOf(name), topics: topic };
    await scene.herder.putConnectorConfig(name, config, create);
    const at = (offset: number) =>
      `{"offsets":[{"partition":{"kafka_partition":0,"kafka_topic":"${topic}"},"offset":{"kafka_offset":${offset}}}]}`;
    const offsets = () => scene.herder.connectorOffsets(name);
    await waitUntil('three lines are committed', async () => (await answerOf(offsets)) === at(3) || answerOf(offsets));
    for (const user of [source, name]) await scene.answers.expect('topics', () => scene.herder.activeTopics(user), `["${topic}"]`);
    await scene.answers.expect('reset topics', () => scene.herder.resetActiveTopics(source), '');
    await scene.answers.expectSoon('topics after the reset', () => scene.herder.activeTopics(source), '[]');
    await scene.herder.stopConnector(name);
    await until(name, 'STOPPED');
    const place = { kafka_topic: topic, kafka_partition: 0n };
    const alter = (partition: ConnectorOffset['partition'], offset: ConnectorOffset['offset']) => () =>
      scene.herder.alterConnectorOffsets(name, [{ partition, offset }]);
    await scene.answers.expect('alter a group', alter(place, { kafka_offset: 1n }), ALTERED);
    expect(await answerOf(offsets)).toBe(at(1));
    await scene.answers.expect('alter by text', alter({ ...place, kafka_partition: '0' }, { kafka_offset: '2' }), ALTERED);
    expect(await answerOf(offsets)).toBe(at(2));
    const badPartition = (value: string) =>
      `! 400 Failed to parse the following Kafka partition value in the provided offsets: '${value}'. Partition values for sink connectors need to be integers.`;
    const badOffset = (value: string) =>
      `! 400 Failed to parse the following Kafka offset value in the provided offsets: '${value}'. Offset values for sink connectors need to be integers.`;
    const keys = "! 400 The partition for a sink connector offset must contain the keys 'kafka_topic' and 'kafka_partition'";
    const offsetKey = "! 400 The offset for a sink connector should either be null or contain the key 'kafka_offset'";
    await scene.answers.expect(
      'sink: null',
      alter(null, null),
      '! 400 The partition for a sink connector offset cannot be null or missing',
    );
    await scene.answers.expect('sink: no partition', alter({ kafka_topic: topic }, null), keys);
    await scene.answers.expect('sink: text', alter({ ...place, kafka_partition: 'x' }, null), badPartition('x'));
    await scene.answers.expect('sink: fraction', alter({ ...place, kafka_partition: 1.5 }, null), badPartition('1.5'));
    await scene.answers.expect('sink: foreign offset', alter(place, { offset: 1n }), offsetKey);
    await scene.answers.expect('sink: offset text', alter(place, { kafka_offset: 'x' }), badOffset('x'));
    const negative = '! 400 The offset -1 is negative. Give 0 or more, or null for the offset to forget it.';
    await scene.answers.expect('sink: negative offset', alter(place, { kafka_offset: -1n }), negative, name);
    expect(await answerOf(alter({ ...place, kafka_partition: 99n }, { kafka_offset: 1n }))).toMatch(
      /^! 500 Failed to alter consumer group offsets for connector /,
    );
    expect(await answerOf(offsets)).toBe(at(2));
    await scene.answers.expect('forget a partition', alter(place, null), ALTERED);
    expect(await answerOf(offsets)).toBe('{"offsets":[]}');
    await scene.answers.expect('reset a group', () => scene.herder.resetConnectorOffsets(name), RESET);
    await scene.answers.expect('reset what is not there', () => scene.herder.resetConnectorOffsets(name), RESET);
    for (const each of [source, name]) await scene.herder.deleteConnector(each);
    await scene.answers.expectSoon('topics of a deleted one', () => scene.herder.activeTopics(name), '[]', source);
  });
}
