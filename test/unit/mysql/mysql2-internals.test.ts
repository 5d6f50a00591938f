/** Every part of mysql2 that src/mysql stands on beyond what it publishes. When this fails after an update, wire-query.ts and wire-session.ts must be looked at. */
import { createRequire } from 'node:module';
import mysql from 'mysql2';
import { describe, expect, test } from 'vitest';
import type { QueryCommand } from '../../../src/mysql/mysql2-internals.d.ts';

type Create = (options: object, values: undefined, done: undefined, config: object) => QueryCommand & Record<string, unknown>;
const { createQuery, ConnectionConfig, Connection, authPlugins } = mysql as unknown as {
  readonly createQuery: Create;
  readonly ConnectionConfig: { getDefaultFlags(): string[]; mergeFlags(defaults: string[], own: string[]): number };
  readonly Connection: { readonly prototype: Record<string, unknown> };
  readonly authPlugins: Record<string, unknown>;
};

describe('mysql2', () => {
  test('is the version that was read', () => {
    expect((createRequire(import.meta.url)('mysql2/package.json') as { version: string }).version).toBe('3.24.6');
  });

  test('a statement hands each row packet to its own `row`', () => {
    const command = createQuery({ sql: 'SELECT 1' }, undefined, undefined, {});
    const mine = () => null;
    command.row = mine;
    const fieldsEnd = command.fieldsEOF as (this: unknown, packet: object) => unknown;
    expect(fieldsEnd.call(command, { isEOF: () => true })).toBe(mine);
    expect(typeof command.on).toBe('function');
  });

  test('a statement without a callback speaks by events', () => {
    const command = createQuery({ sql: 'SELECT 1' }, undefined, undefined, {});
    const heard: unknown[] = [];
    for (const name of ['fields', 'result', 'error', 'end']) command.on(name, (value: unknown) => heard.push([name, value]));
    const answer = { serverStatus: 0 };
    (command.doneInsert as (this: unknown, answer: object) => unknown).call(command, answer);
    expect(heard).toEqual([
      ['fields', undefined],
      ['result', answer],
    ]);
  });

  test('a connection takes commands', () => {
    for (const name of ['addCommand', 'ping', 'connect', 'end', 'destroy']) expect(typeof Connection.prototype[name]).toBe('function');
  });

  test('flags are taken away by a minus', () => {
    const defaults = ConnectionConfig.getDefaultFlags();
    for (const name of ['LOCAL_FILES', 'ODBC', 'IGNORE_SPACE']) {
      expect(defaults).toContain(name);
      expect(ConnectionConfig.mergeFlags(defaults, [`-${name}`])).not.toBe(ConnectionConfig.mergeFlags(defaults, []));
    }
    expect(defaults).not.toContain('MULTI_STATEMENTS');
  });

  test('ways of signing in can be replaced', () => {
    expect([typeof authPlugins.caching_sha2_password, typeof authPlugins.sha256_password]).toEqual(['function', 'function']);
  });
});
