/**
 * DNS rebinding: a web page can make its own host name resolve to 127.0.0.1 and then read our API. A server on a loopback address
 * therefore answers only to names that mean this machine.
 */
import { isIPv4 } from 'node:net';

export function isLoopback(host: string | null): boolean {
  if (host === null) return false;
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}

/** Host name in a `Host` header: no port, no brackets, lower case. */
export function hostNameIn(header: string): string {
  const match = /^\[([^\]]*)\](?::\d+)?$/.exec(header) ?? /^([^:]*)(?::\d*)?$/.exec(header);
  return (match?.[1] ?? header).toLowerCase();
}

/** True when a server bound to a loopback address may answer to this `Host` header. An absent one (HTTP/1.0) cannot come from a browser. */
export function isHostAllowed(header: string | undefined, allowedNames: readonly string[]): boolean {
  if (header === undefined || header === '') return true;
  const name = hostNameIn(header);
  return isLoopback(name) || allowedNames.some((allowed) => allowed.toLowerCase() === name);
}
