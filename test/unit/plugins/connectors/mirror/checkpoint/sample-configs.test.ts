/** The sample files in config/ say what the connector knows. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { spec } from '../../../../../../src/plugins/connectors/mirror/checkpoint/spec.ts';
import { taskParts } from '../../../../../../src/plugins/connectors/mirror/checkpoint/task-start.ts';
import { validateCheckpointConfig } from '../../../../../../src/plugins/connectors/mirror/checkpoint/validate-config.ts';
import { securitySpec } from '../../../../../../src/plugins/connectors/mirror/shared/security-spec.ts';
import { parseProperties } from '../../../../../../src/spec/properties-file.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';
import { scriptedFlow } from './scripted-clusters.ts';

const textOf = (size: string) =>
  readFileSync(new URL(`../../../../../../config/connectors/mirror-checkpoint.${size}.properties`, import.meta.url), 'utf8');

test.each(['minimal', 'full'])('the %s one has no fault, and a task could be made of it', (size) => {
  const config = parseProperties(textOf(size), 'sample');
  const values = spec.validateAll(config);
  validateCheckpointConfig(config, values);
  expect([...values.values()].flatMap(({ errors }) => errors)).toEqual([]);
  const { log, create, told } = scriptedFlow();
  const { checkpoints, syncs } = taskParts(config, log, createTestClock(), create);
  expect([checkpoints.topic, syncs.topic, told]).toEqual(['A.checkpoints.internal', 'mm2-offset-syncs.B.internal', []]);
});

test('the full one names every key but those of TLS and SASL, and gives defaults where it shows numbers and flags', () => {
  const text = textOf('full');
  const named = new Set([...text.matchAll(/^#?([\w.-]+)=/gm)].map((match) => match[1]));
  expect([...spec.keys.keys()].filter((name) => !securitySpec.keys.has(name) && !named.has(name))).toEqual([]);
  const config = parseProperties(text, 'sample');
  const shown = [...spec.keys.values()].filter(
    ({ name, defaultValue }) => config[name] !== undefined && ['number', 'bigint', 'boolean'].includes(typeof defaultValue),
  );
  expect(shown.length).toBeGreaterThan(5);
  expect(shown.filter(({ name, defaultValue }) => config[name] !== String(defaultValue)).map(({ name }) => name)).toEqual([
    'sync.group.offsets.enabled',
  ]);
});
