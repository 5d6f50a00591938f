import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `checks` needs nothing but Node; `services` gets real brokers (test/helpers/services.ts) and the built bundle. */
export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        test: {
          name: 'checks',
          include: ['test/unit/**/*.test.{ts,tsx}', 'test/architecture/**/*.test.ts'],
          env: { COLUMNS: '100', LINES: '30', TZ: 'UTC' },
          testTimeout: 15_000,
        },
      },
      {
        root,
        test: {
          name: 'services',
          include: ['test/integration/**/*.test.{ts,tsx}', 'test/journeys/**/*.test.{ts,tsx}'],
          globalSetup: ['test/helpers/services.ts'],
          env: { TZ: 'UTC' },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
