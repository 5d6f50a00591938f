/** The address by which other workers reach this one, and its name. Source: RestServer.advertisedUrl (reference 1.10). */
import { networkInterfaces } from 'node:os';
import { DEFAULT_LISTENER, type Listener, type RestConfig } from './rest-config.ts';

/** What listens, with the port that it really got. */
export interface OpenListener {
  readonly listener: Pick<Listener, 'scheme' | 'host'>;
  readonly port: number;
}

/** Ends in `/`. `open`: main listeners, in the order of `listeners`; at least one. */
export function advertisedUrlOf(
  config: Pick<RestConfig, 'advertisedScheme' | 'advertisedHost' | 'advertisedPort'>,
  open: readonly OpenListener[],
  ownHost: () => string = ownAddress,
): string {
  const scheme = config.advertisedScheme ?? (open.some(({ listener }) => listener.scheme === 'http') ? 'http' : 'https');
  const { listener, port } = open.find((one) => one.listener.scheme === scheme) ?? open[0]!;
  const host = config.advertisedHost ?? (isWildcard(listener.host) ? ownHost() : listener.host!);
  return `${scheme}://${hostForUrl(host)}:${config.advertisedPort ?? port}/`;
}

/** For a worker of a group that listens on a loopback address because nobody said otherwise; `null`: it was said, or others can call. */
export function unreachableNote({ listeners }: Pick<RestConfig, 'listeners'>, advertisedUrl: string): string | null {
  if (!listeners.includes(DEFAULT_LISTENER)) return null;
  return `This worker advertises ${advertisedUrl}, which workers on other machines cannot reach: requests that they pass on to it or make themselves will fail. Set listeners (Apache Kafka's default is http://:8083) or rest.advertised.host.name.`;
}

/** `host:port`. Not from `URL`, which hides the port 80. */
export function workerIdOf(advertisedUrl: string): string {
  return advertisedUrl.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

export function hostForUrl(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** Apache's worker would advertise 0.0.0.0, where no other machine finds it. */
function isWildcard(host: string | null): boolean {
  return host === null || host === '0.0.0.0' || host === '::';
}

/** The first address by which others reach this machine. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find((at) => !at.internal && at.family === 'IPv4')?.address ?? '127.0.0.1';
}
