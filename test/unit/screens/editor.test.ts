/** A text through the user's editor: programs with arguments, what comes back, and that no file stays. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { editText } from '../../../screens/editor.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-editor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An editor that does this with the file in its last argument. */
function editor(commands: string): string {
  const file = path.join(folder, `editor-${Math.random().toString(36).slice(2)} with space.sh`);
  writeFileSync(file, `#!/bin/sh\nfor file; do :; done\n${commands}\n`);
  chmodSync(file, 0o755);
  return `'${file}'`;
}

function note(name: string): { readonly file: string; read(): string } {
  const file = path.join(folder, name);
  return { file, read: () => readFileSync(file, 'utf8').trim() };
}

const edit = (text: string, name: string, variables: Readonly<Record<string, string>>) =>
  editText(text, name, { PATH: process.env.PATH, ...variables });

test('the new text comes back, from a private file whose name tells what it is, and which is gone then', async () => {
  const seen = note('seen');
  const outcome = await edit('a=1\n', '주문/sink $(id).properties', {
    EDITOR: 'false',
    VISUAL: `${editor(`{ stat -c %a "$file" "$(dirname "$file")"; echo "$file" "$1"; } > '${seen.file}'\necho 'b=2 값' >> "$file"`)} --wait`,
  });
  expect(outcome).toEqual({ kind: 'changed', text: 'a=1\nb=2 값\n' });
  const [fileMode, folderMode, call = ''] = seen.read().split('\n');
  expect([fileMode, folderMode]).toEqual(['600', '700']);
  const [file = '', first] = call.split(' ');
  expect(path.basename(file)).toBe('주문_sink_id_.properties');
  expect(first).toBe('--wait');
  expect(existsSync(path.dirname(file))).toBe(false);
});

test('a text that was only saved again is unchanged', async () => {
  const same = editor('cp "$file" "$file.2"; mv "$file.2" "$file"');
  expect(await edit('한글\r\n', 'x.json', { EDITOR: same })).toEqual({ kind: 'unchanged' });
});

test('each way to fail is a sentence, and nothing is taken', async () => {
  const problem = async (command: string) => {
    const outcome = await edit('a', 'x.json', { EDITOR: command });
    return outcome.kind === 'failed' ? outcome.problem : outcome.kind;
  };
  expect(await problem('no-such-editor-here')).toBe('there is no editor "no-such-editor-here": set VISUAL or EDITOR to yours');
  expect(await problem(editor('echo changed > "$file"; exit 3'))).toMatch(/ended with 3: what it left was not taken$/);
  expect(await problem(editor('kill -TERM $$'))).toMatch(/ended with (SIGTERM|143): what it left was not taken$/);
  expect(await problem(editor('rm "$file"'))).toMatch(/^editing x\.json: ENOENT/);
  expect(await problem(editor(`printf '\\377' > "$file"`))).toMatch(/^editing x\.json: .*not valid/);
});
