import type { Answer } from '@kivi/client'

export type Retention = Answer<'retention'>
type Cohort = Retention['cohorts'][number]

/** Cohorts that are worth a row: from the first one that has anybody. */
export function peopled(cohorts: readonly Cohort[]): readonly Cohort[] {
  const first = cohorts.findIndex(cohort => cohort.persons > 0)
  return first < 0 ? [] : cohorts.slice(first)
}

/** How many columns say anything: the longest row, up to its last period that has begun. */
export const width = (cohorts: readonly Cohort[]): number =>
  Math.max(0, ...cohorts.map(cohort => cohort.cells.findLastIndex(cell => cell !== null) + 1))

/** The highest share beside the own period, which is always whole: shades are told apart up to it. */
export const highest = (cohorts: readonly Cohort[]): number =>
  Math.max(0, ...cohorts.flatMap(cohort => cohort.cells.slice(1).map(cell => cell?.rate ?? 0)))
