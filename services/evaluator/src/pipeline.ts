/**
 * What the evaluator does, each in a loop of its own, so that a costly recording never holds up the derived tables
 * that it reads.
 */
import type { DeriveReport, Deriver } from '@kivi/clickhouse'
import type { Catalog } from '@kivi/domain'
import type { Recorder } from './recording/recorder.ts'

export interface PipelineDeps {
  /** asked at the beginning of each pass: a running evaluator can take a changed catalog */
  readonly catalog: () => Catalog
  /** null: raw events are not kept, so nothing can be derived */
  readonly deriver: Deriver | null
  readonly recorder: Recorder
  readonly tell: { derived(report: DeriveReport, seconds: number): void }
}

/** Tells whether there is more to do at once. */
export type Pass = (signal: AbortSignal) => Promise<boolean>

export interface Pipeline {
  /** brings the derived tables up to date with the ledger */
  readonly derive: Pass
  /** records what is due, and what was missed as far as there is time */
  readonly record: Pass
}

export function createPipeline({ catalog, deriver, recorder, tell }: PipelineDeps): Pipeline {
  return {
    async derive(signal) {
      if (deriver === null) return false
      const begun = performance.now()
      const report = await deriver.pass(catalog(), signal)
      tell.derived(report, (performance.now() - begun) / 1000)
      return report.more
    },
    async record(signal) {
      await recorder.pass(catalog(), signal)
      return false
    },
  }
}
