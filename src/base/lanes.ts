/** Jobs under one key run one after the other; those under different keys do not wait for each other. */
import { SerialQueue } from './serial-queue.ts';

export class Lanes {
  readonly #queues = new Map<string, SerialQueue>();

  /** Resolves or rejects with what the job gives, once all that came before it under this key is done. */
  async run<T>(key: string, job: () => T | Promise<T>): Promise<T> {
    const queue = this.#queues.get(key) ?? new SerialQueue();
    this.#queues.set(key, queue);
    try {
      return await queue.run(job);
    } finally {
      if (queue.isIdle && this.#queues.get(key) === queue) this.#queues.delete(key);
    }
  }
}
