/** What the README shows is true: each of its commands runs as printed, its key table is the program's own, its links and files exist. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/demo/free-port.ts';
import { keyTableMarkdown } from '../../src/keymap/key-table.ts';
import { parseProperties } from '../../src/spec/properties-file.ts';
import { brokersIn } from '../helpers/demo-brokers.ts';
import { testBootstrap } from '../helpers/kafka-clients.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { startWorkerProcess, writeProperties } from '../helpers/worker-process.ts';
import { journey } from '../journeys/journey.ts';

const root = path.resolve(import.meta.dirname, '../..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-readme-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function blocks(language: string): string[] {
  return [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language).map(([, , text]) => text ?? '');
}

function between(mark: string): string {
  return new RegExp(`<!-- ${mark}[^>]*-->\\n([\\s\\S]*?)<!-- /${mark} -->`).exec(readme)?.[1] ?? '';
}

const commands = blocks('sh')
  .flatMap((block) => block.trim().split('\n'))
  .map((line) => line.trim());

/** The files that the commands name, in a folder of their own, with addresses that exist here. */
async function files(folder: string): Promise<void> {
  const topic = `readme-${path.basename(folder)}`;
  writeProperties(path.join(folder, 'worker.properties'), {
    ...parseProperties(blocks('properties')[0] ?? '', 'README.md'),
    'bootstrap.servers': testBootstrap(),
    'offset.storage.file.filename': path.join(folder, 'connect.offsets'),
    listeners: `http://127.0.0.1:${await freePort()}`,
  });
  writeFileSync(path.join(folder, 'in.txt'), 'one\ntwo\n');
  const common = { 'tasks.max': '1' };
  writeProperties(path.join(folder, 'source.properties'), {
    ...common,
    name: `${topic}-source`,
    'connector.class': 'FileStreamSource',
    file: path.join(folder, 'in.txt'),
    topic,
  });
  writeProperties(path.join(folder, 'sink.properties'), {
    ...common,
    name: `${topic}-sink`,
    'connector.class': 'FileStreamSink',
    file: path.join(folder, 'out.txt'),
    topics: topic,
  });
  writeProperties(path.join(folder, 'client.properties'), { 'client.id': 'readme' });
}

function argumentsOf(line: string, connectAddress: string): string[] {
  return line
    .split(' ')
    .slice(1)
    .map((one) => one.replace(/^broker1:.*$/, testBootstrap()).replace('connect1:8083', connectAddress));
}

const program = path.join(root, 'dist', 'kconsole.js');
const isOf = (word: RegExp) => (line: string) => word.test(line);
const onScreen = commands.filter((line) => /^kconsole (-b|--attach|standalone)/.test(line) && !line.includes('--daemon'));
const headless = commands.filter(isOf(/^kconsole standalone .*--daemon/));
const distributed = commands.filter(isOf(/^kconsole distributed .*--daemon/));
const oneShot = commands.filter(isOf(/^kconsole (connectors|brokers|topics|groups) /));
const demo = commands.filter(isOf(/^kconsole demo --once/));
const scripts = commands.filter(isOf(/^npm (start|test|run \w+)( |$)/));

test('every command of the README is of a kind that is run here', () => {
  expect(commands.length).toBeGreaterThan(6);
  expect([...onScreen, ...headless, ...distributed, ...oneShot, ...demo, ...scripts].sort()).toEqual([...commands].sort());
});

describe('commands', () => {
  for (const line of onScreen) {
    journey(line, { size: [120, 30] }, async (t) => {
      await using worker = await startWorkerProcess({ connectors: [t.source(t.name('src'), t.writes('one.txt', '1\n'), t.name('lines'))] });
      await files(t.folder);
      t.starts(argumentsOf(line, `127.0.0.1:${worker.port}`));
      await t.shows(line.includes('--attach') ? /workers 1/ : /3\/3 brokers/);
      if (!line.includes('standalone')) return;
      await t.fileHolds('out.txt', (text) => text === 'one\ntwo\n');
    });
  }

  test.each(headless)('%s', async (line) => {
    await files(folder);
    const child = spawn(process.execPath, [program, ...argumentsOf(line, '')], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    let text = '';
    child.stderr.on('data', (chunk) => {
      text += chunk;
    });
    try {
      await waitUntil(
        () => `the lines have passed; it says ${text.slice(-500)}`,
        () => existsSync(path.join(folder, 'out.txt')) && readFileSync(path.join(folder, 'out.txt'), 'utf8') === 'one\ntwo\n',
      );
    } finally {
      child.kill('SIGTERM');
    }
    expect(await exited).toBe(0);
  });

  test.each(distributed)('%s', async (line) => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { 'offset.storage.file.filename': _, ...common } = parseProperties(blocks('properties')[0] ?? '', 'README.md');
    const group = `readme-${path.basename(folder)}`;
    writeProperties(path.join(folder, 'connect-distributed.properties'), {
      ...common,
      'bootstrap.servers': testBootstrap(),
      'group.id': group,
      ...Object.fromEntries(['config', 'offset', 'status'].map((kind) => [`${kind}.storage.topic`, `${group}-${kind}`])),
      listeners: url,
    });
    const child = spawn(process.execPath, [program, ...argumentsOf(line, '')], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    let text = '';
    child.stderr.on('data', (chunk) => {
      text += chunk;
    });
    try {
      await waitUntil(
        () => `the worker answers; it says ${text.slice(-500)}`,
        async () => (await fetch(`${url}/connectors`)).status === 200,
      );
    } finally {
      child.kill('SIGTERM');
    }
    expect(await exited).toBe(0);
  });

  test.each(oneShot)('%s', async (line) => {
    await using worker = await startWorkerProcess({
      connectors: [{ name: 'one', 'connector.class': 'FileStreamSource', file: path.join(folder, 'none.txt'), topic: 'readme-none' }],
    });
    const printed = execFileSync(process.execPath, [program, ...argumentsOf(line, `127.0.0.1:${worker.port}`)], { encoding: 'utf8' });
    expect(printed).toMatch(/one .*RUNNING/);
  });

  test.each(demo)('%s', (line) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...argumentsOf(line, '')], {
      encoding: 'utf8',
      env: { ...process.env, XDG_STATE_HOME: path.join(folder, 'state') },
    });
    expect(stdout + stderr).toMatch(/every line, in order, once {2}yes/);
    expect(status).toBe(0);
  });

  test.each(scripts)('%s', async (line) => {
    const [, name = '', flags = ''] = /^npm (?:run )?(\w+)(?: -- (.*))?$/.exec(line) ?? [];
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    expect(manifest.scripts[name]).toMatch(/^(exec )?node \.ci\/\w+\.mjs/);
    // npm test is what runs this; npm run bench takes minutes.
    if (name !== 'start') return;
    const state = path.join(folder, 'npm-start');
    const child = spawn('npm', ['start', '--silent', ...(flags ? ['--', ...flags.split(' ')] : [])], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, XDG_STATE_HOME: state },
    });
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    await waitUntil(
      () => `the demo is ready; it says ${text}`,
      () => text.includes('ready; SIGTERM ends it'),
      90_000,
    );
    expect(brokersIn(state)).not.toEqual([]);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(text).toContain('stopping worker and brokers');
    expect(brokersIn(state)).toEqual([]);
  });
});

test('the key table is made from the command table', () => {
  expect(between('keys').trim()).toBe(keyTableMarkdown().trim());
});

test('the worker properties it shows are three that are needed, and one', () => {
  expect(Object.keys(parseProperties(blocks('properties')[0] ?? '', 'README.md'))).toEqual([
    'bootstrap.servers',
    'key.converter',
    'value.converter',
    'offset.storage.file.filename',
  ]);
});

test('links and pictures lead to files that are there', () => {
  const targets = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target ?? '');
  expect(targets).toContain('config/readme/console.svg');
  for (const target of targets) expect(existsSync(path.join(root, target)), target).toBe(true);
});
