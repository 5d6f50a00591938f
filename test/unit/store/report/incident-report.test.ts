/** The report for those who were not there: what is in it, what is not, and that no text from outside breaks it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { gatherFacts } from '../../../../src/store/report/facts.ts';
import { incidentReport } from '../../../../src/store/report/incident-report.ts';
import { fenced, inline, table } from '../../../../src/store/report/markdown.ts';
import { startSession } from '../../../helpers/session-rig.ts';
import { waitUntil } from '../../../helpers/wait-until.ts';
import { troubledWorld } from '../../../helpers/worlds.ts';

test('what is wrong since when, versions, configs, root causes told once, replicas, what was done', async () => {
  const world = troubledWorld();
  world.connector('orders-sink').config['connection.password'] = 'geheim';
  world.connector('orders-sink').config['connection.url'] = 'jdbc:mariadb://kim:geheim@db/shop';
  using rig = await startSession(world);
  await rig.operations.pause('accesslog-source');
  const text = incidentReport(await gatherFacts(rig.session));
  expect(text).toMatch(/^# Incident report: prod-eu\n\nWritten 2026-11-23 \d\d:\d\d:\d\d by /);
  expect(text).toMatch(/\| .*\(.*\) \| orders-sink 2\/4 \| FAILED \| Duplicate entry/);
  expect(text).toMatch(/\| kconsole \| \d+\.\d+\.\d+ \|/);
  expect(text).toContain('| Connect worker |');
  expect(text).toContain('## Connector orders-sink');
  expect(text).toContain('Root cause (task 1, task 3):\n\n```\nSQLIntegrityConstraintViolationException: Duplicate entry');
  expect(text).toContain('led to: ');
  expect(text).toContain('## Kafka\n\n- brokers: 3 of 3 up\n- controller: 2');
  expect(text).toMatch(/\| payments p\d+ \| \d \| [\d,]+ \| [\d,]+ \| \d \|/);
  expect(text).toContain('| connector.pause | accesslog-source | ok | PAUSED asked for |');
  expect(text).toContain('"connection.password": "[hidden]"');
  expect(text).not.toContain('geheim');
});

test('a worker that does not answer: what is not known is said to be so', async () => {
  const world = troubledWorld();
  world.herderError = new Error('connection refused');
  using rig = await startSession(world);
  const text = incidentReport(await gatherFacts(rig.session));
  expect(text).toContain('Connect cannot be reached: connection refused');
  expect(text).toContain('| Connect worker | not known |');
});

test('all is well: it says so', async () => {
  using rig = await startSession(null);
  const text = incidentReport(await gatherFacts(rig.session));
  expect(text).toContain('Nothing that kconsole knows of.');
  expect(text).toContain('## Last actions from this console\n\nNone.');
});

test('no text from outside ends a cell, a code span or a fence, or steers a terminal', () => {
  expect(inline('a|b `c` <img> [x](y)\r\n# d')).toBe('a\\|b \\`c\\` \\<img\\> \\[x\\](y) \\# d');
  expect(table(['x'], [['a|b\nc']])).toEqual(['| x |', '|---|', '| a\\|b c |']);
  expect(fenced('x\n````\n\x1b[31m', 'json')).toEqual(['`````json', 'x', '````', '␛[31m', '`````']);
});

test('one key saves it for its owner alone, and says where', async () => {
  using rig = await startSession(troubledWorld());
  await rig.press('app.report');
  await waitUntil('the report is there', () => rig.flash().startsWith('report: ') || rig.flash());
  const file = rig.flash().replace('report: ', '');
  expect(path.basename(file)).toMatch(/^incident-prod-eu-20261123T\d{6}Z\.md$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain('# Incident report: prod-eu');
  expect(readdirSync(path.dirname(file))).toHaveLength(1);
});
