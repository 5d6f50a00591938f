/** The terminal: sizes, signals, suspension, pastes, a connection that comes and goes. Whatever ends the program gives the terminal back. */
import { expect } from 'vitest';
import { testBootstrap } from '../helpers/kafka-clients.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { MAIN, startWorkerProcess } from '../helpers/worker-process.ts';
import { type Journey, journey } from './journey.ts';

/** The modes of the terminal before and after, as a shell would find them. */
async function throughShell(t: Journey, args: string): Promise<void> {
  t.writes('run.sh', `stty -a > before.txt\n${process.execPath} ${MAIN} ${args}\necho "ended with $?"\nstty -a > after.txt\nsleep 60\n`);
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
    await throughShell(t, `-b ${testBootstrap()}`);
    process.kill(await programOf(t), signal);
    await isRestored(t, code);
  });
}

journey('gives the terminal back after q, and ctrl-c twice', {}, async (t) => {
  await throughShell(t, `-b ${testBootstrap()}`);
  t.press('app.quit');
  await t.dialog().confirm();
  await isRestored(t, 0);
});

journey('ctrl-c once asks, twice leaves', {}, async (t) => {
  await throughShell(t, `-b ${testBootstrap()}`);
  t.keys('ctrl-c');
  await t.shows('ctrl-c again');
  t.keys('ctrl-c');
  await isRestored(t, 0);
});

journey('ctrl-z hands the terminal to the shell and fg brings the console back', {}, async (t) => {
  t.startsProgram('/bin/bash', ['--norc', '-i'], { PS1: 'sh> ' });
  await t.shows('sh>');
  t.types(`${process.execPath} ${MAIN} -b ${testBootstrap()}\r`);
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
  await throughShell(t, `-b ${testBootstrap()}`);
  const pid = await programOf(t);
  process.kill(pid, 'SIGSTOP');
  process.kill(pid, 'SIGCONT');
  t.press('go.brokers');
  await t.shows('KRaft quorum');
});

journey('follows the size of the terminal', {}, async (t) => {
  t.starts(['-b', testBootstrap()]);
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
  t.starts(['-b', testBootstrap()]);
  await t.shows(/\d\/\d brokers/);
  t.pastes('q y :q!\r2');
  await t.shows('a paste does nothing here');
  await t.shows('incidents');
  t.press('app.filter');
  t.pastes('한글\n둘째 줄');
  await t.shows('/한글 둘째 줄');
});

journey('keys whose bytes come one by one are still those keys', {}, async (t) => {
  t.starts(['-b', testBootstrap()]);
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
  t.starts(['--attach', `http://127.0.0.1:${first.port}`, '-b', testBootstrap()]);
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

journey('a hundred sizes in a row end in the right frame', {}, async (t) => {
  t.starts(['-b', testBootstrap()]);
  await t.shows(/\d\/\d brokers/);
  t.press('go.brokers');
  await t.shows('KRaft quorum');
  for (let i = 0; i < 100; i++) t.resizes(45 + ((i * 37) % 120), 9 + ((i * 13) % 45));
  t.resizes(100, 30);
  // A rule of the right width, and the last line at the right place.
  const right = /^─{100}\n(?:[^\n]*\n){26}[^\n]*\? help\s*$/m;
  const storm = await t.shows(right);
  const bytes = t.written.length;
  t.press('app.repaint');
  await waitUntil('it is drawn again', () => t.written.length > bytes + 1_000);
  const whole = await t.shows(right);
  // Figures go on: the clock, sizes.
  const still = (text: string) =>
    text
      .split('\n')
      .slice(1)
      .map((line) => line.replaceAll(/\d+/g, '0').trimEnd());
  expect(still(storm)).toEqual(still(whole));
  expect(whole.split('\n')).toHaveLength(30);
});

journey('without UTF-8 nothing but ASCII is written, in every box and state', {}, async (t) => {
  t.starts(['-b', testBootstrap()], { LANG: 'C', LC_ALL: 'C', LC_CTYPE: 'C' });
  await t.shows(/\d\/\d brokers/);
  for (const id of ['go.brokers', 'go.topics', 'go.groups', 'app.help']) t.press(id);
  await t.shows('help');
  t.keys('esc', 'q', 'q');
  await t.shows('+ leave kconsole?');
  await t.shows('y leave');
  expect(t.written).not.toMatch(/[^\x00-\x7f]/);
  t.keys('y');
  expect(await t.ends()).toBe(0);
});

journey('the editor has the terminal to itself, and its text comes back', {}, async (t) => {
  t.writes('editor.sh', '#!/bin/sh\ntrap "" INT\necho "editor of $1"\nread line; echo "got <$line>"; read line; echo "# $line" >> "$1"\n');
  t.starts(['-b', testBootstrap()], { VISUAL: '', EDITOR: `sh ${t.file('editor.sh')}` });
  await t.shows(/\d\/\d brokers/);
  t.press('go.brokers');
  await t.shows(/▸ +1 /);
  t.keys('e');
  await t.shows('broker.id');
  t.keys('e');
  await t.shows('editor of');
  expect(await t.isAlternate()).toBe(false);
  // Each byte is the editor's, ctrl-c as well.
  t.types('q:q!2가나\r');
  await t.shows('got <q:q!2가나>');
  t.keys('ctrl-c');
  await t.shows('^C');
  t.types('second\r');
  await t.shows('› ');
  expect(await t.isAlternate()).toBe(true);
  await t.lacks('editor of');
});
