/** The protocols of a group of workers by the names that they are offered under. Source: ConnectProtocolCompatibility (reference 2.1). */
import { encodeWorkerMetadata, type WorkerMetadata } from '../../kafka/connect-protocol.ts';
import type { Assignment } from './membership.ts';

export type GroupProtocol = Assignment['protocol'];

export interface OfferedProtocol {
  readonly name: string;
  readonly metadata: Buffer;
}

/** By the version of their bytes. */
const PROTOCOLS: readonly { readonly name: string; readonly protocol: GroupProtocol }[] = [
  { name: 'default', protocol: 'eager' },
  { name: 'compatible', protocol: 'compatible' },
  { name: 'sessioned', protocol: 'sessioned' },
];

/** In the order of preference, each with what the member says in its own version. */
export function offeredProtocols(newest: GroupProtocol, facts: WorkerMetadata): OfferedProtocol[] {
  const count = PROTOCOLS.findIndex(({ protocol }) => protocol === newest) + 1;
  return PROTOCOLS.slice(0, count)
    .map(({ name }, version) => ({ name, metadata: encodeWorkerMetadata(facts, version) }))
    .reverse();
}

/** Of the bytes that belong to a protocol that was offered. */
export function versionOf(name: string): number {
  return Math.max(
    0,
    PROTOCOLS.findIndex((one) => one.name === name),
  );
}

export function protocolOf(name: string): GroupProtocol {
  return PROTOCOLS[versionOf(name)]?.protocol ?? 'eager';
}
