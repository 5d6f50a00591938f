/** `kconsole plugins new NAME`: a package for plugin.path to begin with. It is the example of config/plugins under another name. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConnectError } from '../../base/errors.ts';
import { UsageError } from './context.ts';

const EXAMPLE = 'example-counter';
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const MAX_NAME = 60;

/** Makes the folder `name` in `parent` and gives its path. Throws UsageError for a name that cannot be, ConnectError when it is there already. */
export function createPlugin(name: string, parent: string): string {
  if (!NAME.test(name) || name.length > MAX_NAME) {
    throw new UsageError(
      `"${name.slice(0, 80)}" cannot be the name of a package: take small letters and digits in words joined by "-", at most ${MAX_NAME} characters.`,
    );
  }
  const folder = path.join(parent, name);
  if (existsSync(folder)) throw new ConnectError(`${folder} is there already, and nothing was written. Take another name, or remove it.`);
  const program = programFolder();
  mkdirSync(parent, { recursive: true });
  cpSync(path.join(program, 'config', 'plugins', EXAMPLE), folder, { recursive: true, errorOnExist: true, force: false });
  for (const file of filesBelow(folder)) writeFileSync(file, renamed(readFileSync(file, 'utf8'), name));
  writeFileSync(path.join(folder, '.gitignore'), 'node_modules/\n');
  // Types and runtime of kconsole/plugin for editor and tests; a worker brings its own.
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(program, path.join(folder, 'node_modules', 'kconsole'), 'junction');
  return folder;
}

/** Package and class names of the example, as those of the new package. */
function renamed(text: string, name: string): string {
  return text.replaceAll(EXAMPLE, name).replaceAll(/\bexample\.(?=[A-Z])/g, `${name}.`);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((at) => statSync(at).isFile());
}

/** The folder of the program's package: the nearest one above with a package.json. */
function programFolder(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}
