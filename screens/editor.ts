/** The user's own editor on a text: in a private file that is gone afterwards, whatever happened. Asks for a terminal that is free. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf } from '../src/base/errors.ts';
import type { Environment } from '../src/skin/terminal.ts';
import type { EditOutcome } from '../src/store/terminal-port.ts';

const DEFAULT_EDITOR = 'vi';
/** What a shell says when there is no such program. */
const NOT_FOUND = 127;
const MAX_NAME = 80;

export async function editText(text: string, fileName: string, environment: Environment): Promise<EditOutcome> {
  const editor = environment.VISUAL || environment.EDITOR || DEFAULT_EDITOR;
  let folder: string | null = null;
  try {
    folder = await mkdtemp(path.join(tmpdir(), 'kconsole-edit-'));
    const file = path.join(folder, safeName(fileName));
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    const problem = await run(editor, file, environment);
    if (problem !== null) return { kind: 'failed', problem };
    const bytes = await readFile(file);
    if (bytes.equals(Buffer.from(text))) return { kind: 'unchanged' };
    return { kind: 'changed', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    return { kind: 'failed', problem: `editing ${fileName}: ${messageOf(error)}` };
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * VISUAL and EDITOR are command lines, with arguments and quotes: a shell reads them, as it does for git. Ctrl-c is for the editor:
 * the shell goes on waiting for it.
 */
function run(editor: string, file: string, environment: Environment): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', `trap : INT QUIT; ${editor} "$1"`, 'sh', file], { stdio: 'inherit', env: { ...environment } });
    child.on('error', (error) => resolve(`${editor} cannot be started: ${error.message}`));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(null);
      else if (code === NOT_FOUND) resolve(`there is no editor "${editor}": set VISUAL or EDITOR to yours`);
      else resolve(`${editor} ended with ${signal ?? code}: what it left was not taken`);
    });
  });
}

function safeName(name: string): string {
  const kept = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^\.+/, '');
  return Array.from(kept).slice(-MAX_NAME).join('') || 'text';
}
