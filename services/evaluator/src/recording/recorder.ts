/**
 * Computes what is due and writes it as points. The points themselves are the memory of what was done: after a stop
 * of any length, or beside another evaluator, what is missing is computed, and what is computed twice is the same.
 */
import { type Calendar, type Catalog, isStoreAway, type PointEnd } from '@kivi/domain'
import { createPauses } from '../pauses.ts'
import { type ComputeDeps, createMoments, type Moment, writePoints } from './compute.ts'
import { CATCH_UP_MS } from './instants.ts'
import type { Affected, LateChecks } from './late.ts'
import { isRecorded, type Job, planJobs, type Recorded, type Why } from './plan.ts'

export interface RecorderDeps extends ComputeDeps {
  /** time of the first event, epoch ms; null: there is none */
  readonly firstEvent: () => Promise<number | null>
  readonly late: LateChecks
  /** how long a pass may compute what is not due now, ms: catching up leaves time for answers */
  readonly budgetMs: number
  readonly tell: RecorderTelling
}

interface RecorderTelling {
  recorded(fields: { indicator: string; why: Why; points: number; seconds: number }): void
  recordingFailed(fields: { indicator: string; error: unknown; pauseMs: number }): void
  recordingLag(fields: { indicator: string; seconds: number }): void
  recordingBacklog(fields: { jobs: number }): void
}

export interface Recorder {
  pass(catalog: Catalog, signal: AbortSignal): Promise<void>
}

export function createRecorder(deps: RecorderDeps): Recorder {
  const { points, tell, now } = deps
  const openMoment = createMoments(deps)
  const resting = createPauses(now)

  /** What an indicator cannot compute does not hold up the others; a ClickHouse that is away does. */
  async function attempt(moment: Moment, { indicator, to, why }: Job, again: boolean): Promise<void> {
    const { id } = indicator
    if (resting.rests(id)) return
    const begun = performance.now()
    try {
      const written = await writePoints(deps, moment, { indicator, to, by: indicator.record.by, again })
      resting.well(id)
      tell.recorded({ indicator: id, why, points: written, seconds: (performance.now() - begun) / 1000 })
    } catch (error) {
      if (isStoreAway(error)) throw error
      tell.recordingFailed({ indicator: id, error, pauseMs: resting.failed(id) })
    }
  }

  return {
    async pass(catalog, signal) {
      const recorded = [...catalog.indicators.values()].filter(isRecorded)
      if (recorded.length === 0) return
      const moment = await openMoment(catalog, recorded)
      const since = moment === null ? null : await deps.firstEvent()
      if (moment === null || since === null) return
      const ends = Map.groupBy(await points.ends(moment.watermark - CATCH_UP_MS), pointKey)
      const revised = await deps.late.affected(moment.watermark)
      const jobs: Job[] = []
      for (const indicator of recorded) {
        const watermark = moment.watermarks.get(indicator.id)
        if (watermark === undefined) continue
        const there = ends.get(indicatorKey(indicator)) ?? []
        const planned = planJobs({ indicator, watermark, since, zone: moment.calendar.zone, recorded: there })
        const newest = there.at(-1)?.to
        if (newest !== undefined)
          tell.recordingLag({ indicator: indicator.id, seconds: Math.max(0, watermark - newest) / 1000 })
        jobs.push(...planned, ...lateJobs(indicator, there, revised, moment, planned))
      }
      const written = new Set([...ends].flatMap(([key, list]) => list.map(({ to }) => `${key} ${to}`)))
      const again = ({ indicator, to }: Job): boolean => written.has(`${indicatorKey(indicator)} ${to}`)
      const of = (...whys: readonly Why[]) => jobs.filter(({ why }) => whys.includes(why))

      for (const job of of('due')) {
        signal.throwIfAborted()
        await attempt(moment, job, again(job))
      }
      // late ones first: until they are done, the same late events are looked at again
      const [late, others] = [of('late'), of('ripe', 'missed')]
      const until = performance.now() + deps.budgetMs
      let done = 0
      for (const job of [...late, ...others]) {
        if (performance.now() > until) break
        signal.throwIfAborted()
        await attempt(moment, job, again(job))
        done++
      }
      if (done >= late.length) await revised.done()
      tell.recordingBacklog({ jobs: late.length + others.length - done })
    },
  }
}

const pointKey = ({ indicator, version, window }: PointEnd): string => `${indicator} ${version} ${window}`
const indicatorKey = ({ id, version, window }: Recorded): string => `${id} ${version} ${window}`

/** Points that late events have changed, each once. */
function lateJobs(
  indicator: Recorded,
  there: readonly PointEnd[],
  revised: Affected,
  { catalog, calendar }: { readonly catalog: Catalog; readonly calendar: Calendar },
  planned: readonly Job[],
): Job[] {
  const also = new Set(planned.map(({ to }) => to))
  return there
    .filter(point => !also.has(point.to) && revised.changes(indicator, catalog, calendar, point))
    .map(({ to }) => ({ indicator, to, why: 'late' as const }))
}
