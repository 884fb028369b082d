import { firstEventTime } from '@kivi/clickhouse'
import { type Catalog, createZone, DAY, type Indicator } from '@kivi/domain'
import { createMoments, writePoints } from './recording/compute.ts'
import { instantsBetween } from './recording/instants.ts'
import { backgroundSource, computeDeps, type Place } from './sources.ts'

export interface BackfillOptions extends Place {
  readonly catalog: Catalog
  readonly indicators: readonly Indicator[]
  /** windows that end in [from, to], epoch ms; null: from the first event, up to the watermark */
  readonly from: number | null
  readonly to: number | null
  /** null: as it is recorded, or by the day where it is not */
  readonly stepMs: number | null
  /** computes those again that are there already */
  readonly again: boolean
  readonly signal: AbortSignal
  /** of all instants of all indicators */
  readonly onProgress: (done: number, all: number) => void
}

export interface BackfillReport {
  /** points written */
  readonly points: number
  /** instants that were there already */
  readonly there: number
  /** ids of indicators whose derived tables are not there to be asked */
  readonly notReady: readonly string[]
}

/**
 * Points of the past, with the data as they are known now. What is there already is left alone, so that one that was
 * interrupted goes on where it stopped.
 */
export async function backfillPoints(options: BackfillOptions): Promise<BackfillReport> {
  const { catalog, indicators, signal } = options
  const deps = computeDeps(options, backgroundSource(options, catalog))
  const moment = await createMoments(deps)(catalog, indicators)
  const first = await firstEventTime(options.clickhouse)
  if (moment === null || first === null) return { points: 0, there: 0, notReady: [] }
  const zone = createZone(catalog.timezone)
  const from = Math.max(first, options.from ?? first)
  const recorded = new Set(
    (await deps.points.ends(from)).map(end => key(end.indicator, end.version, end.window, end.to)),
  )

  const ready = indicators.filter(({ id }) => moment.watermarks.has(id))
  const jobs = ready.flatMap(indicator => {
    const reached = moment.watermarks.get(indicator.id)!
    const step = options.stepMs ?? indicator.record?.everyMs ?? DAY
    return instantsBetween(step, from, Math.min(options.to ?? reached, reached), zone).map(to => ({ indicator, to }))
  })
  let points = 0
  let there = 0
  for (const [n, { indicator, to }] of jobs.entries()) {
    signal.throwIfAborted()
    const again = recorded.has(key(indicator.id, indicator.version, indicator.window, to))
    if (again && !options.again) there++
    else points += await writePoints(deps, moment, { indicator, to, by: indicator.record?.by ?? [], again })
    options.onProgress(n + 1, jobs.length)
  }
  return { points, there, notReady: indicators.filter(each => !ready.includes(each)).map(({ id }) => id) }
}

const key = (...parts: readonly (string | number)[]): string => parts.join(' ')
