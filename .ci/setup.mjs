// What start, test and bench share: packages installed, Node 24 at hand, bundle built. Runs on Node 20 and newer, before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const node24 = path.join(root, 'node_modules', 'node', 'bin', 'node');

/** Runs one step and says how long it took. */
export async function step(title, work) {
  const startedMs = Date.now();
  const isLive = process.stdout.isTTY;
  const seconds = () => `${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
  const timer = isLive ? setInterval(() => process.stdout.write(`\r  … ${title}  ${seconds()}`), 200) : undefined;
  try {
    await work();
    process.stdout.write(`${isLive ? '\r\x1b[2K' : ''}  ✓ ${title}  ${seconds()}\n`);
  } catch (error) {
    process.stdout.write(`${isLive ? '\r\x1b[2K' : ''}  ✖ ${title}  ${seconds()}\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** The program that runs for us now. Signals go on to it. */
let current = null;
/** Which signal has asked us to end. */
let asked = null;

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']) {
  process.on(signal, () => {
    asked ??= signal;
    if (current) current.kill(signal);
    else endIfAsked();
  });
}

/** Leaves, as a shell would say it, when a signal has asked for the end. */
export function endIfAsked() {
  if (asked) process.exit(128 + constants.signals[asked]);
}

// npm gone without a word (SIGKILL) means that nobody waits for us any more.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && !asked && process.kill(process.pid, 'SIGTERM'), 500).unref();
}

/** Starts a program; `ended` resolves with its exit code, 128 + n after signal n. */
function start(command, args, options) {
  const child = spawn(command, args, { cwd: root, ...options });
  current = child;
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  }).finally(() => {
    current = null;
  });
  return { child, ended };
}

/** Runs a program in front, in place of this one; gives its exit code. */
export function inFront(command, args, options = {}) {
  return start(command, args, { stdio: 'inherit', ...options }).ended;
}

/** Runs a command without showing what it prints; throws with the end of that when it fails. */
async function quietly(command, args, options = {}) {
  const { child, ended } = start(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await ended;
  endIfAsked();
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
}

function isInstallNeeded() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  return !existsSync(installed) || statSync(path.join(root, 'package-lock.json')).mtimeMs > statSync(installed).mtimeMs;
}

export async function ensureInstalled() {
  if (isInstallNeeded()) {
    await step('packages (npm ci)', () => quietly('npm', ['ci', '--no-audit', '--no-fund']));
  }
  if (!existsSync(node24)) {
    // npm may be told not to run install scripts; then Node's own package has not yet brought its binary.
    await step('Node 24', () =>
      quietly(process.execPath, ['installArchSpecificPackage.js'], { cwd: path.join(root, 'node_modules', 'node') }),
    );
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
