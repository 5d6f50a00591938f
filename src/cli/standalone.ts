/** `kconsole standalone`: the worker of `connect-standalone`, with the console on top or headless. Exit codes as the original's. */
import { messageOf } from '../base/errors.ts';
import { logFor, logHub } from '../base/log.ts';
import { LogRing } from '../base/log-ring.ts';
import { readConnectorFile } from '../herder/connector-file.ts';
import { StartError } from '../herder/start-error.ts';
import { readPropertiesFile } from '../spec/properties-file.ts';
import type { OpenScreen } from './console.ts';
import { createLogOutput, parseLogFormat } from './log-output.ts';
import { untilAskedToEnd } from './signals.ts';
import { type NamedConnector, startWorkerSession, type WorkerSession } from './worker-session.ts';

export interface StandaloneFlags {
  readonly daemon?: boolean;
  readonly logFormat?: string;
  readonly readOnly?: boolean;
}

const LOGGER = 'org.apache.kafka.connect.cli.ConnectStandalone';
/** The worker could not be built: configuration, a port, no Kafka. */
const NOT_BUILT = 2;

interface ScreenIo {
  readonly open: OpenScreen;
  readonly ring: LogRing;
}

export async function runStandaloneCommand(
  workerFile: string,
  connectorFiles: readonly string[],
  flags: StandaloneFlags,
  open: OpenScreen,
): Promise<number> {
  const ring = new LogRing();
  logHub.attach(ring.sink);
  const hasScreen = !flags.daemon && process.stdout.isTTY && process.stdin.isTTY;
  if (!flags.daemon && !hasScreen) {
    process.stderr.write('kconsole: there is no terminal to draw on; add --daemon to run the worker without a screen.\n');
    return 1;
  }
  return hasScreen ? withScreen(workerFile, connectorFiles, flags, { open, ring }) : headless(workerFile, connectorFiles, flags, ring);
}

async function headless(workerFile: string, connectorFiles: readonly string[], flags: StandaloneFlags, ring: LogRing): Promise<number> {
  const asked = untilAskedToEnd();
  let output = createLogOutput('text');
  const detach = logHub.attach(output.sink);
  try {
    const properties = readPropertiesFile(workerFile);
    const format = parseLogFormat(flags.logFormat ?? properties['kconsole.log.format']);
    if (format === 'json') {
      detach();
      output = createLogOutput(format);
      logHub.attach(output.sink);
    }
    const connectors = readConnectors(connectorFiles);
    const session = await startWorkerSession(properties, connectors, ring);
    const signal = await asked;
    logFor(LOGGER).info(`${signal}: stopping; a second signal ends at once`);
    await session.stop();
    return 0;
  } catch (error) {
    logFor(LOGGER).error(messageOf(error));
    return error instanceof StartError ? error.exitCode : NOT_BUILT;
  } finally {
    await output.flush();
    // Sockets that a broken start left to close by themselves must not hold the process.
    setImmediate(() => process.exit());
  }
}

/** Throws StartError (3) naming the file. */
function readConnectors(files: readonly string[]): NamedConnector[] {
  return files.map((source) => {
    try {
      return { connector: readConnectorFile(source), source };
    } catch (error) {
      throw new StartError(3, messageOf(error), { cause: error });
    }
  });
}

async function withScreen(workerFile: string, connectorFiles: readonly string[], flags: StandaloneFlags, io: ScreenIo): Promise<number> {
  let worker: WorkerSession;
  try {
    const workerProperties = readPropertiesFile(workerFile);
    process.stderr.write('kconsole: starting the worker …\n');
    worker = await startWorkerSession(workerProperties, readConnectors(connectorFiles), io.ring);
  } catch (error) {
    process.stderr.write(`kconsole: ${messageOf(error)}\n`);
    setImmediate(() => process.exit());
    return error instanceof StartError ? error.exitCode : NOT_BUILT;
  }
  const { openOverWorker } = await import('./console.ts');
  return openOverWorker(io.open, worker, {
    contextName: 'standalone',
    isReadOnly: flags.readOnly ?? false,
    workerProperties: worker.properties,
  });
}
