/** The points of one instant of an indicator: its total and its groups, as far as the data are known now. */
import {
  type Asked,
  type Basis,
  type Calendar,
  type Catalog,
  createCalendar,
  type Evaluated,
  evaluateAll,
  type Indicator,
  KiviError,
  lengthWindow,
  type MeasureSource,
  measuresBehind,
  overallWatermark,
  type Point,
  type PointStore,
  parseWindow,
  type Retention,
  type WatermarkSettings,
  watermarkOf,
} from '@kivi/domain'

export interface ComputeDeps {
  readonly source: MeasureSource
  readonly points: PointStore
  readonly retention: Retention
  readonly watermark: WatermarkSettings
  readonly now: () => number
}

/** What all evaluations of a pass share. */
export interface Moment {
  readonly catalog: Catalog
  readonly calendar: Calendar
  readonly basis: Basis
  /** how far the events are, epoch ms */
  readonly watermark: number
  /** how far the data of each indicator are, by its id; one whose tables are being built is absent */
  readonly watermarks: ReadonlyMap<string, number>
}

/** Gives null before the first event. The watermark never goes back behind an earlier moment's. */
export function createMoments(deps: Omit<ComputeDeps, 'points'>) {
  let highest = -1
  return async function openMoment(catalog: Catalog, indicators: readonly Indicator[]): Promise<Moment | null> {
    const { source } = deps
    const now = deps.now()
    const progress = await source.progress()
    highest = overallWatermark(progress, now, deps.watermark, highest)
    if (highest < 0) return null
    const watermark = highest
    const calendar = createCalendar(catalog)
    const derived = new Map<string, number | null>()
    const watermarks = new Map<string, number>()
    const ofDerived: Basis['derived'] = measures => derived.get(keyOf(measures)) ?? null
    for (const indicator of indicators) {
      // as whoever evaluates asks for them
      const measures = measuresBehind(catalog, indicator)
      const key = keyOf(measures)
      if (!derived.has(key)) derived.set(key, (await source.derived(catalog, measures)).watermark)
      const reached = watermarkOf({ watermark, asOf: null, derived: ofDerived }, measures)
      if (reached !== null) watermarks.set(indicator.id, reached)
    }
    const newest = Math.max(-1, ...progress.map(row => row.watermark))
    const basis: Basis = {
      now,
      watermark,
      calendar,
      retention: deps.retention,
      derived: ofDerived,
      newest: newest < 0 ? null : newest + deps.watermark.disorder,
      asOf: null,
    }
    return { catalog, calendar, basis, watermark, watermarks }
  }
}

export interface PointsAsked {
  readonly indicator: Indicator
  /** end of the window, epoch ms */
  readonly to: number
  /** dimensions of the groups beside the total */
  readonly by: readonly string[]
  /** there are points of it already: groups that have nothing any more are said to have nothing */
  readonly again: boolean
}

/** Computes and writes them; gives how many. The total is written last: it says that all of them are there. */
export async function writePoints(deps: ComputeDeps, moment: Moment, question: PointsAsked): Promise<number> {
  const { indicator, to, by } = question
  const computedAt = deps.now()
  const length = parseWindow(indicator.window)
  if (!length.ok) throw new KiviError('catalog_invalid', `${indicator.id}: ${length.reason}`)
  const window = lengthWindow(to - length.ms, to)
  const known = moment.watermarks.get(indicator.id) ?? -1
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
  const asked: Asked[] = [{ indicator, window, by: [], filters: [] }]
  if (by.length > 0) asked.push({ indicator, window, by, filters: [] })
  const [totals = [], grouped = []] = await evaluateAll(deps.source, moment.catalog, asked, moment.basis)
  const groups = grouped.map(each => pointOf(by, each))
  const gone = question.again && by.length > 0 ? await vanished(deps.points, question, groups) : []
  const all = [
    ...groups,
    ...gone.map(group => pointOf(by, { group, evaluation: NOTHING, interval: null })),
    ...totals.map(each => pointOf([], each)),
  ]
  await deps.points.write(all)
  return all.length
}

async function vanished(
  points: PointStore,
  { indicator: { id, version, window }, to, by }: PointsAsked,
  present: readonly Point[],
): Promise<ReadonlyArray<readonly string[]>> {
  const before = await points.read({ indicator: id, version, window, by, from: to, to: to + 1 })
  const kept = new Set(present.map(({ group }) => JSON.stringify(group)))
  return before
    .filter(({ group, value }) => value !== null && !kept.has(JSON.stringify(group)))
    .map(({ group }) => group)
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
