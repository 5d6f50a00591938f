/** The layer table of the rooms as data: what each may import. A failure names file, import and rule. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Room → rooms it may import (its own is always allowed). Lower rooms first: imports go down only. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/base': [],
  'src/spec': ['src/base'],
  'src/record': ['src/base'],
  'src/plugin-api': ['src/base', 'src/spec', 'src/record'],
  'src/kafka': ['src/base', 'src/spec', 'src/plugin-api'],
  'src/mysql': ['src/base', 'src/spec', 'src/record', 'src/plugin-api'],
  'src/plugins': ['src/base', 'src/spec', 'src/record', 'src/plugin-api', 'src/kafka', 'src/mysql'],
  'src/plugin-path': ['src/base', 'src/spec', 'src/plugin-api', 'src/plugins'],
  'src/pipeline': ['src/base', 'src/spec', 'src/record', 'src/plugin-api', 'src/kafka'],
  'src/storage': ['src/base', 'src/spec', 'src/record', 'src/plugin-api', 'src/kafka'],
  'src/cluster': ['src/base', 'src/plugin-api', 'src/kafka'],
  'src/task': ['src/base', 'src/spec', 'src/record', 'src/plugin-api', 'src/kafka', 'src/pipeline', 'src/storage'],
  'src/worker': [
    'src/base',
    'src/spec',
    'src/record',
    'src/plugin-api',
    'src/kafka',
    'src/plugins',
    'src/plugin-path',
    'src/pipeline',
    'src/storage',
    'src/task',
    'src/herder',
  ],
  'src/herder': [
    'src/base',
    'src/spec',
    'src/record',
    'src/plugin-api',
    'src/kafka',
    'src/plugins',
    'src/plugin-path',
    'src/storage',
    'src/worker',
  ],
  'src/rest': ['src/base', 'src/spec', 'src/record', 'src/herder', 'src/kafka'],
  'src/control': ['src/base', 'src/record', 'src/plugin-api', 'src/herder'],
  'src/store': ['src/base', 'src/spec', 'src/plugin-api', 'src/kafka', 'src/cluster', 'src/control', 'src/herder'],
  'src/keymap': ['src/base', 'src/herder', 'src/cluster', 'src/store'],
  'src/skin': ['src/base'],
  'src/demo': ['src/base', 'src/plugin-api', 'src/mysql'],
  hooks: ['src/base', 'src/store', 'src/keymap', 'src/skin', 'src/herder'],
  screens: [
    'hooks',
    'src/base',
    'src/control',
    'src/store',
    'src/keymap',
    'src/skin',
    'src/herder',
    'src/kafka',
    'src/cluster',
    'src/plugin-api',
  ],
  'src/cli': [
    'src/base',
    'src/spec',
    'src/record',
    'src/plugin-api',
    'src/kafka',
    'src/plugins',
    'src/worker',
    'src/cluster',
    'src/herder',
    'src/rest',
    'src/control',
    'src/store',
    'src/keymap',
    'src/demo',
  ],
};

/** Outside packages and the only places that may name them. */
const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  kafkajs: ['src/kafka/connection.ts'],
  mysql2: ['src/mysql'],
  chokidar: ['src/plugins/connectors/file-stream'],
  fuzzysort: ['src/store/filter.ts'],
  fastify: ['src/rest'],
  pino: ['src/cli'],
  'prom-client': ['src/rest'],
  commander: ['src/cli', 'src/main.ts'],
  ink: ['screens', 'hooks'],
  react: ['screens', 'hooks'],
  'string-width': ['src/base/width.ts'],
};

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder)).flatMap((name) => {
    const at = `${folder}/${name}`;
    return statSync(path.join(ROOT, at)).isDirectory() ? filesBelow(at) : /\.tsx?$/.test(name) ? [at] : [];
  });
}

/** Declarations of another package's insides (`*.d.ts`) are no code of ours. */
const files = ['src', 'screens', 'hooks'].flatMap(filesBelow).filter((file) => !file.endsWith('.d.ts'));
const importsOf = (file: string): string[] =>
  [
    ...readFileSync(path.join(ROOT, file), 'utf8').matchAll(
      /^\s*(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm,
    ),
  ].map((m) => (m[1] ?? m[2] ?? m[3])!);
const roomOf = (file: string): string => (file.startsWith('src/') ? file.split('/').slice(0, 2).join('/') : file.split('/')[0]!);

test('each room imports only the rooms below it', () => {
  const faults: string[] = [];
  for (const file of files) {
    const room = roomOf(file);
    if (file === 'src/main.ts' || file === 'src/launcher.ts') continue;
    const allowed = MAY_IMPORT[room];
    if (!allowed) {
      faults.push(`${file}: room ${room} is not in the table`);
      continue;
    }
    for (const name of importsOf(file).filter((i) => i.startsWith('.'))) {
      const target = roomOf(path.posix.normalize(path.posix.join(path.posix.dirname(file), name)));
      if (target !== room && !allowed.includes(target))
        faults.push(`${file} imports ${name}: ${room} may not import ${target}; define a port below and implement it above`);
    }
  }
  expect(faults).toEqual([]);
});

test('outside packages are named in their own rooms only', () => {
  const faults: string[] = [];
  for (const file of files) {
    for (const name of importsOf(file)) {
      const home = Object.entries(PACKAGE_HOMES).find(([pack]) => name === pack || name.startsWith(`${pack}/`));
      if (home && !home[1].some((at) => file.startsWith(at))) faults.push(`${file} imports ${name}: only ${home[1].join(', ')} may`);
    }
  }
  expect(faults).toEqual([]);
});

test('files are kebab-case and at most 400 lines', () => {
  const faults: string[] = [];
  for (const file of files) {
    const name = path.posix.basename(file).replace(/\.tsx?$/, '');
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) faults.push(`${file}: name is not kebab-case`);
    const lines = readFileSync(path.join(ROOT, file), 'utf8').split('\n').length;
    if (lines > 400) faults.push(`${file}: ${lines} lines; split it by concept`);
  }
  expect(faults).toEqual([]);
});

test('time and console come from their own files', () => {
  const faults: string[] = [];
  for (const file of files) {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    if (/\bconsole\.(log|error|warn|info|debug)\(/.test(text)) faults.push(`${file} calls console: use base/log.ts`);
  }
  expect(faults).toEqual([]);
});
