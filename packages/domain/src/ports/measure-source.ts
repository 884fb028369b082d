import type { AnyMeasure, Catalog, Measure } from '../definitions/index.ts'
import type { AskedRange, DimensionFilter, TimeRange } from '../ranges.ts'
import type { ClusterMoments } from '../statistics/index.ts'
import type { PartitionProgress } from './batch-store.ts'
import type { SliceCell } from './slice-source.ts'

/** Numbers of measures of any kind: slices, derived tables and raw events behind one question. */
export interface MeasureSource {
  /**
   * Parts of each measure in each range, by group; one list of cells per question. What has nothing is absent.
   * Throws store_unreachable, store_retriable, store_rejected, question_too_large.
   */
  read(catalog: Catalog, questions: readonly MeasureQuestion[]): Promise<ReadonlyArray<readonly SliceCell[]>>
  /** the newest row of each partition; empty before the first batch */
  progress(): Promise<readonly PartitionProgress[]>
  /** how far the derived tables are that these measures rest on; by default all of the catalog */
  derived(catalog: Catalog, measures?: readonly AnyMeasure[]): Promise<DerivedProgress>
  /**
   * Two event measures of each person (of each local day, where an event has none) added up over them all, by group:
   * x of the numerator, y of the denominator, of those who have either. From one reading of raw events: null where
   * they are not kept so long. Throws as `read` does.
   */
  clusters(catalog: Catalog, question: ClusterQuestion): Promise<ClusterGroups | null>
}

export interface ClusterGroups {
  /** each with something in it; without dimensions the one of all, even where there is nothing */
  readonly groups: ReadonlyArray<{ readonly group: readonly string[]; readonly moments: ClusterMoments }>
  /** there are more than are told: those with the least in the denominator are left out */
  readonly truncated: boolean
}

export interface ClusterQuestion {
  /** count or sum */
  readonly numerator: Measure
  /** count or sum, or a distinct thing that is one person's, such as orders */
  readonly denominator: Measure
  readonly range: TimeRange
  /** dimensions that both declare */
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
}

export interface MeasureQuestion {
  readonly measures: readonly AnyMeasure[]
  readonly ranges: readonly AskedRange[]
  /** dimensions that every measure declares */
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
  /**
   * Up to when the data are known, epoch ms: what is ripe, and what a follow-up can have seen. The watermark; or the
   * past instant as of which is asked, and then nothing after it counts (slices, which know no later, are unaffected)
   */
  readonly known: number
  /** leave out of derived measures everything that happened at or after `known` */
  readonly asOf: boolean
}

/** Derived tables follow the ledger; `watermark` is what the events' was when they were last brought up to date. */
export interface DerivedProgress {
  /** changes whenever a derived table or a link may have changed */
  readonly version: string
  /** epoch ms, the least of the tables'; null while one of them is not built yet; infinite where there are none */
  readonly watermark: number | null
  /** wall clock of the last time, epoch ms; null before */
  readonly at: number | null
}
