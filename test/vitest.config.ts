import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './helpers/slowest-first.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `checks` needs nothing but Node; `services` gets real brokers (test/helpers/services.ts) and the built bundle. */
export default defineConfig({
  root,
  test: {
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        root,
        test: {
          name: 'checks',
          include: ['test/unit/**/*.test.{ts,tsx}', 'test/architecture/**/*.test.ts'],
          env: { COLUMNS: '100', LINES: '30', TZ: 'UTC' },
          // Against hanging; property tests take long on a machine that others use as well.
          testTimeout: 180_000,
          // Most of a unit test's time went into importing what the file before it had imported already.
          isolate: false,
          // One more than there are cores to count on: screens and threads are waited for.
          maxWorkers: 3,
        },
      },
      {
        root,
        test: {
          name: 'services',
          include: ['test/integration/**/*.test.{ts,tsx}', 'test/journeys/**/*.test.{ts,tsx}'],
          globalSetup: ['test/helpers/services.ts'],
          env: { TZ: 'UTC' },
          // Against hanging: what is waited for has its own limit, and a sentence for it.
          testTimeout: 400_000,
          hookTimeout: 400_000,
          // Most of their time they wait for brokers, timers and programs.
          maxWorkers: 3,
        },
      },
    ],
  },
});
