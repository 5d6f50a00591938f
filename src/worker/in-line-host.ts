/** A host in the same thread, for tests: same protocol, every message cloned as a port would, delivered in a later turn. */
import type { HostPort } from './host-link.ts';
import type { FromHost, ToHost } from './protocol.ts';
import { TaskHost, type TaskHostParts } from './task-host.ts';

export function openInLineHost(parts: Omit<TaskHostParts, 'post'>): HostPort {
  let isEnded = false;
  let receiver: Parameters<HostPort['listen']>[0] | null = null;
  const deliver = <M>(message: M, to: (message: M) => void) => {
    const copy = structuredClone(message);
    setImmediate(() => {
      if (!isEnded) to(copy);
    });
  };
  const host = new TaskHost({ ...parts, post: (message: FromHost) => deliver(message, (m) => receiver?.message(m)) });
  return {
    post: (message: ToHost) => deliver(message, (m) => host.receive(m)),
    listen: (r) => {
      receiver = r;
    },
    terminate: async () => {
      isEnded = true;
    },
  };
}
