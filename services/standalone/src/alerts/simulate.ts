/** What a rule would have done over the last days, from stored values: the evaluation of a running Kivi, and nobody told. */
import {
  type AlertFact,
  type AlertRule,
  AlertState,
  type Catalog,
  ceilTo,
  createZone,
  dueInstants,
  floorTo,
  instantsAtOnce,
  KiviError,
  type MeasureSource,
  measuresBehind,
  overallWatermark,
  readRecord,
  readRule,
  stepAlerts,
  type WatermarkSettings,
} from '@kivi/domain'
import type { Config } from '@kivi/service-kit'

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
  readonly episodes: ReadonlyArray<{
    readonly labels: Readonly<Record<string, string>>
    readonly from: number
    /** null: it fires still */
    readonly to: number | null
    readonly value: number | null
    readonly reason: string | null
  }>
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
    calendar: { zone: createZone(catalog.timezone), fiscalYearStart: catalog.fiscalYearStart },
    derived: () => derived,
  }
  const to = floorTo(Math.min(watermark, derived), rule.everyMs)
  // of older days there are quarters of an hour, and windows are made of these
  const fine = ceilTo(now - retention.tenSeconds + HOUR + rule.windowMs, QUARTER_HOUR)
  const isCoarse = rule.windowMs % QUARTER_HOUR === 0
  const wanted = to - days * DAY
  const from = ceilTo(isCoarse ? wanted : Math.max(wanted, fine), Math.max(rule.everyMs, QUARTER_HOUR))
  const alerting = { ...catalog.alerting, rules: new Map([[rule.id, rule]]), route: null }
  const state = new AlertState()
  const began = { kind: 'progress', rule: rule.id, version: rule.version, gap: null, goneSince: null } as const
  state.progress.set(rule.id, { ...began, instant: from - 1 })
  const facts: AlertFact[] = []
  let instants = 0

  async function evaluate(until: number, everyMs: number): Promise<void> {
    const stepped = { ...rule, everyMs }
    for (;;) {
      signal.throwIfAborted()
      const limits = { catchUpMs: Number.MAX_SAFE_INTEGER, most: instantsAtOnce(rule) }
      const due = dueInstants(state.progress.get(rule.id), stepped, until, limits)
      if (due.instants.length === 0) return
      instants += due.instants.length
      const found = await readRule(stepped, due.instants, { source, catalog, basis })
      const changes = stepAlerts(state, {
        ...{ alerting, now: due.instants.at(-1) ?? until, answers: [], silences: null, catchingUp: new Set<string>() },
        evaluations: [{ rule: stepped, gap: null, instants: found }],
        newKey: () => '',
        wording: {
          ...{ rules: alerting.rules, currency: catalog.currency, externalUrl: null, time: String },
          about: () => ({ label: indicator?.label ?? { en: '' }, unit: indicator?.unit ?? 'number' }),
        },
      })
      for (const change of changes) {
        if (change.value !== null) facts.push(...readRecord(change.value).facts)
        state.fold(change)
      }
    }
  }
  if (from < fine) await evaluate(Math.min(fine, to), Math.max(rule.everyMs, QUARTER_HOUR))
  await evaluate(to, rule.everyMs)
  const isAllFine = from >= fine || rule.everyMs % QUARTER_HOUR === 0
  return { from, to, instants, fineFrom: isAllFine ? null : fine, episodes: episodesOf(facts) }
}

function episodesOf(facts: readonly AlertFact[]): Simulation['episodes'] {
  const found = new Map<
    string,
    { -readonly [K in keyof Simulation['episodes'][number]]: Simulation['episodes'][number][K] }
  >()
  for (const fact of facts) {
    if (fact.fact !== 'firing' && fact.fact !== 'resolved') continue
    const key = `${fact.alert} ${fact.startsAt}`
    if (fact.fact === 'firing')
      found.set(key, { labels: fact.labels, from: fact.startsAt, to: null, value: fact.value, reason: null })
    const known = found.get(key)
    if (fact.fact === 'resolved' && known !== undefined) Object.assign(known, { to: fact.instant, reason: fact.reason })
  }
  return [...found.values()].sort((a, b) => a.from - b.from)
}
