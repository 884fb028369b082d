/** What one pass of the evaluator does, in order: bring the derived tables up to date, then record what is due. */
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

export const createPipeline = ({ catalog, deriver, recorder, tell }: PipelineDeps): Pass =>
  async function pass(signal) {
    const current = catalog()
    const begun = performance.now()
    const report = (await deriver?.pass(current, signal)) ?? null
    if (report !== null) tell.derived(report, (performance.now() - begun) / 1000)
    await recorder.pass(current, signal)
    return report?.more ?? false
  }
