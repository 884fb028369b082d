/** What a rule would have done over the last days, from stored values: the evaluation of a running Kivi, and nobody told. */
import {
  type AlertRule,
  type Catalog,
  ceilTo,
  createCalendar,
  floorTo,
  KiviError,
  type MeasureSource,
  measuresBehind,
  overallWatermark,
  readRule,
  type WatermarkSettings,
} from '@kivi/domain'
import type { Config } from '@kivi/service-kit'
import { rememberCells } from './remembered-cells.ts'
import { createReplay, type Episode } from './replay.ts'

export interface SimulateOptions {
  readonly catalog: Catalog
  readonly source: MeasureSource
  readonly rule: AlertRule
  readonly days: number
  readonly retention: Config['retention']
  readonly watermark: WatermarkSettings
  readonly now: number
  readonly signal: AbortSignal
}

export interface Simulation {
  readonly from: number
  readonly to: number
  readonly instants: number
  /** since when at every instant, before that each quarter of an hour only; null: at every one all the time */
  readonly fineFrom: number | null
  readonly episodes: readonly Episode[]
}

const DAY = 86_400_000
const HOUR = 3_600_000
const QUARTER_HOUR = 900_000

export async function simulate(options: SimulateOptions): Promise<Simulation> {
  const { catalog, source, rule, days, retention, now, signal } = options
  const indicator = catalog.indicators.get(rule.indicator ?? '')
  if (indicator === undefined)
    throw new KiviError(
      'usage',
      `${rule.id} is about Kivi itself, of whose past nobody knows enough to judge it again.`,
    )
  const watermark = overallWatermark(await source.progress(), now, options.watermark)
  const { watermark: derived } = await source.derived(catalog, measuresBehind(catalog, indicator))
  if (watermark < 0 || derived === null) throw new KiviError('usage', 'No events have come yet: there is no past.')
  const basis = {
    ...{ now, watermark, retention },
    calendar: createCalendar(catalog),
    derived: () => derived,
  }
  const to = floorTo(Math.min(watermark, derived), rule.everyMs)
  // of older days there are quarters of an hour, and windows are made of these
  const fine = ceilTo(now - retention.tenSeconds + HOUR + rule.windowMs, QUARTER_HOUR)
  const isCoarse = rule.windowMs % QUARTER_HOUR === 0
  const wanted = to - days * DAY
  const from = ceilTo(isCoarse ? wanted : Math.max(wanted, fine), Math.max(rule.everyMs, QUARTER_HOUR))
  // windows of a day ago are those of the day before
  const remembered = rememberCells(source)
  const replay = createReplay({
    ...{ catalog, rules: [rule], from, signal },
    observe: (stepped, instants) => readRule(stepped, instants, { source: remembered, catalog, basis }),
  })
  if (from < fine) await replay.passTo(Math.min(fine, to), QUARTER_HOUR)
  await replay.passTo(to)
  const isAllFine = from >= fine || rule.everyMs % QUARTER_HOUR === 0
  return { from, to, instants: replay.instants(), fineFrom: isAllFine ? null : fine, episodes: replay.episodes() }
}
