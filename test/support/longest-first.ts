import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification, type Vitest } from 'vitest/node'

/**
 * The files that take longest, each about half a minute or more on two cores, the longest first. A machine that has
 * run them before knows better; on a fresh one a run should not end with one of them alone.
 */
export const LONGEST: readonly string[] = [
  'test/acceptance/real-input.test.ts',
  'test/acceptance/start-stop.test.ts',
  'test/scenario/shipped-catalog.test.ts',
  'test/acceptance/bad-input.test.ts',
  'test/integration/dashboard/indicator.test.ts',
  'test/integration/indicators/edges.test.ts',
  'test/integration/standalone-kafka.test.ts',
  'test/integration/dashboard/board.test.ts',
  'test/integration/indicators/golden.test.ts',
  'test/property/derived-tables.test.ts',
  'test/integration/dashboard/steering.test.ts',
  'test/integration/backfill-slices.test.ts',
  'test/integration/access/scope.test.ts',
  'test/chaos/alerts/alerts.test.ts',
  'test/integration/dashboard/analyses.test.ts',
  'test/integration/measures/pruning.test.ts',
  'test/chaos/chaos.test.ts',
  'test/integration/indicators/groceries.test.ts',
  'test/integration/dashboard/alerts.test.ts',
  'test/integration/indicators/kafka.test.ts',
  'test/integration/indicators/histories.test.ts',
  'test/integration/journeys/attribution.test.ts',
  'test/integration/import/import.test.ts',
]

/** Vitest's order, but for files that have not run on this machine yet: of those, what takes longest begins first. */
export class LongestFirst extends BaseSequencer {
  readonly #vitest: Vitest

  constructor(vitest: Vitest) {
    super(vitest)
    this.#vitest = vitest
  }

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = (file: TestSpecification): number => {
      const place = LONGEST.indexOf(relative(this.#vitest.config.root, file.moduleId).replaceAll('\\', '/'))
      return place < 0 ? LONGEST.length : place
    }
    const isKnown = sorted.every(file => this.#vitest.cache.getTestSpecificationResult(file) !== undefined)
    // what failed last time comes first there, which is what somebody at work on it wants
    return isKnown ? sorted : sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}
