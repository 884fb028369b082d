import { writeSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/**
 * Ends the run's output with one line for machines: `N passed, N failed`. A test that did not run (skipped, todo)
 * failed, and so did a file that could not be loaded and an error outside of any test.
 */
export class TallyReporter implements Reporter {
  private line = '0 passed, 1 failed'

  onInit(): void {
    // at the very end, behind what other reporters and the global teardown print
    process.once('exit', () => {
      writeSync(1, `${this.line}\n`)
      if (!this.line.endsWith(' 0 failed')) process.exitCode ||= 1
    })
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    let passed = 0
    let failed = errors.length
    for (const module of modules) {
      const before = failed
      for (const test of module.children.allTests()) {
        if (test.result().state === 'passed') passed++
        else failed++
      }
      if (failed === before && module.state() === 'failed') failed++
    }
    if (modules.length === 0) failed++
    this.line = `${passed} passed, ${failed} failed`
  }
}
