import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { requireNode } from './test/support/require-node.ts'
import { TallyReporter } from './test/support/tally-reporter.ts'

requireNode(24)

export default defineConfig({
  // packages/client is built for others; tests use its source
  ssr: { resolve: { conditions: ['kivi-source', 'module', 'node', 'development|production'] } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'services/*/src/**/*.test.ts',
      'infra/**/*.test.ts',
      'test/{support,independent,contract,property,scenario,integration,acceptance,chaos}/**/*.test.ts',
    ],
    globalSetup: 'test/support/global-setup.ts',
    reporters: ['default', new TallyReporter()],
    pool: 'forks',
    // most of a test's time is waiting for Kafka, ClickHouse and processes: on two cores two files at a time finish sooner,
    // and more than four would crowd the one broker and the one engine that all share
    maxWorkers: Math.min(4, Math.max(2, availableParallelism())),
    // no retries: a test that fails now and then tells of something
    retry: 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
})
