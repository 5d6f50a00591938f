/** A cluster of the size that breaks other tools, behind the same interfaces as a real one. */
import { connector, ScriptedWorld, topic } from '../../helpers/scripted-world.ts';
import { overAWire } from './over-a-wire.ts';

export const SIZES = { topics: 10_000, partitionsPerTopic: 10, connectors: 2_000, groups: 5_000 } as const;

const numbered = (prefix: string, i: number) => `${prefix}-${String(i).padStart(5, '0')}`;

/** Made in pieces, as answers of brokers come: all at once would blow up the heap before the console is there. */
export async function largeWorld(): Promise<Pick<ScriptedWorld, 'herder' | 'kafka'>> {
  const world = new ScriptedWorld();
  for (let i = 0; i < SIZES.topics; i++) {
    world.topics.push(topic(numbered('topic', i), SIZES.partitionsPerTopic, BigInt(1_000 + i * 7)));
    if (i % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  world.connectors = Array.from({ length: SIZES.connectors }, (_, i) => {
    const name = numbered('connector', i);
    const topics = [numbered('topic', i)];
    const config = { ...connector(name, 'sink').config, topics: topics[0]!, 'consumer.override.group.id': numbered('group', i) };
    return i % 2 === 0 ? connector(name, 'sink', { topics, config, perLook: 10 }) : connector(name, 'source', { topics, perLook: 10 });
  });
  for (let i = 0; i < SIZES.groups; i++) {
    const offsets = Array.from({ length: SIZES.partitionsPerTopic }, (_, partition) => ({
      topic: numbered('topic', i),
      partition,
      offset: 900n,
    }));
    world.groups.set(numbered('group', i), { state: 'Stable', clientId: `client-${i}`, offsets });
  }
  const admin = overAWire(world.kafka.admin());
  return { herder: overAWire(world.herder), kafka: { ...world.kafka, admin: () => admin } };
}
