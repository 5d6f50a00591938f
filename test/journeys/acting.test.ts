/**
 * Acting on several connectors of a running worker, ours and Apache Kafka's: marks, what failed once more, all taken back, lines for a
 * shell that do what they say, the incident report. A small proxy in between lets one call fail.
 */
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { testBootstrap } from '../helpers/kafka-clients.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { bothSides } from '../helpers/worker-pair.ts';
import { MAIN } from '../helpers/worker-process.ts';
import { type Journey, journey } from './journey.ts';

const run = promisify(execFile);

const sides = bothSides();

/** Hands everything on, but for calls that end with one of `broken`. */
async function startProxy(port: number): Promise<{ url: string; broken: Set<string> } & AsyncDisposable> {
  const broken = new Set<string>();
  const server = createServer((asked, answer) => {
    if ([...broken].some((end) => `${asked.method} ${asked.url}`.endsWith(end))) {
      answer.writeHead(500, { 'content-type': 'application/json' }).end('{"error_code":500,"message":"the disk of the worker is full"}');
      return;
    }
    const onward = request({ port, host: '127.0.0.1', method: asked.method, path: asked.url, headers: asked.headers }, (from) => {
      answer.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    broken,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** In a shell where `kconsole` is the program under test. */
async function inShell(line: string): Promise<string> {
  const { stdout } = await run('bash', ['-c', `kconsole() { "${process.execPath}" "${MAIN}" "$@"; }\n${line}`]);
  return stdout;
}

/** What was last handed to the terminal's clipboard. */
function clipboard(t: Journey): string {
  const all = [...t.written.matchAll(/\x1b\]52;c;([A-Za-z0-9+/=]*)\x07/g)];
  return Buffer.from(all.at(-1)?.[1] ?? '', 'base64').toString('utf8');
}

async function copies(t: Journey, key: string, wanted: RegExp): Promise<string> {
  t.press('app.copy');
  await t.shows('┌ copy');
  t.keys(key);
  await waitUntil(
    () => `the clipboard holds ${wanted}; it holds ${clipboard(t)}`,
    () => wanted.test(clipboard(t)),
  );
  return clipboard(t);
}

for (const name of ['ours', 'jvm'] as const) {
  journey(`marks, pauses, retries, takes back, copies, reports, deletes and undoes (${name})`, { size: [120, 30] }, async (t) => {
    const { worker } = sides.get(name)!;
    await using proxy = await startProxy(worker.port);
    const names = ['pay-1', 'pay-2', 'pay-3'].map((word) => t.name(word));
    const [first, second] = names as [string, string];
    for (const one of names) {
      const { name: _, ...config } = t.source(one, t.writes(`${one}.txt`, 'a\n'), t.name('lines'));
      expect((await worker.rest('PUT', `/connectors/${one}/config`, config)).status).toBe(201);
    }
    for (const one of names) await worker.waitRunning(one);
    const statesAre = (wanted: string) =>
      waitUntil(
        () => `all are ${wanted}`,
        async () => (await Promise.all(names.map((one) => worker.states(one)))).every((states) => states[0] === wanted),
      );

    t.starts(['--attach', proxy.url, '-b', testBootstrap()]);
    await t.shows(/\d\/\d brokers/);
    t.press('go.connectors');
    await t.row(second).shows('RUNNING');

    proxy.broken.add(`PUT /connectors/${second}/pause`);
    await t.command(`pause ${t.name('pay-*')}`);
    await t.dialog().shows('pause 3 connectors?');
    await t.dialog().confirm();
    await t.shows('2 ok · 1 failed · r retries what failed');
    await t.row(second).shows(/✖ failed.*the disk of the worker is full/);
    proxy.broken.clear();
    t.press('bulk.retry');
    await t.dialog().shows('pause once more: 1 connector?');
    await t.dialog().confirm();
    await t.shows('3 ok · z undoes it');
    await statesAre('PAUSED');

    t.press('app.back');
    await t.filter(t.name('pay'));
    await t.row(second).shows('‖ PAUSED');
    t.press('mark.all');
    await t.shows('3 marked');
    t.press('app.back');
    await t.shows('3 marked');
    t.press('app.back');
    await t.lacks('3 marked');

    t.press('app.undo');
    await t.dialog().shows('take back: pause 3 connectors');
    await t.dialog().confirm();
    await t.shows('undo pause of 3 connectors: 3 ok');
    await statesAre('RUNNING');
    const log = t
      .reads('state/kconsole/actions.ndjson')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; action: string; result: string; response: number; undoOf: string | null });
    const taken = log.filter((one) => one.action === 'connector.pause' && one.result === 'ok').map((one) => one.id);
    expect(log.map((one) => `${one.action} ${one.result} ${one.response}`).sort()).toEqual([
      'connector.pause failed 500',
      ...taken.map(() => 'connector.pause ok 202'),
      ...taken.map(() => 'connector.resume ok 202'),
    ]);
    expect(log.flatMap((one) => one.undoOf ?? []).sort()).toEqual(taken.sort());

    await t.command('connectors');
    await t.row(first).select();
    const asked = JSON.parse(await inShell(await copies(t, 'u', /^curl -sS /))) as { name: string };
    expect(asked.name).toBe(first);
    expect(await inShell(await copies(t, 'k', /^kconsole connectors show /))).toContain(first);

    t.press('app.report');
    const shown = await t.shows(/report: \S+\.md/);
    const file = t.file(`state/kconsole/reports/${/incident-\S+\.md/.exec(shown)?.[0]}`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const report = readFileSync(file, 'utf8');
    expect(report).toMatch(/\| Connect worker \| 4\.3\.1/);
    expect(report).toContain(`## Connector ${first}`);
    expect(report).toMatch(/\| connector.resume \(undo\) \|/);
    expect(await inShell(`kconsole report --attach ${proxy.url} || true`)).toMatch(/^# Incident report: /);

    t.press('connector.delete');
    await t.dialog().typesName(first);
    await waitUntil('it is gone', async () => (await worker.rest('GET', `/connectors/${first}`)).status === 404);
    await t.shows('requested · z undoes it');
    t.press('app.undo');
    await t.dialog().shows(`create ${first} again`);
    await t.dialog().confirm();
    await worker.waitRunning(first);
    for (const one of names) await worker.rest('DELETE', `/connectors/${one}`);
  });
}
