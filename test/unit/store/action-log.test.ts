/** What was done, on disk and in memory. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { ActionLog, defaultActionLogFile } from '../../../src/store/action-log.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-actions-'));
const file = path.join(folder, 'state', 'kconsole', 'actions.ndjson');
afterEach(() => rmSync(path.join(folder, 'state'), { recursive: true, force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const problems: string[] = [];
const open = () => new ActionLog({ file, context: 'prod-eu', onProblem: (text) => problems.push(text) });
const entry = {
  action: 'connector.pause',
  target: 'orders',
  request: 'PUT /connectors/orders/pause',
  before: 'RUNNING',
  result: 'ok',
  detail: null,
  durationMs: 12,
} as const;

test('one line an action, readable by its owner alone, and there again after a restart', () => {
  const log = open();
  log.add(entry, Date.UTC(2026, 10, 23, 12));
  log.add({ ...entry, action: 'connector.resume', result: 'failed', detail: '409: rebalance' }, Date.UTC(2026, 10, 23, 13));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  expect(JSON.parse(lines[0]!)).toMatchObject({
    time: '2026-11-23T12:00:00.000Z',
    context: 'prod-eu',
    target: 'orders',
    before: 'RUNNING',
  });
  expect(open().records).toEqual(log.records);
});

test('no secret is written', () => {
  open().add({ ...entry, request: 'PUT {"password":"s3cret"}', before: 'password=s3cret', detail: 'jdbc://u:s3cret@h' }, 0);
  expect(readFileSync(file, 'utf8')).not.toContain('s3cret');
});

test('lines that are broken are passed over, others stay', () => {
  open().add(entry, 0);
  appendFileSync(file, '{"half": \n[]\n"text"\n');
  open().add(entry, 1);
  expect(open().records).toHaveLength(2);
});

test('a full file is put aside', () => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${'x'.repeat(11 * 1024 * 1024)}\n`);
  open().add(entry, 0);
  expect(statSync(`${file}.1`).size).toBeGreaterThan(11_000_000);
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a disk that refuses is said once, and what was done stays in sight', () => {
  writeFileSync(path.join(folder, 'a-file'), '');
  const log = new ActionLog({ file: path.join(folder, 'a-file', 'x.ndjson'), context: 'c', onProblem: (text) => problems.push(text) });
  problems.length = 0;
  log.add(entry, 0);
  log.add(entry, 1);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('a-file');
  expect(log.records).toHaveLength(2);
});

test('only the newest are kept in memory', () => {
  const log = open();
  for (let i = 0; i < 510; i++) log.add({ ...entry, target: `c${i}` }, i);
  expect(log.records).toHaveLength(500);
  expect(log.records.at(-1)?.target).toBe('c509');
  expect(open().records).toHaveLength(500);
});

test('it lies where the environment says', () => {
  expect(defaultActionLogFile({ XDG_STATE_HOME: '/s' })).toBe('/s/kconsole/actions.ndjson');
  expect(defaultActionLogFile({})).toMatch(/\.local\/state\/kconsole\/actions\.ndjson$/);
  expect(existsSync(file)).toBe(false);
});
