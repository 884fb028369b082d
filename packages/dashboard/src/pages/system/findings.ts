import type { Answer } from '@kivi/client'

export type System = Answer<'system'>
export type Partition = NonNullable<System['partitions']>[number]

/** So long a partition may lag before somebody should look. Disorder and a batch take well under a minute. */
export const BEHIND_SECONDS = 120
/** A worker tells of itself every few seconds, also when nothing comes. */
const UNHEARD_SECONDS = 60
/** More than this share of the records set aside or uncounted is no accident of single events. */
const SHARE = 0.01
/** A derived table follows the watermark within minutes. */
const DERIVED_SECONDS = 900

/** reading: in time; idle: read to its end; behind: what it has is old; unheard: nobody tells of it any more */
export type PartitionState = 'reading' | 'idle' | 'behind' | 'unheard'

/** Something to look at; `count` is how many, `seconds` how long. What it means and what helps is told in words. */
export interface Finding {
  readonly what:
    | 'nothing_read'
    | 'unheard'
    | 'behind'
    | 'late_data'
    | 'rejected'
    | 'outside_of_time'
    | 'derived_waiting'
    | 'derived_behind'
    | 'unavailable'
  readonly severity: 'bad' | 'warn'
  readonly count: number
  readonly seconds: number
  readonly share: number
}

/** Seconds from one instant to another. */
export const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000

/** How a partition does, by the service's clock. */
export function partitionState(partition: Partition, at: string): PartitionState {
  const waits = partition.lag > 0
  if (waits && secondsBetween(partition.seen_at, at) > UNHEARD_SECONDS) return 'unheard'
  if (waits && partition.watermark !== null && secondsBetween(partition.watermark, at) > BEHIND_SECONDS) return 'behind'
  return partition.idle_since === null ? 'reading' : 'idle'
}

/** What is not as it should be, the worst first; empty: all is well as far as it is known. */
export function findingsOf(system: System): readonly Finding[] {
  const { partitions, last_day: day, derived_tables: derived, unavailable } = system
  const found: Finding[] = []
  const find = (what: Finding['what'], severity: Finding['severity'], more: Partial<Finding> = {}) =>
    found.push({ count: 0, seconds: 0, share: 0, ...more, what, severity })

  if (partitions?.length === 0) find('nothing_read', 'warn')
  const ages = (state: PartitionState) => (partitions ?? []).filter(one => partitionState(one, system.at) === state)
  const unheard = ages('unheard')
  if (unheard.length > 0)
    find('unheard', 'bad', {
      count: unheard.length,
      seconds: Math.max(...unheard.map(one => secondsBetween(one.seen_at, system.at))),
    })
  const behind = ages('behind')
  if (behind.length > 0)
    find('behind', 'bad', {
      count: behind.length,
      seconds: Math.max(...behind.map(one => secondsBetween(one.watermark as string, system.at))),
    })
  // nothing waits, and still the newest is old: nobody sends
  if (unheard.length + behind.length === 0 && (system.lag_seconds ?? 0) > BEHIND_SECONDS)
    find('late_data', 'warn', { seconds: system.lag_seconds ?? 0 })

  if (unavailable.length > 0) find('unavailable', 'warn', { count: unavailable.length })
  const records = day?.records ?? 0
  const part = (what: Finding['what'], count: number) => {
    if (records > 0 && count / records > SHARE) find(what, 'warn', { count, share: count / records })
  }
  part('rejected', day?.rejected ?? 0)
  part('outside_of_time', (day?.too_late ?? 0) + (day?.too_early ?? 0))

  const waiting = (derived ?? []).filter(table => !table.ready)
  if (waiting.length > 0) find('derived_waiting', 'warn', { count: waiting.length })
  const late = (derived ?? []).filter(table => table.ready && derivedLag(table, system) > DERIVED_SECONDS)
  if (late.length > 0)
    find('derived_behind', 'warn', {
      count: late.length,
      seconds: Math.max(...late.map(table => derivedLag(table, system))),
    })
  return found
}

/** How far a derived table is behind what is counted. */
function derivedLag(table: NonNullable<System['derived_tables']>[number], { watermark }: System): number {
  return table.watermark === null || watermark === null ? 0 : secondsBetween(table.watermark, watermark)
}
