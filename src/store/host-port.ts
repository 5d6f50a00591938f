/** What only the program around the console can do: it knows this machine and the user's files. */
import type { CheckStep } from '../base/reach.ts';
import type { NewPlace, PlaceChoice } from './place.ts';

export interface HostPort {
  /** The worker behind this console, when a console before this one left it running on this host. */
  readonly leftWorker: LeftWorker | null;
  /** Nothing was asked for: the console begins with the question where to go. */
  readonly isStart: boolean;
  /** What was wrong with the user's files, a sentence each. */
  readonly problems: readonly string[];
  /** As they were when the console began. */
  readonly places: readonly PlaceChoice[];
  check(addresses: NewPlace): AsyncIterable<CheckStep>;
  /** Gives the addresses a name. Throws ConfigError: the name cannot be, or is taken. */
  save(name: string, addresses: NewPlace): void;
}

export interface LeftWorker {
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when it has ended. Throws ConnectError naming why it did not. */
  stop(): Promise<void>;
}

export const NO_HOST: HostPort = {
  leftWorker: null,
  isStart: false,
  problems: [],
  places: [],
  check: async function* () {},
  save: () => undefined,
};
