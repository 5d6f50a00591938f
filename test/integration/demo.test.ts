/** The demo on machines where something is missing: one sentence with the way out, exit code 1, nothing left behind. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../dist/kconsole.js');
const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-demo-'));
const state = path.join(folder, 'state');
const empty = path.join(folder, 'empty');
const onlyJava = path.join(folder, 'java');
for (const one of [empty, onlyJava]) mkdirSync(one);
symlinkSync(execFileSync('which', ['java'], { encoding: 'utf8' }).trim(), path.join(onlyJava, 'java'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function demo(environment: Readonly<Record<string, string>>): { readonly code: number | null; readonly said: string } {
  const { KAFKA_HOME: _k, JAVA_HOME: _j, ...inherited } = process.env;
  const { status, stderr } = spawnSync(process.execPath, [program, 'demo', '--once'], {
    encoding: 'utf8',
    env: { ...inherited, XDG_STATE_HOME: state, XDG_CACHE_HOME: path.join(folder, 'cache'), ...environment },
  });
  return { code: status, said: stderr };
}

test.each([
  [
    'no Java',
    { PATH: empty },
    /^kconsole demo: Local brokers need Java, and "java" cannot be run\. Install Java 17 or newer .*JAVA_HOME\.\n$/,
  ],
  [
    'a JAVA_HOME without Java',
    { JAVA_HOME: empty },
    /^kconsole demo: Local brokers need Java, and ".*\/bin\/java" cannot be run\. Install .*\n$/,
  ],
  ['no Maven and nothing kept', { PATH: onlyJava }, /^kconsole demo: .*Maven.*KAFKA_HOME.*\n$/],
  [
    'a KAFKA_HOME without Kafka',
    { KAFKA_HOME: empty },
    /^kconsole demo: KAFKA_HOME is ".*", but there are no Kafka jars in its folder libs\. .*\n$/,
  ],
])('%s', (_, environment, sentence) => {
  const { code, said } = demo(environment);
  expect(said).toMatch(sentence);
  expect(code).toBe(1);
  expect(readdirSync(path.join(state, 'kconsole'))).toEqual([]);
});
