import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** The walks that take minutes: `npm run test:long`. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    include: ['test/long/**/*.test.ts'],
    globalSetup: ['test/setup/global.ts'],
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
  },
})
