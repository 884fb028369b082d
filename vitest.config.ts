import { defineConfig } from 'vitest/config'
import { requireNode } from './test/support/require-node.ts'
import { TallyReporter } from './test/support/tally-reporter.ts'

requireNode(24)

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'services/*/src/**/*.test.ts',
      'infra/**/*.test.ts',
      'test/{support,contract,property,scenario,integration,acceptance,chaos}/**/*.test.ts',
    ],
    globalSetup: 'test/support/global-setup.ts',
    reporters: ['default', new TallyReporter()],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
})
