/** Values of config providers on the screen: the reference, never what it stands for. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { journey } from './journey.ts';

journey('looks at a connector that fails with a secret in its hands', { size: [160, 40] }, async (t) => {
  const secrets = t.writes('secrets/s.properties', 'place=/nowhere/canary-7Qx/out.txt\n');
  const [topic, name] = [t.name('lines'), t.name('snk')];
  const reference = `\${file:${secrets}:place}`;
  const properties = {
    'config.providers': 'file',
    'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
    'config.providers.file.param.allowed.paths': path.dirname(secrets),
  };
  await t.worker([t.sink(name, reference, topic)], { properties });
  await t.row(name).shows('✖ FAILED');
  t.press('go.connectors');
  await t.row(name).shows('✖ FAILED');
  t.press('connector.config');
  await t.shows('s.properties:place}');
  t.press('app.back', 'row.open');
  await t.shows(/0 {2}✖ FAILED/);
  t.press('row.open');
  await t.shows(/s\.properties:place\}/);
  t.press('app.back', 'app.back', 'connector.restart');
  await t.dialog().chooses('f');
  t.press('go.actions');
  await t.row('connector.restart').shows('ok');
  t.signal('SIGTERM');
  await t.ends();
  expect(t.written).toContain('s.properties:place');
  expect(t.written).not.toContain('7Qx');
  const files = readdirSync(t.folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const holding = files.filter((file) => readFileSync(path.join(file.parentPath, file.name), 'latin1').includes('7Qx'));
  expect(holding.map(({ name: file }) => file)).toEqual(['s.properties']);
});
