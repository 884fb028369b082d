/**
 * Computes what is due and writes it as points. The points themselves are the memory of what was done: after a stop
 * of any length, or beside another evaluator, what is missing is computed, and what is computed twice is the same.
 */
import {
  type Asked,
  type Basis,
  type Calendar,
  type Catalog,
  createZone,
  type Evaluated,
  evaluateAll,
  KiviError,
  lengthWindow,
  type MeasureSource,
  measuresOf,
  overallWatermark,
  type Point,
  type PointEnd,
  type PointStore,
  parseWindow,
  type Retention,
  type WatermarkSettings,
  watermarkOf,
} from '@kivi/domain'
import { CATCH_UP_MS } from './instants.ts'
import type { Affected, LateChecks } from './late.ts'
import { isRecorded, type Job, planJobs, type Recorded, type Why } from './plan.ts'

export interface RecorderDeps {
  readonly source: MeasureSource
  readonly points: PointStore
  /** time of the first event, epoch ms; null: there is none */
  readonly firstEvent: () => Promise<number | null>
  readonly late: LateChecks
  readonly retention: Retention
  readonly watermark: WatermarkSettings
  /** how long a pass may compute what is not due now, ms: catching up leaves time for answers */
  readonly budgetMs: number
  readonly now: () => number
  readonly tell: RecorderTelling
}

export interface RecorderTelling {
  recorded(fields: { indicator: string; why: Why; points: number; seconds: number }): void
  recordingFailed(fields: { indicator: string; error: unknown; pauseMs: number }): void
  recordingLag(fields: { indicator: string; seconds: number }): void
  recordingBacklog(fields: { jobs: number }): void
}

export interface Recorder {
  pass(catalog: Catalog, signal: AbortSignal): Promise<void>
}

/** What all evaluations of a pass share. */
interface Moment {
  readonly catalog: Catalog
  readonly basis: Basis
  /** how far the data of each recorded indicator are */
  readonly watermarks: ReadonlyMap<string, number>
}

export function createRecorder(deps: RecorderDeps): Recorder {
  const { source, points, tell, now } = deps
  const resting = createPauses(now)
  let highest = -1

  async function openMoment(catalog: Catalog, recorded: readonly Recorded[]): Promise<Moment | null> {
    const begun = now()
    const progress = await source.progress()
    highest = overallWatermark(progress, begun, deps.watermark, highest)
    if (highest < 0) return null
    const calendar: Calendar = { zone: createZone(catalog.timezone), fiscalYearStart: catalog.fiscalYearStart }
    const derived = new Map<string, number | null>()
    const watermarks = new Map<string, number>()
    for (const indicator of recorded) {
      const measures = measuresOf(catalog, indicator)
      derived.set(keyOf(measures), (await source.derived(catalog, measures)).watermark)
      const basis = { watermark: highest, asOf: null, derived: () => derived.get(keyOf(measures)) ?? null }
      const reached = watermarkOf(basis, measures)
      if (reached !== null) watermarks.set(indicator.id, reached)
    }
    const newest = Math.max(-1, ...progress.map(row => row.watermark))
    const basis: Basis = {
      now: begun,
      watermark: highest,
      calendar,
      retention: deps.retention,
      derived: measures => derived.get(keyOf(measures)) ?? null,
      newest: newest < 0 ? null : newest + deps.watermark.disorder,
      asOf: null,
    }
    return { catalog, basis, watermarks }
  }

  /** One window after the other: a recording must not make answers wait. */
  async function compute(moment: Moment, { indicator, to, why }: Job, there: boolean): Promise<void> {
    const begun = performance.now()
    const computedAt = now()
    const length = parseWindow(indicator.window)
    if (!length.ok) throw new KiviError('catalog_invalid', `${indicator.id}: ${length.reason}`)
    const window = lengthWindow(to - length.ms, to)
    const { by } = indicator.record
    const asked: Asked[] = [{ indicator, window, by: [], filters: [] }]
    if (by.length > 0) asked.push({ indicator, window, by, filters: [] })
    const answers = await evaluateAll(source, moment.catalog, asked, moment.basis)
    const known = moment.watermarks.get(indicator.id)!
    const pointOf = (by: readonly string[], { group, evaluation, interval }: Evaluated): Point => ({
      indicator: indicator.id,
      version: indicator.version,
      window: indicator.window,
      by,
      group,
      from: window.from,
      to,
      value: evaluation.value,
      reason: evaluation.reason,
      n: evaluation.n,
      parts: evaluation.parts,
      interval,
      complete: known >= to,
      provisional: evaluation.provisional,
      provisionalUntil: evaluation.provisionalUntil,
      known,
      computedAt,
    })
    const groups = (answers[1] ?? []).map(each => pointOf(by, each))
    if (there && by.length > 0) groups.push(...(await vanished(groups, pointOf)))
    // the total last: it says that all of them are there
    await points.write([...groups, ...answers[0]!.map(each => pointOf([], each))])
    tell.recorded({
      indicator: indicator.id,
      why,
      points: groups.length + 1,
      seconds: (performance.now() - begun) / 1000,
    })

    /** Groups that were recorded before and have nothing any more. */
    async function vanished(present: readonly Point[], point: typeof pointOf): Promise<Point[]> {
      const { id, version } = indicator
      const before = await points.read({ indicator: id, version, window: indicator.window, by, from: to, to: to + 1 })
      const kept = new Set(present.map(({ group }) => JSON.stringify(group)))
      return before
        .filter(({ group, value }) => value !== null && !kept.has(JSON.stringify(group)))
        .map(({ group }) => point(by, { group, evaluation: NOTHING, interval: null }))
    }
  }

  /** What an indicator cannot compute does not hold up the others; a ClickHouse that is away does. */
  async function attempt(moment: Moment, job: Job, there: boolean): Promise<void> {
    const { id } = job.indicator
    try {
      await compute(moment, job, there)
      resting.well(id)
    } catch (error) {
      if (error instanceof KiviError && (error.code === 'store_unreachable' || error.code === 'store_retriable'))
        throw error
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
      const ends = Map.groupBy(await points.ends(moment.basis.watermark! - CATCH_UP_MS), pointKey)
      const { zone } = moment.basis.calendar
      const jobs: Job[] = []
      const revised = await deps.late.affected(moment.basis.watermark!)
      for (const indicator of recorded) {
        const watermark = moment.watermarks.get(indicator.id)
        if (watermark === undefined) continue
        const there = ends.get(indicatorKey(indicator)) ?? []
        const planned = planJobs({ indicator, watermark, since, zone, recorded: there })
        const newest = there.at(-1)?.to
        if (newest !== undefined)
          tell.recordingLag({ indicator: indicator.id, seconds: Math.max(0, watermark - newest) / 1000 })
        jobs.push(...planned, ...lateJobs(indicator, there, revised, catalog, moment.basis.calendar, planned))
      }
      const has = new Set([...ends].flatMap(([key, list]) => list.map(({ to }) => `${key} ${to}`)))
      const there = ({ indicator, to }: Job): boolean => has.has(`${indicatorKey(indicator)} ${to}`)
      const due = jobs.filter(({ why }) => why === 'due')
      // late ones first: until they are done, the same late events are found again
      const rest = [
        ...jobs.filter(({ why }) => why === 'late'),
        ...jobs.filter(({ why }) => why !== 'due' && why !== 'late'),
      ]
      for (const job of due) {
        signal.throwIfAborted()
        if (!resting.rests(job.indicator.id)) await attempt(moment, job, there(job))
      }
      const until = performance.now() + deps.budgetMs
      let left = rest.length
      let lateLeft = rest.filter(({ why }) => why === 'late').length
      for (const job of rest) {
        if (performance.now() > until) break
        signal.throwIfAborted()
        left--
        if (job.why === 'late') lateLeft--
        if (!resting.rests(job.indicator.id)) await attempt(moment, job, there(job))
      }
      if (lateLeft === 0) await revised.done()
      tell.recordingBacklog({ jobs: left })
    },
  }
}

const NOTHING = {
  value: null,
  reason: 'no_data',
  parts: {},
  n: 0,
  late: 0,
  provisional: false,
  provisionalUntil: null,
} as const

const keyOf = (measures: ReadonlyArray<{ readonly id: string }>): string => measures.map(({ id }) => id).join(' ')
const pointKey = ({ indicator, version, window }: PointEnd): string => `${indicator} ${version} ${window}`
const indicatorKey = ({ id, version, window }: Recorded): string => `${id} ${version} ${window}`

/** Points that late events have changed, each once. */
function lateJobs(
  indicator: Recorded,
  there: readonly PointEnd[],
  revised: Affected,
  catalog: Catalog,
  calendar: Calendar,
  planned: readonly Job[],
): Job[] {
  const also = new Set(planned.map(({ to }) => to))
  return there
    .filter(point => !also.has(point.to) && revised.changes(indicator, catalog, calendar, point))
    .map(({ to }) => ({ indicator, to, why: 'late' as const }))
}

const FIRST_PAUSE_MS = 10_000
const LONGEST_PAUSE_MS = 600_000

/** An indicator that fails rests for ever longer. */
function createPauses(now: () => number) {
  const failing = new Map<string, { pause: number; until: number }>()
  return {
    rests: (id: string): boolean => (failing.get(id)?.until ?? 0) > now(),
    well: (id: string): void => void failing.delete(id),
    failed(id: string): number {
      const pause = Math.min(LONGEST_PAUSE_MS, 2 * (failing.get(id)?.pause ?? FIRST_PAUSE_MS / 2))
      failing.set(id, { pause, until: now() + pause })
      return pause
    },
  }
}
