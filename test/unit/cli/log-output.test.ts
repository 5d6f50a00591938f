import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import type { LogEvent } from '../../../src/base/log.ts';
import { createLogOutput, parseLogFormat, toTextLines } from '../../../src/cli/log-output.ts';

const EVENT: LogEvent = {
  timeMs: Date.UTC(2026, 10, 24, 19, 0, 0, 7),
  level: 'INFO',
  logger: 'org.apache.X',
  message: 'hello',
  connector: null,
  task: null,
  trace: null,
};

/** A reader that takes nothing until it is let go. */
class Reader extends Writable {
  text = '';
  #waiting: (() => void)[] = [];
  isStuck = false;
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk;
    if (this.isStuck) this.#waiting.push(done);
    else done();
  }
  letGo(): void {
    this.isStuck = false;
    for (const done of this.#waiting.splice(0)) done();
  }
}

test("a text line is like Connect's", () => {
  expect(toTextLines(EVENT)).toBe('[2026-11-24 19:00:00,007] INFO hello (org.apache.X)\n');
  expect(toTextLines({ ...EVENT, connector: 'orders', task: 0 })).toBe(
    '[2026-11-24 19:00:00,007] INFO [orders|task-0] hello (org.apache.X)\n',
  );
  expect(toTextLines({ ...EVENT, connector: 'orders' })).toContain('INFO [orders|worker] hello');
});

test('a trace has lines of its own, and no text from outside can pass for a log line or steer the terminal', () => {
  const text = toTextLines({
    ...EVENT,
    message: 'a\n[2026-01-01 00:00:00,000] ERROR fake\u001b]0;x\u0007',
    trace: 'E: x\n\tat y\n[fake\u202e\n',
  });
  expect(text.split('\n').filter((line) => line.startsWith('['))).toHaveLength(1);
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(text).toContain('\nE: x\n    at y\n');
});

test('a JSON line is one line of JSON with the same facts', async () => {
  const reader = new Reader();
  const output = createLogOutput('json', reader);
  output.sink({ ...EVENT, level: 'WARN', connector: 'c', task: 1, message: 'a\nb\u009b31m', trace: 'E: x\n\tat y\n' });
  output.sink(EVENT);
  await output.flush();
  const lines = reader.text.trimEnd().split('\n');
  expect(JSON.parse(lines[0]!)).toEqual({
    level: 'WARN',
    time: '2026-11-24T19:00:00.007Z',
    logger: 'org.apache.X',
    connector: 'c',
    task: 1,
    trace: 'E: x\n\tat y\n',
    message: 'a\nb\u009b31m',
  });
  expect(JSON.parse(lines[1]!)).toEqual({ level: 'INFO', time: '2026-11-24T19:00:00.007Z', logger: 'org.apache.X', message: 'hello' });
  expect(reader.text).not.toContain('\u009b');
});

test('a reader that stands still costs bounded memory, then lines, which are counted and told', async () => {
  const reader = new Reader({ highWaterMark: 1 });
  reader.isStuck = true;
  const output = createLogOutput('text', reader);
  for (let i = 0; i < 10_000; i++) output.sink({ ...EVENT, message: 'x'.repeat(1_000) });
  expect(reader.writableLength).toBeLessThan(5 * 1024 * 1024);
  expect(output.droppedEvents).toBeGreaterThan(5_000);
  const dropped = output.droppedEvents;
  reader.letGo();
  await output.flush();
  output.sink({ ...EVENT, message: 'again' });
  await output.flush();
  expect(reader.text).toContain(`WARN ${dropped} log events were dropped: standard error is read too slowly (kconsole.log)\n`);
  expect(reader.text).toContain('INFO again');
});

test('flushing does not wait for ever', async () => {
  const reader = new Reader();
  reader.isStuck = true;
  const output = createLogOutput('text', reader);
  output.sink(EVENT);
  const startedMs = performance.now();
  await output.flush(50);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
});

test('a reader that is gone (EPIPE) is forgotten', async () => {
  const gone = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })) });
  const output = createLogOutput('text', gone);
  for (let i = 0; i < 3; i++) {
    output.sink(EVENT);
    await output.flush(100);
  }
  expect(gone.destroyed).toBe(true);
});

test('the format is text or json', () => {
  expect([undefined, '', 'TEXT', 'json'].map(parseLogFormat)).toEqual(['text', 'text', 'text', 'json']);
  expect(() => parseLogFormat('xml')).toThrow(ConfigError);
});
