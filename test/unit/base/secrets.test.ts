import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConnectError, messageOf, traceOf } from '../../../src/base/errors.ts';
import { type LogEvent, LogHub } from '../../../src/base/log.ts';
import { SecretRegistry, secrets } from '../../../src/base/secrets.ts';

test('a value is replaced by its reference, also trimmed and inside JSON; the longer one first', () => {
  const registry = new SecretRegistry();
  registry.remember('hunter2', 'REF-A');
  registry.remember('hunter2-and-more\n', 'REF-B');
  registry.remember('say "hi"\n', 'REF-C');
  expect(registry.hide('x hunter2 y hunter2-and-more z')).toBe('x REF-A y REF-B z');
  expect(registry.hide(JSON.stringify({ a: 'say "hi"\n' }))).toBe('{"a":"REF-C"}');
});

test('what is too short or too common to be told apart stays', () => {
  const registry = new SecretRegistry();
  for (const value of ['', ' ', 'abc', 'true', 'FALSE', '8083', 'none']) registry.remember(value, 'REF');
  expect(registry.hide('abc true 8083 none')).toBe('abc true 8083 none');
  expect(registry.entries()).toEqual([]);
});

test('no text keeps a known value, whatever stands around it', () => {
  const registry = new SecretRegistry();
  registry.remember('s3cr3t-value', 'REF');
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      expect(registry.hide(`${before}s3cr3t-value${after}`)).not.toContain('s3cr3t-value');
    }),
  );
});

test('logs, messages and traces are clean', () => {
  secrets.remember('canary-of-the-unit-test', '[a reference]');
  const events: LogEvent[] = [];
  const hub = new LogHub(() => 0);
  hub.attach((event) => events.push(event));
  const error = new ConnectError('login with canary-of-the-unit-test failed', { cause: new Error('canary-of-the-unit-test') });
  hub.log('test').error('it was canary-of-the-unit-test', error);
  expect(events[0]).toMatchObject({ message: 'it was [a reference]', trace: expect.stringContaining('login with [a reference] failed') });
  expect(JSON.stringify([events, messageOf(error), traceOf(error)])).not.toContain('canary-of-the-unit-test');
});

test('what is handed on and comes back makes nothing more of it', () => {
  const registry = new SecretRegistry();
  registry.remember('say "hi"\\', 'REF');
  for (let i = 0; i < 100; i++) for (const [value, reference] of registry.entries()) registry.remember(value, reference);
  expect(registry.entries()).toEqual([['say "hi"\\', 'REF']]);
});
