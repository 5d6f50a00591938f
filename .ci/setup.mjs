// What start and test share: packages installed, Node 24 at hand, bundle built. Runs on Node 20 and newer, before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const node24 = path.join(root, 'node_modules', 'node', 'bin', 'node');

/** Runs one step; says what it does, how long it took, and what went wrong. */
export async function step(title, work) {
  const startedMs = Date.now();
  const isLive = process.stdout.isTTY;
  const seconds = () => `${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
  const timer = isLive ? setInterval(() => process.stdout.write(`\r  … ${title}  ${seconds()}`), 200) : undefined;
  try {
    const note = await work();
    process.stdout.write(`${isLive ? '\r\x1b[2K' : ''}  ✓ ${title}  ${note ? `${note}  ` : ''}${seconds()}\n`);
  } catch (error) {
    process.stdout.write(`${isLive ? '\r\x1b[2K' : ''}  ✖ ${title}  ${seconds()}\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Runs a command without holding up the timer of a step; rejects with the end of what it printed. */
export async function run(command, args, options = {}) {
  const { spawn } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-4000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`)),
    );
  });
}

function isInstallNeeded() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  return !existsSync(installed) || statSync(path.join(root, 'package-lock.json')).mtimeMs > statSync(installed).mtimeMs;
}

export async function ensureInstalled() {
  if (isInstallNeeded()) {
    await step('packages (npm ci)', () => run('npm', ['ci', '--no-audit', '--no-fund']));
  }
  if (!existsSync(node24)) {
    // npm may be told not to run install scripts; then Node's own package has not yet brought its binary.
    await step('Node 24', () => run(process.execPath, ['installArchSpecificPackage.js'], { cwd: path.join(root, 'node_modules', 'node') }));
  }
  const version = spawnSync(node24, ['--version'], { encoding: 'utf8' }).stdout?.trim();
  if (!version) throw new Error(`Node 24 cannot be run at ${path.relative(root, node24)}: remove node_modules and run npm ci again.`);
}

export async function ensureBuilt() {
  const { isBuildNeeded, build } = await import('./build.mjs');
  if (isBuildNeeded()) await step('build', build);
}

/** The environment in which this project's own Node is the first one found. */
export const environment = { ...process.env, PATH: `${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}` };
