/** The pipelines outlive the terminal: it may be lost, or left, and the next console finds the worker. */
import { readFileSync, statSync } from 'node:fs';
import { expect } from 'vitest';
import { startOf } from '../../src/base/processes.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { MAIN } from '../helpers/worker-process.ts';
import { type Journey, journey } from './journey.ts';

const hasEnded = (pid: number) => waitUntil(`process ${pid} has ended`, () => startOf(pid) === null);

/** A file through a topic into a copy, on the screen. */
async function copying(t: Journey): Promise<void> {
  t.writes('in.txt', '');
  const topic = t.name('lines');
  await t.worker([t.source(t.name('src'), t.file('in.txt'), topic), t.sink(t.name('snk'), t.file('out.txt'), topic)]);
}

const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `줄 ${from + i}\n`).join('');

journey('a terminal that is lost under load costs no line, and SIGTERM alone ends the worker', {}, async (t) => {
  await copying(t);
  t.appends('in.txt', lines(0, 20_000));
  await t.fileHolds('out.txt', (text) => text.length > 0);
  t.losesTerminal();
  const worker = await t.leftWorker();
  process.kill(worker.pid, 'SIGHUP');
  t.appends('in.txt', lines(20_000, 40_000));
  await t.fileHolds('out.txt', (text) => text === lines(0, 40_000));
  expect(statSync(worker.logFile).mode & 0o777).toBe(0o600);
  const log = readFileSync(worker.logFile, 'utf8');
  expect(log).toContain('the terminal is gone; the worker goes on without a screen');
  // What happened before is there as well.
  expect(log).toContain('Kafka Connect started; 2 connectors');
  process.kill(worker.pid, 'SIGTERM');
  await hasEnded(worker.pid);
  expect(t.leftWorkers()).toEqual([]);
  expect(readFileSync(worker.logFile, 'utf8')).toMatch(/SIGTERM: stopping.*Kafka Connect stopped/s);
});

journey('left behind from a shell, found by a plain kconsole, and stopped from there', {}, async (t) => {
  await copying(t);
  t.press('app.quit');
  await t.shows(/l {2}leave it running .*s {2}stop the worker/s);
  // Staying is the default.
  await t.shows('l s choose');
  t.keys('enter');
  await t.lacks('leave kconsole?');
  t.press('app.quit');
  await t.shows('l s choose');
  t.keys('l');
  expect(await t.ends()).toBe(0);
  const worker = await t.leftWorker();
  expect(await t.isAlternate()).toBe(false);
  await t.shows(`kill ${worker.pid}`);
  t.writes('run.sh', `${process.execPath} ${MAIN}\necho "ended with $?"\nsleep 60\n`);
  t.startsProgram('/bin/sh', ['run.sh']);
  await t.shows(/standalone .*\d\/\d brokers/);
  t.press('go.connectors');
  await t.row(t.name('snk')).shows('RUNNING');
  t.appends('in.txt', 'across consoles\n');
  await t.fileHolds('out.txt', (text) => text === 'across consoles\n');
  t.press('app.quit', 'app.quit');
  await t.shows(`The worker runs without a screen, pid ${worker.pid}: 2 running connectors.`);
  await t.shows('l s choose');
  t.keys('s');
  await t.shows('ended with 0');
  await hasEnded(worker.pid);
  expect(t.leftWorkers()).toEqual([]);
});

journey('the shell goes on after the worker was left, and the worker after the shell', {}, async (t) => {
  t.writes('in.txt', '');
  const topic = t.name('lines');
  t.writes('worker.properties', [...Object.entries(await t.workerProperties())].map(([key, value]) => `${key}=${value}\n`).join(''));
  t.writes('src.json', JSON.stringify(t.source(t.name('src'), t.file('in.txt'), topic)));
  t.writes('snk.json', JSON.stringify(t.sink(t.name('snk'), t.file('out.txt'), topic)));
  t.startsProgram('/bin/bash', ['--norc', '-i'], { PS1: 'sh> ' });
  await t.shows('sh>');
  t.types(`${process.execPath} ${MAIN} standalone worker.properties src.json snk.json; echo "left with $?"\r`);
  await t.shows(/\d\/\d brokers/);
  t.keys('ctrl-c', 'ctrl-c');
  await t.shows('l s choose');
  t.keys('l');
  await t.shows('left with 0');
  const worker = await t.leftWorker();
  t.types('echo still-$((40+2))\r');
  await t.shows('still-42');
  t.losesTerminal();
  t.appends('in.txt', 'after the shell\n');
  await t.fileHolds('out.txt', (text) => text === 'after the shell\n');
  expect(startOf(worker.pid)).toBe(worker.processStart);
});
