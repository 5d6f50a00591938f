/** The console over what the command line names: a cluster, a running Connect, or the worker of this process. */
import { messageOf } from '../base/errors.ts';
import type { LogRing } from '../base/log-ring.ts';
import type { HttpHerder } from '../control/over-http.ts';
import type { SchemaRegistry } from '../control/schema-registry.ts';
import type { Kafka } from '../kafka/contract.ts';
import { type Addresses, connectAddresses, NO_ADDRESSES, urlsIn, withoutLogins } from '../store/addresses.ts';
import type { Leaving } from '../store/leaving.ts';
import type { ScreenSources } from '../store/screen-sources.ts';
import type { Registration } from './left/registration.ts';
import type { RegistryPlace } from './registry.ts';
import { type ScreenFlags, screenProblem } from './screen-flags.ts';
import type { WorkerSession } from './worker-session.ts';

export interface ConsoleFlags extends ScreenFlags {
  readonly bootstrapServer?: string;
  readonly commandConfig?: string;
  readonly attach?: string;
  /** Of its schema registry. */
  readonly schemaRegistry?: string;
  readonly readOnly?: boolean;
  readonly context?: string;
  /** The view to print instead of the screen. */
  readonly once?: string;
  readonly output?: 'text' | 'json' | 'ndjson' | 'csv';
}

/** Somebody watches: a broker that says nothing is not waited for as long as by a worker, another one is asked. */
const SCREEN_DEFAULTS = { 'request.timeout.ms': '8000' };

/** `kconsole -b …` and `kconsole --attach …`, and without either what `places/plain.ts` finds. Gives the exit code. */
export async function runConsoleCommand(flags: ConsoleFlags, open: OpenScreen, runDemo: () => Promise<number>): Promise<number> {
  const problem = flags.once === undefined ? screenProblem(flags) : null;
  if (problem !== null) {
    process.stderr.write(`kconsole: ${problem}; --once VIEW prints any view instead (--once incidents, connectors, topics, groups …).\n`);
    return 1;
  }
  const isPlain = !flags.bootstrapServer && !flags.commandConfig && !flags.attach;
  if (isPlain || flags.context !== undefined) {
    const { runPlaces } = await import('./places/plain.ts');
    return runPlaces(flags, open, runDemo);
  }
  const { openHost } = await import('./places/host.ts');
  const { code, next } = await openSources(open, {
    ...sourcesOf(flags),
    registryUrl: flags.schemaRegistry,
    contextName: withoutLogins(flags.attach ?? flags.bootstrapServer ?? 'kafka'),
    isReadOnly: flags.readOnly ?? false,
    addresses: {
      ...connectAddresses(flags.attach ?? ''),
      bootstrap: flags.bootstrapServer ?? null,
      commandConfig: flags.commandConfig ?? null,
    },
    isProtected: false,
    host: openHost(),
  });
  if (next === null) return code;
  const { goOn } = await import('./places/plain.ts');
  return goOn(next, flags, open, runDemo);
}

/** The clients are loaded beside the first frame, which waits for nothing that it does not draw. */
export function sourcesOf(flags: Pick<ConsoleFlags, 'bootstrapServer' | 'commandConfig' | 'attach'>): Pick<Sources, 'kafka' | 'herder'> {
  return {
    kafka: flags.bootstrapServer || flags.commandConfig ? openKafka(flags) : null,
    herder: flags.attach ? openHerder(urlsIn(flags.attach)) : null,
  };
}

/** The console over a worker that was left on this host. */
export async function attachToLeft(open: OpenScreen, worker: Registration, isReadOnly: boolean): Promise<Leaving> {
  const [{ openLeftKafka }, { openHost }, { stopLeftWorker }] = await Promise.all([
    import('./left/left-kafka.ts'),
    import('./places/host.ts'),
    import('./left/registration.ts'),
  ]);
  const leftWorker = { pid: worker.pid, logFile: worker.logFile, stop: () => stopLeftWorker(worker) };
  return openSources(open, {
    kafka: openLeftKafka(worker, SCREEN_DEFAULTS),
    herder: openHerder([worker.restUrl]),
    contextName: worker.name,
    isReadOnly,
    addresses: { ...NO_ADDRESSES, ...connectAddresses(worker.restUrl) },
    isProtected: false,
    host: openHost({ leftWorker }),
  });
}

export interface Sources extends Omit<ScreenSources, 'herder' | 'kafka' | 'atEnd'> {
  readonly kafka: Promise<Kafka> | null;
  readonly herder: Promise<HttpHerder> | null;
  readonly addresses: Addresses;
  /** `undefined`: what the client properties name. */
  readonly registryUrl?: string | undefined;
}

/** Closes the clients at its end. */
export async function openSources(open: OpenScreen, { registryUrl, ...sources }: Sources): Promise<Leaving> {
  const { kafka, herder } = sources;
  return open({
    ...sources,
    registry: await openRegistryOf({ url: registryUrl, commandConfig: sources.addresses.commandConfig }),
    atEnd: async () => {
      await Promise.allSettled([kafka?.then((k) => k.close()), herder?.then((h) => h.close())]);
    },
  });
}

/** Its client is loaded only when one may be named. */
async function openRegistryOf(place: RegistryPlace): Promise<SchemaRegistry | null> {
  if (place.url === undefined && !place.commandConfig && !place.properties) return null;
  const { openRegistry } = await import('./registry.ts');
  return openRegistry(place);
}

/** What a one-shot command reaches without more properties than the address. */
function plainBootstrap(worker: Readonly<Record<string, string>>): string | null {
  return (worker['security.protocol'] ?? 'PLAINTEXT') === 'PLAINTEXT' ? (worker['bootstrap.servers'] ?? null) : null;
}

async function openKafka(flags: ConsoleFlags): Promise<Kafka> {
  const { openKafkaClient } = await import('./one-shot/kafka-client.ts');
  return openKafkaClient(flags.bootstrapServer, flags.commandConfig, SCREEN_DEFAULTS);
}

async function openHerder(urls: readonly string[]): Promise<HttpHerder> {
  const { createHttpHerder } = await import('../control/over-http.ts');
  return createHttpHerder(urls);
}

/** `screens/run.tsx` implements it and src/main.ts hands it over, so that this room knows no React. */
export type OpenScreen = (sources: ScreenSources) => Promise<Leaving>;

interface WorkerFacts {
  readonly contextName: string;
  readonly isReadOnly: boolean;
  readonly workerProperties: Readonly<Record<string, string>>;
  /** Whole path; `null`: the worker was not made from a file. */
  readonly workerFile: string | null;
  readonly ring: LogRing;
}

/** The console over the worker of this process and its Kafka. Resolves when both have ended, or the worker that was left behind. */
export async function openOverWorker(open: OpenScreen, worker: WorkerSession, facts: WorkerFacts): Promise<number> {
  const [{ createKafka }, { parseClientProperties }, { workerAdminProperties }, { logFor }] = await Promise.all([
    import('../kafka/kafka.ts'),
    import('../kafka/client-properties.ts'),
    import('../worker/plugin-clients.ts'),
    import('../base/log.ts'),
  ]);
  const log = logFor('kconsole.console');
  const kafka = createKafka(
    parseClientProperties({ ...SCREEN_DEFAULTS, ...workerAdminProperties(facts.workerProperties), 'client.id': 'kconsole' }, 'admin', log),
    log,
  );
  let drained: string | null = null;
  const { code } = await open({
    herder: worker.herder,
    kafka,
    registry: await openRegistryOf({ properties: facts.workerProperties }),
    contextName: facts.contextName,
    isReadOnly: facts.isReadOnly,
    isProtected: false,
    isWorkerEmbedded: true,
    workerEnded: worker.drained.then((reason) => {
      drained = reason;
    }),
    addresses: { ...NO_ADDRESSES, ...connectAddresses(worker.restUrl), bootstrap: plainBootstrap(facts.workerProperties) },
    atEnd: async ({ worker: fate, code: why }) => {
      if (drained !== null) process.stderr.write(`kconsole: ${drained}.\n`);
      await Promise.all([kafka.close(), fate === 'leave' ? headless(worker, facts, why) : stop(worker)]);
    },
  });
  return code;
}

async function stop(worker: WorkerSession): Promise<void> {
  try {
    await worker.stop();
  } catch (error) {
    process.stderr.write(`kconsole: the worker did not stop cleanly: ${messageOf(error)}\n`);
  }
}

async function headless(worker: WorkerSession, facts: WorkerFacts, code: number): Promise<void> {
  const { goHeadless } = await import('./left/go-headless.ts');
  const left = {
    name: facts.contextName,
    restUrl: worker.restUrl,
    bootstrapServers: facts.workerProperties['bootstrap.servers'] ?? '',
    workerFile: facts.workerFile,
    ring: facts.ring,
    drained: worker.drained,
    stop: () => worker.stop(),
  };
  await goHeadless(left, code === 0 ? 'the user has left the console' : code === 1 ? 'the console has failed' : 'the terminal is gone');
}
