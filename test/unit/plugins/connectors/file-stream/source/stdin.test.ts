import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { TempFolder } from '../running-source.ts';

const program = path.join(import.meta.dirname, '../stdin-process.ts');

/** What the process prints until it ends; it must end by itself. */
async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(0);
  return text;
}

const answer = (lines: readonly string[]) => ({ lines, sourcePartition: { filename: null }, sourceOffset: { position: null } });

test('a socket (what Node gives a child): lines as they come, the last one when it is closed', async () => {
  const child = spawn(process.execPath, [program, '3'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(Buffer.from('첫째\r\nsec'));
  child.stdin.write('ond\nlast');
  child.stdin.end();
  expect(JSON.parse(await outputOf(child))).toEqual(answer(['첫째', 'second', 'last']));
});

test('a pipe that stays open does not keep the process', async () => {
  const script = `(printf 'a\\nb\\nhalf'; exec sleep 600) | { "${process.execPath}" "${program}" 2; echo "exit code $?"; }`;
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  try {
    let text = '';
    for await (const chunk of child.stdout) {
      text += String(chunk);
      if (text.includes('exit code')) break;
    }
    const [line, end] = text.split('\n');
    expect(JSON.parse(line!)).toEqual(answer(['a', 'b']));
    expect(end).toBe('exit code 0');
  } finally {
    process.kill(-child.pid!, 'SIGTERM');
  }
});

test('a file that is put in place of standard input', async () => {
  using folder = new TempFolder();
  writeFileSync(folder.file('in'), 'a\nb\n');
  const fd = openSync(folder.file('in'), 'r');
  const child = spawn(process.execPath, [program, '2'], { stdio: [fd, 'pipe', 'inherit'] });
  closeSync(fd);
  expect(JSON.parse(await outputOf(child))).toEqual(answer(['a', 'b']));
});
