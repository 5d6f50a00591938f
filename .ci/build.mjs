// Bundles the program: dist/kconsole.js (launcher, any Node), dist/main.js and chunks, dist/task-thread.js and dist/plugin-thread.js
// (entries of threads), dist/plugin.js with dist/types (kconsole/plugin).
// React is the production build; what is never run is left out (leave-out.mjs).
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { leaveOut } from './leave-out.mjs';
import { mendInk } from './mend-ink.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');

/** Newest change among the sources, in milliseconds. */
function newest(at) {
  const stat = statSync(at);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(at).map((name) => newest(path.join(at, name))));
}

export function isBuildNeeded() {
  const stamp = path.join(dist, 'build.json');
  if (!existsSync(stamp)) return true;
  const sources = ['src', 'screens', 'hooks', 'package-lock.json', '.ci/build.mjs', '.ci/leave-out.mjs', '.ci/mend-ink.mjs'].map((name) =>
    path.join(root, name),
  );
  return Math.max(...sources.map(newest)) > statSync(stamp).mtimeMs;
}

/** How the program is bundled; what measures its screens bundles them alike. */
export const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Names stay: traces are read by people.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  define: { 'process.env.NODE_ENV': '"production"' },
  external: ['@node-rs/crc32', 'snappy', 'lz4-napi'],
  // CommonJS packages inside an ES module bundle still call require for Node's own modules.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
  metafile: true,
  plugins: [mendInk, leaveOut],
};

export async function build() {
  const { build: bundle, stop } = await import('esbuild');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  const result = await bundle({
    ...bundleOptions,
    // One splitting for all of them: what a package imports from kconsole/plugin are the very classes that the threads know.
    entryPoints: {
      main: 'src/main.ts',
      'task-thread': 'src/worker/task-thread-entry.ts',
      'plugin-thread': 'src/herder/plugin-thread-entry.ts',
      plugin: 'src/plugin-api/index.ts',
    },
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
  });
  await bundle({
    ...bundleOptions,
    banner: {},
    target: 'node20',
    entryPoints: { kconsole: 'src/launcher.ts' },
    outdir: 'dist',
    metafile: false,
  });
  await stop();
  emitTypes();
  chmodSync(path.join(dist, 'kconsole.js'), 0o755);
  writeFileSync(path.join(dist, 'build.json'), `${JSON.stringify({ inputs: Object.keys(result.metafile.inputs).length })}\n`);
}

/** Declarations of kconsole/plugin and of the files that it needs, below dist/types. */
function emitTypes() {
  const out = path.join(dist, 'types');
  const options = ['--declaration', '--emitDeclarationOnly', '--noEmit', 'false', '--rootDir', 'src', '--outDir', out];
  const project = path.join(dist, 'types.json');
  writeFileSync(project, JSON.stringify({ extends: '../tsconfig.json', include: [], files: ['../src/plugin-api/index.ts'] }));
  execFileSync(process.execPath, [path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project, ...options], {
    cwd: root,
    stdio: 'inherit',
  });
  rmSync(project);
  for (const file of readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
    const at = path.join(file.parentPath, file.name);
    writeFileSync(at, readFileSync(at, 'utf8').replaceAll(/(from ['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
