import { expect, test } from 'vitest';
import { createMaskingHerder } from '../../../src/rest/masking-herder.ts';
import { createMemoryHerder } from '../../helpers/memory-herder.ts';

const CONFIG = {
  'connector.class': 'C',
  'connection.password': 's3cret',
  'database.history.pin': '1234',
  topic: 't',
  'ssl.key.password': `$\{file:/s:k}`,
};

async function masked() {
  const pin = {
    name: 'database.history.pin',
    type: 'PASSWORD',
    required: false,
    default_value: null,
    importance: 'LOW',
    documentation: '',
    group: null,
    order_in_group: -1,
    width: 'NONE',
    display_name: '',
    dependents: [],
  };
  const herder = createMemoryHerder({ pluginConfig: async () => [pin] });
  await herder.putConnectorConfig('x', { ...CONFIG, name: 'x' }, { allowReplace: false });
  return { herder, masking: createMaskingHerder(herder) };
}

test('secrets by type and by name are hidden in every answer; references stay', async () => {
  const { masking } = await masked();
  const shown = { ...CONFIG, 'connection.password': '[hidden]', 'database.history.pin': '[hidden]', name: 'x' };
  expect(await masking.connectorConfig('x')).toEqual(shown);
  expect((await masking.connectorInfo('x')).config).toEqual(shown);
  expect((await masking.tasks('x'))[0]?.config).toMatchObject(shown);
});

test('what comes back as [hidden] means unchanged', async () => {
  const { herder, masking } = await masked();
  const edited = { ...(await masking.connectorConfig('x')), topic: 'other' };
  const { info } = await masking.putConnectorConfig('x', edited, { allowReplace: true });
  expect(info.config['connection.password']).toBe('[hidden]');
  expect(herder.held.get('x')?.config).toEqual({ ...CONFIG, name: 'x', topic: 'other' });
});

test('[hidden] without a stored value is refused, never stored', async () => {
  const { herder, masking } = await masked();
  const config = { 'connector.class': 'C', password: '[hidden]', name: 'new' };
  await expect(masking.putConnectorConfig('new', config, { allowReplace: true })).rejects.toThrow('The value of password holds [hidden]');
  await expect(masking.patchConnectorConfig('x', { topic: '[hidden]' })).rejects.toThrow('The value of topic holds [hidden]');
  expect(herder.held.has('new')).toBe(false);
});

test('other calls pass through', async () => {
  const { masking } = await masked();
  expect(await masking.connectors()).toEqual(['x']);
});
