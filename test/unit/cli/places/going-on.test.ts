/** From a console on addresses of the command line to a context, as `:ctx` goes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type OpenScreen, runConsoleCommand } from '../../../../src/cli/console.ts';
import { saveContext } from '../../../../src/cli/places/contexts.ts';
import type { Leaving } from '../../../../src/store/leaving.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-going-on-'));
beforeAll(() => {
  vi.stubEnv('XDG_CONFIG_HOME', path.join(folder, 'config'));
  vi.stubEnv('XDG_STATE_HOME', path.join(folder, 'state'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('a console that was opened with --attach goes on in the context that it is left for', async () => {
  saveContext({ name: 'prod', brokers: null, commandConfig: null, connect: ['http://127.0.0.1:1'] });
  const opened: string[] = [];
  const open: OpenScreen = async (sources) => {
    opened.push(`${sources.contextName} ${sources.isReadOnly}`);
    const leaving: Leaving = { code: opened.length, worker: 'stop', next: opened.length === 1 ? { kind: 'context', name: 'prod' } : null };
    await sources.atEnd(leaving);
    return leaving;
  };
  // `once`: no terminal is asked for.
  const flags = { attach: 'http://kim:s3cret@127.0.0.1:2', readOnly: true, once: 'connectors' };
  expect(await runConsoleCommand(flags, open, async () => 9)).toBe(2);
  expect(opened).toEqual(['http://127.0.0.1:2 true', 'prod true']);
});
