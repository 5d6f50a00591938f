/** What a console looks at, and how it ends: made by the command line, taken by the screen, which neither know of the other. */
import type { SchemaRegistry } from '../control/schema-registry.ts';
import type { Herder } from '../herder/herder.ts';
import type { Kafka } from '../kafka/contract.ts';
import type { Addresses } from './addresses.ts';
import type { HostPort } from './host-port.ts';
import type { Leaving } from './leaving.ts';

export interface ScreenSources {
  /** `null`: no Connect. A promise: the console opens at once and waits for it beside. */
  readonly herder: Herder | null | Promise<Herder | null>;
  readonly kafka: Kafka | null | Promise<Kafka | null>;
  /** `null` or absent: no schemas. */
  readonly registry?: SchemaRegistry | null;
  readonly contextName: string;
  readonly isReadOnly: boolean;
  readonly isProtected: boolean;
  /** The worker runs in this process: leaving stops it, and the questions say so. */
  readonly isWorkerEmbedded?: boolean;
  /** Resolves when that worker has ended its work by itself: so does the console. */
  readonly workerEnded?: Promise<void>;
  /** Where it looks, for lines that are pasted elsewhere. */
  readonly addresses?: Addresses;
  /** What this machine can do for the console. */
  readonly host?: HostPort;
  /** `#rrggbb` of the context. */
  readonly colour?: string;
  /** Name of a skin, or a file; absent: the default. */
  readonly skin?: string;
  /** Said when the console opens. */
  readonly notice?: string;
  /** Ends what belongs to the console (the embedded worker, connections), or lets the worker go on. Runs on the restored terminal. */
  atEnd(leaving: Leaving): Promise<void>;
}
