/** Answers in memory come within the turn that asked; those of a broker or a worker come in a later one, each in its own. */
import { setImmediate } from 'node:timers/promises';

/** The same object, whose promises settle a turn later. */
export function overAWire<T extends object>(target: T): T {
  return new Proxy(target, {
    get: (of, property) => {
      const value: unknown = Reflect.get(of, property, of);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const answer: unknown = value.apply(of, args);
        return answer instanceof Promise ? answer.finally(() => setImmediate()) : answer;
      };
    },
  });
}
