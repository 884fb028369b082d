import type { Catalog, Funnel, ValueSegments } from '../definitions/index.ts'
import type { DimensionFilter, TimeRange } from '../ranges.ts'
import type { DerivedProgress } from './measure-source.ts'

/**
 * What persons went through, as analyses ask for it: counts of persons from derived tables and raw events. Throws
 * store_unreachable, store_retriable, store_rejected, question_too_large.
 */
export interface JourneySource {
  /** persons by the furthest step of their starts in the range; one entry per group, the ungrouped one has no texts */
  funnel(catalog: Catalog, question: FunnelQuestion): Promise<readonly FunnelGroup[]>
  /** persons by the period of their first time, and how many came back in which period */
  cohorts(catalog: Catalog, question: CohortQuestion): Promise<readonly CohortCounts[]>
  /** persons by segment, and what they were worth in the window */
  segments(catalog: Catalog, question: SegmentsQuestion): Promise<readonly SegmentWorth[]>
  /** persons who left and who stayed, by what they spoke of last */
  churnTopics(catalog: Catalog, question: ChurnQuestion): Promise<ChurnTopics>
  /** how far the tables of these entities are, and the links between ids */
  progress(catalog: Catalog, entities: readonly string[]): Promise<DerivedProgress>
}

/** Up to when things are known (epoch ms), and whether nothing after that counts. */
export interface Knowledge {
  readonly known: number
  readonly asOf: boolean
}

export interface FunnelQuestion extends Knowledge {
  readonly funnel: Funnel
  /** of the first step's event */
  readonly range: TimeRange
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
}

export interface FunnelGroup {
  readonly group: readonly string[]
  readonly steps: ReadonlyArray<{
    readonly persons: number
    /** ms from the step before, of those who reached this one; null: nobody did, or it is the first */
    readonly medianMs: number | null
  }>
}

export interface CohortQuestion extends Knowledge {
  /** a person-keyed entity */
  readonly entity: string
  /** a scalar field of type time; or a list, of which the first observation's time counts */
  readonly first: string
  /** a list whose observations' times say that the person is back */
  readonly again: string
  /** periods without gaps, oldest first: those of the cohorts, and those after them that are looked at */
  readonly periods: readonly TimeRange[]
  /** how many of `periods`, from the first on, are cohorts */
  readonly cohorts: number
  /** back in the period; or in it or any later one */
  readonly rule: 'on' | 'on_or_after'
}

export interface CohortCounts {
  /** index into the periods */
  readonly cohort: number
  readonly persons: number
  /** by how many periods later; what is absent is zero */
  readonly retained: ReadonlyMap<number, number>
}

export interface SegmentsQuestion extends Knowledge {
  readonly segments: ValueSegments
  /** membership is that of its beginning */
  readonly range: TimeRange
  readonly method: 'limits' | 'quantiles'
}

export interface SegmentWorth {
  /** null: persons who were not known when the window began */
  readonly segment: string | null
  readonly persons: number
  /** of what is measured in the window: integer of 10⁻⁴ */
  readonly sum: bigint
  readonly median: number | null
  /** of the value that decides membership; null where there are none */
  readonly lowest: number | null
  readonly highest: number | null
}

export interface ChurnQuestion extends Knowledge {
  /** who was active in it … */
  readonly preceding: TimeRange
  /** … and is not in this one has left */
  readonly range: TimeRange
  /** how long before the range what was said counts, ms */
  readonly saidWithinMs: number
}

export interface ChurnTopics {
  readonly churned: number
  readonly stayed: number
  /** persons by their last topic; those who spoke of nothing are in none */
  readonly topics: ReadonlyArray<{ readonly topic: string; readonly churned: number; readonly stayed: number }>
}
