/** The tests that download every bundler, apart from the others: `npm run test:bundlers`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/bundlers/**/*.test.ts'],
    environment: 'node',
    globalSetup: ['test/fixtures/run-folder.ts'],
    provide: { root: import.meta.dirname, shared: '' },
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
});
