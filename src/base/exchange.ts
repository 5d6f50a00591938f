/**
 * What was really asked over HTTP and what came back, for whoever must write it down. The client tells of each exchange; only work that
 * was started inside `watchExchanges` hears of its own. A worker in this process is asked without HTTP: nothing is told then.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface Exchange {
  readonly method: string;
  /** Without user and password. */
  readonly url: string;
  readonly status: number;
}

const watched = new AsyncLocalStorage<(exchange: Exchange) => void>();

export function watchExchanges<T>(onExchange: (exchange: Exchange) => void, work: () => Promise<T>): Promise<T> {
  return watched.run(onExchange, work);
}

export function tellExchange(exchange: Exchange): void {
  watched.getStore()?.(exchange);
}
