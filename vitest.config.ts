import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'
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
    // much of a test's time is waiting for Kafka, ClickHouse and processes: on two cores three files at a time finish
    // soonest, and more than four would crowd the one broker and the one engine that all share
    maxWorkers: Math.min(4, availableParallelism() + 1),
    sequence: { sequencer: LongestFirst },
    // no retries: a test that fails now and then tells of something
    retry: 0,
    // a machine that does much else is slow, not wrong
    testTimeout: 180_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
  },
})
