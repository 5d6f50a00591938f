/** The terminal: sizes, signals, suspension, pastes, a connection that comes and goes. Whatever ends the program gives the terminal back. */
import { expect } from 'vitest';
import { waitUntil } from '../helpers/wait-until.ts';
import { startWorkerProcess } from '../helpers/worker-process.ts';
import { bootstrap, type Journey, journey } from './journey.ts';

/** The modes of the terminal before and after, as a shell would find them. */
async function throughShell(t: Journey, args: string): Promise<void> {
  const main = new URL('../../dist/kconsole.js', import.meta.url).pathname;
  t.writes('run.sh', `stty -a > before.txt\n${process.execPath} ${main} ${args}\necho "ended with $?"\nstty -a > after.txt\nsleep 60\n`);
  t.startsProgram('/bin/sh', ['run.sh']);
  await t.shows('incidents');
  await t.shows(/\d\/\d brokers/);
}

/** Pid of the program below the shell. */
async function programOf(t: Journey): Promise<number> {
  const { execFileSync } = await import('node:child_process');
  return Number(
    execFileSync('pgrep', ['-P', String(t.pid), '-f', 'kconsole.js'], { encoding: 'utf8' })
      .trim()
      .split('\n')[0],
  );
}

async function isRestored(t: Journey, code: number): Promise<void> {
  await t.shows(`ended with ${code}`);
  expect(await t.isAlternate()).toBe(false);
  // Nothing else was said, and no answer of the terminal came too late.
  expect((await t.text()).trim()).toBe(`ended with ${code}`);
  await waitUntil('the modes after are written', () => t.reads('after.txt').length > 0);
  expect(t.reads('after.txt')).toBe(t.reads('before.txt'));
  expect(t.written.lastIndexOf('\x1b[?25h')).toBeGreaterThan(t.written.lastIndexOf('\x1b[?25l'));
  expect(t.written.lastIndexOf('\x1b[?2004l')).toBeGreaterThan(t.written.lastIndexOf('\x1b[?2004h'));
}

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGQUIT', 131],
] as const) {
  journey(`gives the terminal back after ${signal}`, {}, async (t) => {
    await throughShell(t, `-b ${bootstrap()}`);
    process.kill(await programOf(t), signal);
    await isRestored(t, code);
  });
}

journey('gives the terminal back after q, and ctrl-c twice', {}, async (t) => {
  await throughShell(t, `-b ${bootstrap()}`);
  t.press('app.quit');
  await t.dialog().confirm();
  await isRestored(t, 0);
});

journey('ctrl-c once asks, twice leaves', {}, async (t) => {
  await throughShell(t, `-b ${bootstrap()}`);
  t.keys('ctrl-c');
  await t.shows('ctrl-c again');
  t.keys('ctrl-c');
  await isRestored(t, 0);
});

journey('ctrl-z hands the terminal to the shell and fg brings the console back', {}, async (t) => {
  const main = new URL('../../dist/kconsole.js', import.meta.url).pathname;
  t.startsProgram('/bin/bash', ['--norc', '-i'], { PS1: 'sh> ' });
  await t.shows('sh>');
  t.types(`${process.execPath} ${main} -b ${bootstrap()}\r`);
  await t.shows(/\d\/\d brokers/);
  t.press('app.suspend');
  await t.shows('Stopped');
  expect(await t.isAlternate()).toBe(false);
  t.types('echo still-$((40+2))\r');
  await t.shows('still-42');
  t.types('fg; echo "it left $?"\r');
  await t.shows('incidents');
  expect(await t.isAlternate()).toBe(true);
  t.press('go.topics');
  await t.shows('PARTS');
  t.press('app.quit', 'app.quit');
  await t.dialog().confirm();
  await t.shows('it left 0');
  t.types('exit\r');
  expect(await t.ends()).toBe(0);
});

journey('draws again after it was stopped and continued from outside', {}, async (t) => {
  await throughShell(t, `-b ${bootstrap()}`);
  const pid = await programOf(t);
  process.kill(pid, 'SIGSTOP');
  process.kill(pid, 'SIGCONT');
  t.press('go.brokers');
  await t.shows('KRaft quorum');
});

journey('follows the size of the terminal', {}, async (t) => {
  t.starts(['-b', bootstrap()]);
  await t.shows(/\d\/\d brokers/);
  t.press('go.brokers');
  await t.shows('HOST');
  await t.lacks('RACK');
  t.resizes(160, 50);
  await t.shows('RACK');
  t.resizes(30, 6);
  await t.shows('too small: 30x6');
  t.resizes(80, 24);
  const text = await t.shows('KRaft quorum');
  expect(text.split('\n').at(-1)).toContain('? help');
});

journey('a paste never acts as keys', {}, async (t) => {
  t.starts(['-b', bootstrap()]);
  await t.shows(/\d\/\d brokers/);
  t.pastes('q y :q!\r2');
  await t.shows('a paste does nothing here');
  await t.shows('incidents');
  t.press('app.filter');
  t.pastes('한글\n둘째 줄');
  await t.shows('/한글 둘째 줄');
});

journey('keys whose bytes come one by one are still those keys', {}, async (t) => {
  t.starts(['-b', bootstrap()]);
  await t.shows(/\d\/\d brokers/);
  t.press('go.brokers');
  await t.shows(/▸ +1 /);
  await t.drips('\x1b[B', 30);
  await t.shows(/▸ +2 /);
  await t.shows('› brokers');
});

journey('a worker that goes away and comes back', {}, async (t) => {
  const name = t.name('src');
  const file = t.writes('in.txt', 'a\n');
  const first = await startWorkerProcess({ connectors: [t.source(name, file, t.name('lines'))] });
  t.starts(['--attach', `http://127.0.0.1:${first.port}`, '-b', bootstrap()]);
  await t.shows(/\d\/\d brokers/);
  t.press('go.connectors');
  await t.row(name).shows('RUNNING');
  await first.end('SIGTERM');
  await t.shows('✖ Connect unreachable');
  await t.row(name).shows('RUNNING');
  await t.shows(/as of \d+ s ago/);
  t.press('go.topics');
  await t.shows('PARTS');
  t.press('go.connectors');
  await using second = await startWorkerProcess({ port: first.port, connectors: [t.source(name, file, t.name('lines'))] });
  await t.lacks('unreachable');
  await t.row(name).shows('RUNNING');
  expect(second.port).toBe(first.port);
  await first[Symbol.asyncDispose]();
});
