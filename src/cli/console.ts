/** The console over what the command line names: a cluster, a running Connect, or the worker of this process. */
import { messageOf } from '../base/errors.ts';
import type { Herder } from '../herder/herder.ts';
import type { Kafka } from '../kafka/contract.ts';

export interface ConsoleFlags {
  readonly bootstrapServer?: string;
  readonly commandConfig?: string;
  readonly attach?: string;
  readonly readOnly?: boolean;
}

/** Somebody watches: a broker that says nothing is not waited for as long as by a worker, another one is asked. */
const SCREEN_DEFAULTS = { 'request.timeout.ms': '8000' };

/** `kconsole -b …` and `kconsole --attach …`. Gives the exit code. */
export async function runConsoleCommand(flags: ConsoleFlags, open: OpenScreen): Promise<number> {
  if (!process.stdout.isTTY || !process.stdin.isTTY) {
    process.stderr.write(
      'kconsole: there is no terminal to draw on; kconsole connectors, topics, groups and brokers print once instead.\n',
    );
    return 1;
  }
  // The clients are loaded beside the first frame, which waits for nothing that it does not draw.
  const kafka = flags.bootstrapServer || flags.commandConfig ? openKafka(flags) : null;
  const herder = flags.attach ? openHerder(flags.attach.split(',').map((url) => url.trim())) : null;
  return open({
    herder,
    kafka,
    contextName: flags.attach ?? flags.bootstrapServer ?? 'kafka',
    isReadOnly: flags.readOnly ?? false,
    isProtected: false,
    beforeExit: async () => {
      await Promise.allSettled([kafka?.then((k) => k.close()), herder?.then((h) => h.close())]);
    },
  });
}

async function openKafka(flags: ConsoleFlags): Promise<Kafka> {
  const { openKafkaClient } = await import('./one-shot/kafka-client.ts');
  return openKafkaClient(flags.bootstrapServer, flags.commandConfig, SCREEN_DEFAULTS);
}

async function openHerder(urls: readonly string[]): Promise<Herder & { close(): void }> {
  const { createHttpHerder } = await import('../control/over-http.ts');
  return createHttpHerder(urls);
}

/** What the screen is given; `screens/run.tsx` implements it and src/main.ts hands it over, so that this room knows no React. */
export interface ScreenSources {
  readonly herder: Herder | null | Promise<Herder | null>;
  readonly kafka: Kafka | null | Promise<Kafka | null>;
  readonly contextName: string;
  readonly isReadOnly: boolean;
  readonly isProtected: boolean;
  readonly isWorkerEmbedded?: boolean;
  beforeExit(): Promise<void>;
}

export type OpenScreen = (sources: ScreenSources) => Promise<number>;

/** The console over the worker of this process and its Kafka. */
export async function openOverWorker(
  open: OpenScreen,
  worker: { readonly herder: Herder; stop(): Promise<void> },
  facts: { readonly contextName: string; readonly isReadOnly: boolean; readonly workerProperties: Readonly<Record<string, string>> },
): Promise<number> {
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
  return open({
    herder: worker.herder,
    kafka,
    contextName: facts.contextName,
    isReadOnly: facts.isReadOnly,
    isProtected: false,
    isWorkerEmbedded: true,
    beforeExit: async () => {
      try {
        await worker.stop();
      } catch (error) {
        process.stderr.write(`kconsole: the worker did not stop cleanly: ${messageOf(error)}\n`);
      }
      await kafka.close();
    },
  });
}
