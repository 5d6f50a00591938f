/** `kconsole validate`: connector files without a worker. What it says of a database: test/integration/jdbc-source-validate.test.ts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runOneShotLine } from '../../helpers/run-one-shot.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-validate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, settings: Readonly<Record<string, string>>): string {
  const at = path.join(folder, name);
  writeFileSync(
    at,
    Object.entries(settings)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  return at;
}

const good = { name: 'lines', 'connector.class': 'FileStreamSource', file: '/tmp/x', topic: 't' };

test('right settings are 0, wrong ones 1, each with its key', async () => {
  const right = file('right.properties', good);
  expect(await runOneShotLine(`validate ${right}`)).toEqual({
    exit: 0,
    out: `${right}: lines (FileStreamSource)\n  settings are right\n`,
    err: '',
  });
  const wrong = file('wrong.properties', { ...good, 'batch.size': 'many', 'tasks.max': '0' });
  const { exit, out } = await runOneShotLine(`validate ${right} ${wrong}`);
  expect(exit).toBe(1);
  expect(out).toContain('settings are right\n\n');
  expect(out).toContain('  error: tasks.max: Invalid value 0 for configuration tasks.max: Value must be at least 1\n');
  expect(out).toContain('  error: batch.size: Invalid value many for configuration batch.size: Not a number of type INT\n');
});

test('as JSON', async () => {
  const at = file('json.properties', good);
  const { out, exit } = await runOneShotLine(`validate ${at} -o json`);
  expect(exit).toBe(0);
  expect(JSON.parse(out)).toEqual([{ file: at, name: 'lines', class: 'FileStreamSource', errors: [], parts: [] }]);
});

test('references need the worker that knows them; their values are shown nowhere', async () => {
  writeFileSync(path.join(folder, 'secrets.properties'), 'size=s3cret-not-a-number\n');
  const at = file('reference.properties', { ...good, 'batch.size': `\${file:${folder}/secrets.properties:size}` });
  const alone = await runOneShotLine(`validate ${at}`);
  expect(alone.exit).toBe(2);
  expect(alone.err).toContain(
    'batch.size refers to a config provider. Name the properties of the worker that has it: --worker worker.properties.',
  );
  const worker = file('worker.properties', {
    'bootstrap.servers': '127.0.0.1:9092',
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'offset.storage.file.filename': path.join(folder, 'offsets'),
    'config.providers': 'file',
    'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
  });
  const { exit, out, err } = await runOneShotLine(`validate --worker ${worker} ${at}`);
  expect([exit, err]).toEqual([1, '']);
  expect(out).toContain('error: batch.size: Invalid value ${file:');
  expect(out).not.toContain('s3cret');
});

test.each([
  ['', 2, "missing required argument 'file'"],
  [path.join(folder, 'nowhere.properties'), 2, 'Cannot read connector file'],
  [file('nameless.properties', { topic: 't' }), 2, "is missing the mandatory 'name' configuration"],
  [file('classless.properties', { name: 'c' }), 1, 'contains no connector type'],
])('%s cannot be looked at', async (words, exit, message) => {
  const run = await runOneShotLine(`validate ${words}`.trim());
  expect(run.exit).toBe(exit);
  expect(run.err).toContain(message);
});
