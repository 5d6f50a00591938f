#!/usr/bin/env node
/**
 * First thing that runs, on whatever Node the machine has: goes on in this process when it is new enough, else hands over to
 * the Node that was installed with the program (package `node`). A worker with a screen runs in a process of its own in any case:
 * when the user leaves it running, the one that the shell waits for ends.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './base/user-folders.ts';

const NEEDED_MAJOR = 24;
const main = new URL('./main.js', import.meta.url);

/**
 * What is compiled in this run is kept for the next start, of which compiling is a quarter. Told by the environment, for the threads and
 * for the process that this one hands over to. Without a folder that nobody else can write to, nothing is kept: it holds code that will run.
 */
function keepCompiled(): void {
  if (process.env.NODE_COMPILE_CACHE !== undefined) return;
  const own = cacheFolder();
  const folder = path.join(own, 'compiled');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const { uid, mode } of [statSync(own), statSync(folder)]) if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return;
  } catch {
    return;
  }
  process.env.NODE_COMPILE_CACHE = folder;
  nodeModule.enableCompileCache?.(folder);
}

/** `null`: installed without optional packages, or without running the scripts that bring the binary. */
function bundledNode(): string | null {
  try {
    const node = path.join(path.dirname(nodeModule.createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
    return existsSync(node) ? node : null;
  } catch {
    return null;
  }
}

function handOver(node: string): void {
  // The channel tells the program when this process is gone, even by SIGKILL (src/cli/signals.ts).
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  const passOn = (signal: NodeJS.Signals) => process.on(signal, () => child.kill(signal));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const) passOn(signal);
  child.on('error', (error) => {
    process.stderr.write(`kconsole: ${error.message}. Install Node ${NEEDED_MAJOR} or newer.\n`);
    process.exit(1);
  });
  child.on('message', (message) => {
    if (message === 'left') process.exit(0);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? (constants.signals[signal] ?? 0) : 0)));
}

/** A screen with a worker behind it, or one that may get a worker (the demo of the first run). */
function mayBeLeft(words: readonly string[]): boolean {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const isWorker = words.some((word) => ['standalone', 'distributed', 'demo'].includes(word));
  return isWorker
    ? !words.some((word) => ['--daemon', '--headless', '--once'].includes(word))
    : /^(--(read-only|ascii|accessible)|--(skin|color)[= ]\S+| )*$/.test(words.join(' '));
}

keepCompiled();
if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) {
  if (mayBeLeft(process.argv.slice(2))) handOver(process.execPath);
  else await import(main.href);
} else {
  const node = bundledNode();
  if (node) handOver(node);
  else {
    process.stderr.write(
      `kconsole needs Node ${NEEDED_MAJOR} or newer; this is ${process.versions.node}, and the one that kconsole brings is not there. Install Node ${NEEDED_MAJOR}, or install kconsole again with optional packages and install scripts.\n`,
    );
    process.exit(1);
  }
}
