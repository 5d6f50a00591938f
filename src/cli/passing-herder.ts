/**
 * The herder of a distributed worker for the console in its process: what another worker must do is asked of that one over REST, as this worker's
 * own REST API passes requests on. Where workers want a login, none is known here: the other worker's refusal is what is told.
 */
import { messageOf, RestError, UnreachableError } from '../base/errors.ts';
import { createHttpHerder, type HttpHerder } from '../control/over-http.ts';
import { NotHereError } from '../herder/distributed/forwarder.ts';
import type { Herder } from '../herder/herder.ts';
import { readCallerTls } from '../rest/tls-options.ts';

/** `raw`: the worker's configuration, of which TLS settings are read when an https URL is asked. */
export function createPassingHerder(herder: Herder, raw: Readonly<Record<string, string>>): Herder {
  const ask = async (elsewhere: NotHereError, name: string | symbol, args: readonly unknown[]): Promise<unknown> => {
    const { url } = elsewhere;
    if (url === null)
      throw new RestError(409, `${elsewhere.message} Who that is is not known now, as the workers rebalance: try again in a moment.`);
    let other: HttpHerder | null = null;
    try {
      other = createHttpHerder([url], url.startsWith('https:') ? { tls: readCallerTls(raw) } : {});
      const call: unknown = Reflect.get(other, name);
      if (typeof call !== 'function') throw elsewhere;
      return await Reflect.apply(call, other, args);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      throw new UnreachableError(`${elsewhere.message} That worker, ${url}, could not be asked: ${messageOf(error)}`, { cause: error });
    } finally {
      other?.close();
    }
  };
  return new Proxy(herder, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return async (...args: readonly unknown[]) => {
        try {
          return await Reflect.apply(value, target, args);
        } catch (error) {
          if (error instanceof NotHereError) return ask(error, name, args);
          throw error;
        }
      };
    },
  });
}
