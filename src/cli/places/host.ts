/** What the program offers the console beside its data: places to go to, checks of addresses, a name for them. */
import path from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { logFor } from '../../base/log.ts';
import { type CheckStep, failed } from '../../base/reach.ts';
import { urlsIn, withoutLogins } from '../../store/addresses.ts';
import type { HostPort, LeftWorker } from '../../store/host-port.ts';
import type { NewPlace, PlaceChoice } from '../../store/place.ts';
import { leftWorkers } from '../left/registration.ts';
import { type ConsoleContext, readContexts, saveContext } from './contexts.ts';

export function openHost(facts: { readonly leftWorker?: LeftWorker; readonly isStart?: boolean } = {}): HostPort {
  const { contexts, problems } = readContexts();
  return {
    leftWorker: facts.leftWorker ?? null,
    isStart: facts.isStart ?? false,
    problems,
    places: [...leftWorkers().map(workerChoice), ...contexts.map(contextChoice)],
    check,
    save: (name, addresses) =>
      saveContext({
        name,
        brokers: addresses.brokers,
        commandConfig: addresses.commandConfig === null ? null : path.resolve(addresses.commandConfig),
        connect: urlsIn(addresses.connect ?? ''),
      }),
  };
}

function workerChoice(worker: ReturnType<typeof leftWorkers>[number]): PlaceChoice {
  return {
    place: { kind: 'worker', pid: worker.pid },
    label: worker.name,
    detail: `worker on this host, pid ${worker.pid}, left ${worker.leftAt.slice(0, 16).replace('T', ' ')} UTC`,
  };
}

function contextChoice({ name, brokers, connect, readOnly }: ConsoleContext): PlaceChoice {
  const addresses = [brokers, ...connect.map(withoutLogins)].filter((one) => one !== null);
  return { place: { kind: 'context', name }, label: name, detail: `${addresses.join('  ')}${readOnly ? '  read-only' : ''}` };
}

async function* check({ brokers, commandConfig, connect }: NewPlace): AsyncGenerator<CheckStep> {
  if (brokers !== null) yield* checkBrokers(brokers, commandConfig);
  if (connect === null) return;
  const { checkConnect } = await import('../../control/check.ts');
  yield* checkConnect(urlsIn(connect));
}

async function* checkBrokers(brokers: string, commandConfig: string | null): AsyncGenerator<CheckStep> {
  const [{ checkKafka }, { clientOptions }] = await Promise.all([import('../../kafka/check.ts'), import('../one-shot/kafka-client.ts')]);
  let options: ReturnType<typeof clientOptions>;
  try {
    options = clientOptions(brokers, commandConfig ?? undefined);
  } catch (error) {
    yield failed('settings', messageOf(error), 'mend the address, or the client properties file');
    return;
  }
  yield* checkKafka(options, logFor('kconsole.cli'));
}
