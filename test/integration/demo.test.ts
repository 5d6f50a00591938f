/** The demo: what it checks and prints, what it says when something is missing, and that nothing it started outlives it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { brokersIn } from '../helpers/demo-brokers.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'dist', 'kconsole.js');
const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-demo-'));
const empty = path.join(folder, 'empty');
const onlyJava = path.join(folder, 'java');
for (const one of [empty, onlyJava]) mkdirSync(one);
symlinkSync(execFileSync('which', ['java'], { encoding: 'utf8' }).trim(), path.join(onlyJava, 'java'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly child: ChildProcess;
  /** Where this run keeps its brokers. */
  readonly state: string;
  said(): string;
  /** Exit code and signal. */
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
}

let runs = 0;

function start(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Run {
  const state = path.join(folder, `state-${runs++}`);
  const env = { ...process.env, XDG_STATE_HOME: state, ...environment };
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
    });
  }
  const ended = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('close', (...end) => resolve(end as [number | null, NodeJS.Signals | null])),
  );
  return { child, state, said: () => text, ended };
}

const demo = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  start(process.execPath, [program, 'demo', '--brokers', '1', ...args], environment);

const saysWhen = (run: Run, wanted: string) =>
  waitUntil(
    () => `the demo says "${wanted}"; it says ${run.said()}`,
    () => run.said().includes(wanted),
  );
const hasBroker = (run: Run) => waitUntil('a broker runs', () => brokersIn(run.state).length > 0);
const hasNoBroker = (run: Run) => waitUntil('no broker is left', () => brokersIn(run.state).length === 0 || brokersIn(run.state));

describe('--once', () => {
  test('every line arrives: figures, exit code 0, nothing left', async () => {
    const run = demo(['--once', '--lines', '5000']);
    expect(await run.ended).toEqual([0, null]);
    expect(run.said()).toMatch(/✓ 5,000 lines through Kafka {2}[\d,]+ lines\/s {2}[\d.]+ s\n.*every line, in order, once {2}yes/);
    expect(run.said()).toMatch(/resident memory of the worker \d+ MB/);
    expect([brokersIn(run.state), readdirSync(path.join(run.state, 'kconsole'))]).toEqual([[], []]);
  });

  test('with a database: every row comes to the second one in its last state, nothing left', { timeout: 300_000 }, async () => {
    const run = demo(['--once', '--lines', '500', '--with', 'mariadb']);
    expect(await run.ended).toEqual([0, null]);
    expect(run.said()).toMatch(/✓ 500 customers through the database {2}1,060 rows of 4 tables, .*\n.*every row, in its last state {2}yes/);
    expect([brokersIn(run.state), readdirSync(path.join(run.state, 'kconsole'))]).toEqual([[], []]);
  });

  test('lines that cannot arrive: exit code 1, and what stands in the way', async () => {
    const run = demo(['--once', '--lines', '10']);
    const own = path.join(run.state, 'kconsole');
    await waitUntil('the demo has its folder', () => readdirSync(own).length === 1);
    symlinkSync(path.join(folder, 'nowhere', 'x'), path.join(own, readdirSync(own)[0]!, 'access.log.sink'));
    expect(await run.ended).toEqual([1, null]);
    expect(run.said()).toMatch(
      /only 0 of \d+ bytes arrived in access\.log\.sink: nginx-accesslog-sink is FAILED: .*ConnectException: .*access\.log\.sink/,
    );
  });

  test('asked to end before the check: no success', async () => {
    const run = demo(['--once']);
    await hasBroker(run);
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual([143, null]);
    expect(brokersIn(run.state)).toEqual([]);
  });
});

describe('without a terminal', () => {
  test('runs until SIGTERM, also when that comes in the middle of a step', async () => {
    const run = demo([]);
    await hasBroker(run);
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual([0, null]);
    expect(run.said()).toContain('✖ 1 broker');
    expect([brokersIn(run.state), readdirSync(path.join(run.state, 'kconsole'))]).toEqual([[], []]);
  });

  test('killed: its broker and its database end, and the next demo takes its folder away', { timeout: 300_000 }, async () => {
    const run = demo(['--with', 'mariadb']);
    await saysWhen(run, 'ready; SIGTERM ends it');
    expect(brokersIn(run.state).length).toBeGreaterThan(1);
    run.child.kill('SIGKILL');
    expect(await run.ended).toEqual([null, 'SIGKILL']);
    await hasNoBroker(run);
    const [left = ''] = readdirSync(path.join(run.state, 'kconsole'));
    expect(left).toMatch(/^demo-\d+-/);
    const next = demo([], { XDG_STATE_HOME: run.state, JAVA_HOME: empty });
    expect(await next.ended).toEqual([1, null]);
    expect(existsSync(path.join(run.state, 'kconsole', left))).toBe(false);
  });

  test('npm killed: the demo and its broker end', async () => {
    const run = start('npm', ['start', '--silent', '--', '--brokers', '1']);
    await saysWhen(run, 'ready; SIGTERM ends it');
    run.child.kill('SIGKILL');
    await run.ended;
    await hasNoBroker(run);
    await waitUntil('its folder is gone', () => readdirSync(path.join(run.state, 'kconsole')).length === 0);
  });
});

describe('what is missing is one sentence with the way out', () => {
  test.each([
    [
      'no Java',
      { PATH: empty },
      /^kconsole demo: Local brokers need Java, and "java" cannot be run\. Install Java 17 or newer .*JAVA_HOME\.$/m,
    ],
    [
      'a JAVA_HOME without Java',
      { JAVA_HOME: empty },
      /^kconsole demo: Local brokers need Java, and ".*\/bin\/java" cannot be run\. Install .*$/m,
    ],
    ['no Maven and nothing kept', { PATH: onlyJava }, /^kconsole demo: .*"mvn" cannot be run\. Install Maven .*KAFKA_HOME.*$/m],
    [
      'a KAFKA_HOME without Kafka',
      { KAFKA_HOME: empty },
      /^kconsole demo: KAFKA_HOME is ".*", but there are no Kafka jars in its folder libs\. .*$/m,
    ],
  ])('%s', async (_, environment, sentence) => {
    const run = demo(['--once'], {
      JAVA_HOME: undefined,
      KAFKA_HOME: undefined,
      XDG_CACHE_HOME: path.join(folder, 'cache'),
      ...environment,
    });
    expect(await run.ended).toEqual([1, null]);
    expect(run.said()).toMatch(sentence);
    expect(run.said().match(/kconsole demo/g)).toHaveLength(1);
    expect(readdirSync(path.join(run.state, 'kconsole'))).toEqual([]);
  });

  test('no MariaDB, before any broker is started', async () => {
    const run = demo(['--once', '--with', 'mariadb'], { MARIADB_HOME: empty });
    expect(await run.ended).toEqual([1, null]);
    expect(run.said()).toMatch(/^kconsole demo: MARIADB_HOME is ".*", but there is no mariadbd with its share folder\. .*$/m);
    expect(run.said()).not.toContain('1 broker');
  });

  test('a part that is not known', async () => {
    const run = demo(['--with', 'oracle']);
    expect(await run.ended).not.toEqual([0, null]);
    expect(run.said()).toContain('--with = "oracle" is not known. What the demo can come with is: mariadb.');
  });

  test('a KAFKA_HOME with Kafka is used', async () => {
    const home = path.join(folder, 'kafka');
    mkdirSync(home);
    symlinkSync(process.env.KCONSOLE_TEST_KAFKA_LIBS!, path.join(home, 'libs'));
    const cache = path.join(folder, 'no-cache');
    const run = demo(['--once', '--lines', '10'], { KAFKA_HOME: home, XDG_CACHE_HOME: cache, PATH: onlyJava });
    expect(await run.ended).toEqual([0, null]);
    expect(run.said()).toContain('✓ Java and Kafka  of KAFKA_HOME');
    expect(existsSync(cache)).toBe(false);
  });
});
