/** Remembers which broker coordinates a group or a transactional id. */
import type { ClusterLink } from './cluster-link.ts';
import { kafkaErrorOf } from './kafka-error.ts';
import { transactionHint } from './producer/transaction-requests.ts';
import { findCoordinatorMessage } from './wire/messages/find-coordinator.ts';

export interface CoordinatorKey {
  /** Group id, or transactional id. */
  readonly coordinator: string;
  readonly type?: 'group' | 'transaction';
}

export class CoordinatorCache {
  readonly #link: Pick<ClusterLink, 'send' | 'noteBrokers' | 'brokers'>;
  readonly #nodes = new Map<string, Promise<number>>();

  constructor(link: Pick<ClusterLink, 'send' | 'noteBrokers' | 'brokers'>) {
    this.#link = link;
  }

  /** Rejects with KafkaError (COORDINATOR_NOT_AVAILABLE is retriable, GROUP_AUTHORIZATION_FAILED is not). */
  find(key: CoordinatorKey): Promise<number> {
    const name = nameOf(key);
    let node = this.#nodes.get(name);
    if (!node) {
      node = this.#ask(key);
      this.#nodes.set(name, node);
      node.catch(() => this.#nodes.delete(name));
    }
    return node;
  }

  forget(key: CoordinatorKey): void {
    this.#nodes.delete(nameOf(key));
  }

  async #ask({ coordinator, type = 'group' }: CoordinatorKey): Promise<number> {
    const body = { key: coordinator, coordinatorKeys: [coordinator], keyType: type === 'group' ? 0 : 1 };
    const reply = await this.#link.send('any', findCoordinatorMessage, body);
    const found = reply.coordinators[0] ?? reply;
    if (found.errorCode !== 0) {
      const hint = type === 'transaction' ? transactionHint(found.errorCode) : null;
      throw kafkaErrorOf(found.errorCode, `coordinator of ${type} "${coordinator}"`, hint ?? found.errorMessage);
    }
    return found.nodeId;
  }
}

function nameOf({ coordinator, type = 'group' }: CoordinatorKey): string {
  return `${type} ${coordinator}`;
}
