/** Plain HTTP servers that a test scripts, and an address where nobody listens. They end with the test. */
import http from 'node:http';
import net from 'node:net';
import { afterEach } from 'vitest';

export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpFixture {
  readonly url: string;
  /** `METHOD /path` of each request so far. */
  readonly requests: readonly string[];
  readonly arrived: readonly Arrived[];
  /** Connections that callers have opened so far. */
  readonly sockets: readonly net.Socket[];
}

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

export function afterThisTest(cleanup: () => void): void {
  cleanups.push(cleanup);
}

/** `answer` is called when a request has come whole. */
export async function httpFixture(answer: (request: http.IncomingMessage, response: http.ServerResponse) => void): Promise<HttpFixture> {
  const arrived: Arrived[] = [];
  const sockets: net.Socket[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      arrived.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(request, response);
    });
  });
  server.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    get requests() {
      return arrived.map(({ method, url }) => `${method} ${url}`);
    },
    arrived,
    sockets,
  };
}

/** An answer for `httpFixture`. */
export const says =
  (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}) =>
  (_: unknown, response: http.ServerResponse): void => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  };

/** A port where nothing listens. */
export async function deadUrl(): Promise<string> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
