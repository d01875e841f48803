import { defineConfig } from 'vitest/config';

const shared = {
  environment: 'node' as const,
  globalSetup: ['tests/support/setup.ts'],
  // Two cores: engine tests already use both, so one file at a time per core.
  maxWorkers: 2,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'fast',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/*.long.test.ts'],
          testTimeout: 60_000,
        },
      },
      { test: { ...shared, name: 'long', include: ['tests/**/*.long.test.ts'], testTimeout: 1_200_000 } },
    ],
  },
});
