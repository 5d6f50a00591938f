import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { herderRig } from '../../helpers/herder-rig.ts';
import { scriptedProvider } from '../../helpers/scripted-provider.ts';
import { settle } from '../../helpers/test-clock.ts';
import { TEST_SOURCE } from '../../helpers/test-plugins.ts';

const ref = (inside: string) => `\${${inside}}`;
const create = { allowReplace: false } as const;
const TOPIC = ref('p:topic');
const SECRET = 'canary-of-the-herder';

function rig(ttlMs: number | null, more: Record<string, string> = {}) {
  const provider = scriptedProvider({ topic: SECRET });
  provider.state.ttlMs = ttlMs;
  const herder = herderRig({ providerSettings: provider.settings, providers: [provider.plugin] });
  const start = async () => {
    await herder.herder.putConnectorConfig('c', { 'connector.class': TEST_SOURCE, records: '1', topic: TOPIC, ...more }, create);
    await settle();
  };
  const topics = () => herder.kafka.producers.flatMap((producer) => producer.sent.map(({ topic }) => topic));
  return { ...herder, ...provider, start, topics };
}

test('the task works with the value; what is stored and shown is the reference', async () => {
  const { herder, start, topics } = rig(null);
  await start();
  expect(topics()).toEqual([SECRET]);
  const shown = [await herder.connectorInfo('c'), await herder.connectorConfig('c'), await herder.tasks('c')];
  expect(JSON.stringify(shown)).not.toContain(SECRET);
  expect((await herder.tasks('c'))[0]?.config.topic).toBe(TOPIC);
});

test('when a value expires the connector restarts, and its tasks when the value is another', async () => {
  const { state, clock, kafka, start, topics, states } = rig(1000);
  await start();
  await clock.advance(1000);
  await settle();
  // The same value: the tasks were left alone.
  expect(kafka.producers).toHaveLength(1);
  state.values.topic = 'another-topic';
  await clock.advance(1000);
  await settle();
  expect(topics()).toEqual([SECRET, 'another-topic']);
  expect(await states('c')).toEqual(['RUNNING', 'RUNNING']);
});

test('config.action.reload=none: nothing restarts', async () => {
  const { state, clock, start, topics } = rig(1000, { 'config.action.reload': 'none' });
  await start();
  state.values.topic = 'another-topic';
  expect(clock.sleepers).toBeLessThan(5);
  await clock.advance(5000);
  await settle();
  expect(topics()).toEqual([SECRET]);
});

test('a connector that is stopped or gone is not started again by an old value', async () => {
  const { herder, state, clock, start, topics, states } = rig(1000);
  await start();
  await herder.stopConnector('c');
  state.values.topic = 'another-topic';
  await clock.advance(5000);
  await settle();
  expect(await states('c')).toEqual(['STOPPED']);
  await herder.resumeConnector('c');
  await settle();
  expect(topics()).toEqual([SECRET, 'another-topic']);
  await herder.deleteConnector('c');
  await clock.advance(5000);
  expect(await herder.connectors()).toEqual([]);
});

test('a provider that fails refuses the configuration; later it fails connector and task, which says so', async () => {
  const { herder, state, clock, start, states } = rig(1000);
  state.error = new ConfigError('the vault is sealed');
  await expect(start()).rejects.toThrow('the vault is sealed');
  expect(await herder.connectors()).toEqual([]);
  state.error = null;
  await start();
  state.error = new ConfigError('the vault is sealed');
  await clock.advance(1000);
  await settle();
  expect((await states('c'))[0]).toBe('FAILED');
  await herder.restartTask('c', 0);
  expect((await herder.taskStatus('c', 0)).trace).toContain('the vault is sealed');
});

test('validation works with values and answers with references', async () => {
  const { herder, state } = rig(null);
  const validate = async (config: Record<string, string>) => {
    const { configs } = await herder.validateConfig('ScriptedSource', { name: 'c', 'connector.class': TEST_SOURCE, ...config });
    return Object.fromEntries(configs.map(({ value }) => [value.name, [value.value, value.errors]]));
  };
  state.values = { topic: SECRET, max: '3', bad: 'zwei-und-mehr', short: 'x', jaas: 'org.example.Login required password="pw-4711";' };
  expect((await validate({ topic: TOPIC, 'tasks.max': ref('p:max') })).topic).toEqual([TOPIC, []]);
  expect((await validate({ 'tasks.max': ref('p:max') }))['tasks.max']).toEqual([ref('p:max'), []]);
  expect((await validate({ 'tasks.max': ref('p:bad') }))['tasks.max']).toEqual([
    null,
    expect.arrayContaining([`Invalid value ${ref('p:bad')} for configuration tasks.max: Not a number of type INT`]),
  ]);
  expect((await validate({ 'tasks.max': ref('p:short') }))['tasks.max']?.[1]).toContain(
    `Invalid value ${ref('p:short')} for configuration tasks.max: Not a number of type INT`,
  );
  expect((await validate({ 'producer.override.sasl.jaas.config': ref('p:jaas') }))['producer.override.sasl.jaas.config']?.[0]).toBe(
    '[hidden]',
  );
  expect((await validate({ 'producer.override.client.id': ref('p:topic') }))['producer.override.client.id']?.[0]).toBe(ref('p:topic'));
});
