import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongFirst } from './test/setup/sequence.ts'

export default defineConfig({
  // What imports 'sluice' in a test is given its source, not what was last compiled, wherever it lies: also a connector's file
  // in a temporary folder, from which there is no package of that name.
  resolve: {
    alias: [
      { find: /^sluice$/, replacement: join(import.meta.dirname, 'src/index.ts') },
      { find: /^sluice\/testing$/, replacement: join(import.meta.dirname, 'src/testing/index.ts') },
    ],
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/fixtures/**', 'test/long/**'],
    sequence: { sequencer: LongFirst },
    globalSetup: ['test/setup/global.ts'],
    reporters: ['default', './test/reporter.ts'],
    // Tests wait for databases and sockets a third of their time.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
