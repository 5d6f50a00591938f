/**
 * A plain `kconsole`, and what follows from one place to the next: the worker that was left here, the context used last, or the question
 * where to go.
 */

import { connectAddresses, NO_ADDRESSES } from '../../store/addresses.ts';
import type { Leaving } from '../../store/leaving.ts';
import type { Place } from '../../store/place.ts';
import type { ConsoleFlags, OpenScreen } from '../console.ts';
import { attachToLeft, openSources, sourcesOf } from '../console.ts';
import { leftWorkers } from '../left/registration.ts';
import { type ConsoleContext, contextNames, lastContext, readContext, rememberContext, secretsWarning } from './contexts.ts';
import { openHost } from './host.ts';

/** Gives the exit code. Throws ConfigError for a context that is not there. */
export function runPlaces(flags: ConsoleFlags, open: OpenScreen, runDemo: () => Promise<number>): Promise<number> {
  return goOn(flags.context === undefined ? obviousPlace() : { kind: 'context', name: flags.context }, flags, open, runDemo);
}

/** From this place to the next one, until a console is left for none. `null`: it is asked where to begin. */
export async function goOn(first: Place | null, flags: ConsoleFlags, open: OpenScreen, runDemo: () => Promise<number>): Promise<number> {
  const isReadOnly = flags.readOnly ?? false;
  let place = first;
  for (;;) {
    if (place?.kind === 'demo') return runDemo();
    const leaving: Leaving = place === null ? await openStartScreen(open, isReadOnly) : await openPlace(place, isReadOnly, open);
    if (leaving.next === null) return leaving.code;
    place = leaving.next;
  }
}

/** `null`: there is none, or more than one. */
function obviousPlace(): Place | null {
  const [workers, contexts] = [leftWorkers(), contextNames()];
  if (workers.length > 0) return workers.length === 1 && contexts.length === 0 ? { kind: 'worker', pid: workers[0]!.pid } : null;
  const last = lastContext();
  const name = contexts.find((one) => one === last) ?? (contexts.length === 1 ? contexts[0] : undefined);
  return name === undefined ? null : { kind: 'context', name };
}

async function openPlace(place: Exclude<Place, { kind: 'demo' }>, isReadOnly: boolean, open: OpenScreen): Promise<Leaving> {
  if (place.kind === 'context') return openContext(readContext(place.name), isReadOnly, open);
  const worker = leftWorkers().find((one) => one.pid === place.pid);
  return worker ? attachToLeft(open, worker, isReadOnly) : openStartScreen(open, isReadOnly);
}

async function openContext(context: ConsoleContext, isReadOnly: boolean, open: OpenScreen): Promise<Leaving> {
  rememberContext(context.name);
  const warning = secretsWarning(context);
  return openSources(open, {
    ...sourcesOf({
      ...(context.brokers === null ? {} : { bootstrapServer: context.brokers }),
      ...(context.commandConfig === null ? {} : { commandConfig: context.commandConfig }),
      ...(context.connect.length === 0 ? {} : { attach: context.connect.join(',') }),
    }),
    addresses: {
      ...connectAddresses(context.connect.join(',')),
      bootstrap: context.brokers,
      commandConfig: context.commandConfig,
    },
    contextName: context.name,
    isReadOnly: isReadOnly || context.readOnly,
    isProtected: context.protected,
    ...(context.colour === null ? {} : { colour: context.colour }),
    ...(context.skin === null ? {} : { skin: context.skin }),
    ...(warning === null ? {} : { notice: warning }),
    host: openHost(),
  });
}

function openStartScreen(open: OpenScreen, isReadOnly: boolean): Promise<Leaving> {
  return openSources(open, {
    kafka: null,
    herder: null,
    addresses: NO_ADDRESSES,
    contextName: 'kconsole',
    isReadOnly,
    isProtected: false,
    host: openHost({ isStart: true }),
  });
}
