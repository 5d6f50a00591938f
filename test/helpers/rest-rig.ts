/** A REST app without a socket, over any herder; and Connect's recorded requests and answers. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { LogHub } from '../../src/base/log.ts';
import type { Herder } from '../../src/herder/herder.ts';
import { createRestApp, type RestAppOptions } from '../../src/rest/rest-app.ts';
import { adminRoutes, mainRoutes } from '../../src/rest/route-table.ts';
import { WorkerClient } from '../../src/rest/worker-client.ts';

export function restAppOptions(herder: Herder | null, more: Partial<RestAppOptions> = {}): RestAppOptions {
  const hub = new LogHub(() => 0);
  return {
    routes: [...mainRoutes, ...adminRoutes],
    scheme: 'http',
    tls: null,
    herder: () => herder,
    stage: () => null,
    allowedHosts: () => [],
    advertisedHost: () => '127.0.0.1:8083',
    cors: null,
    authenticate: null,
    headerRules: [],
    requestTimeoutMs: 90_000,
    healthTimeoutMs: 10_000,
    workers: new WorkerClient({ raw: {}, requestTimeoutMs: 90_000 }),
    clock: systemClock,
    log: hub.log('rest'),
    accessLog: hub.log('access'),
    ...more,
  };
}

export function restApp(herder: Herder | null, more: Partial<RestAppOptions> = {}): ReturnType<typeof createRestApp> {
  return createRestApp(restAppOptions(herder, more));
}

export interface RecordedCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body: string | null;
  readonly answer: string;
  readonly status: number;
}

/** The calls of `test/golden/rest/distributed.txt` in their order. */
export function recordedCalls(): RecordedCall[] {
  const text = readFileSync(path.resolve(import.meta.dirname, '../golden/rest/distributed.txt'), 'utf8');
  const pattern =
    /^\$ curl (?:-X(\w+) )?(?:-H content-type: application\/json )?127\.0\.0\.1:8083(\S+)(?: -d (.*))?\n([\s\S]*?)\n→ (\d+)$/gm;
  return [...text.matchAll(pattern)].map(([, method, at, body, answer, status]) => ({
    method: (method ?? 'GET') as RecordedCall['method'],
    path: at!,
    body: body ?? null,
    answer: answer!,
    status: Number(status),
  }));
}
