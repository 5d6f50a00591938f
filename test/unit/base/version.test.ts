import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { connectVersion, kconsoleVersion } from '../../../src/base/version.ts';
import { KAFKA_VERSION } from '../../../src/plugin-api/kafka-version.ts';

test('the versions agree', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  expect(kconsoleVersion).toBe(version);
  expect(KAFKA_VERSION).toBe(connectVersion);
});
