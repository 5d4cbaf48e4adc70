import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongFirst } from './test/setup/sequence.ts'

export default defineConfig({
  // What imports 'sluice' in a test is given its source, not what was last compiled.
  ssr: { resolve: { conditions: ['sluice-source', 'module', 'node', 'development|production'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/fixtures/**', 'test/long/**'],
    sequence: { sequencer: LongFirst },
    globalSetup: ['test/setup/global.ts'],
    reporters: ['default', './test/reporter.ts'],
    // Tests wait for databases and sockets more than they compute.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
