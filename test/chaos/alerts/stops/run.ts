/**
 * Gap equals no gap: an evaluator that is killed again and again, for a second or for hours of event time, and one that
 * never stops, over the same stored data. At last one is stopped for longer than is caught up on.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAlertHistoryStore } from '@kivi/clickhouse'
import type { AlertFact, AlertInstance } from '@kivi/domain'
import { embeddedEventLog } from '@kivi/event-log'
import { LogReader } from '../../../integration/alerts/log.ts'
import { catalogWith, MINUTE, openShop, type Shop, slicesOf } from '../../../integration/alerts/shop.ts'
import { randomFrom } from '../../truth.ts'
import { writeCatalog } from '../catalog-directory.ts'
import { Evaluators } from '../evaluators.ts'
import { plan, type Schedule } from '../schedule.ts'
import { EVERY, HOUR, LATE, LATE_BEFORE, longOutages, RULES, SLOW, SLOW_FROM, stopsIn } from './timeline.ts'

export interface StopsOptions {
  readonly seed: number
  /** stops at random moments besides the three that there always are */
  readonly stops: number
  /** what is longer ago is not caught up on, ms; a day in real life */
  readonly catchUpMs: number
  /** address of a ClickHouse; absent: that of all tests */
  readonly clickhouse?: string
  readonly report: (line: string) => void
}

export interface StopsResult {
  /** `Rule campaign fact instant since`, as the histories have it */
  readonly always: readonly string[]
  readonly stopped: readonly string[]
  /** at each kill: why, and the phases in which alerts were */
  readonly kills: ReadonlyArray<{ readonly why: string; readonly ms: number; readonly phases: readonly string[] }>
  /** after a stop that was too long */
  readonly beyond: {
    /** `rule from to`, instants that were never judged, as the log has them and as they should be */
    readonly gaps: readonly string[]
    readonly expectedGaps: readonly string[]
    /** of the campaign that is out all the time, before and after */
    readonly before: readonly AlertInstance[]
    readonly after: readonly AlertInstance[]
    /** of the campaign that was about to be told of for an hour when it was stopped: when and since when it fired */
    readonly pendingAnew: readonly string[]
    readonly expectedAnew: readonly string[]
  }
}

export async function runStops({
  seed,
  stops: more,
  catchUpMs,
  clickhouse,
  report,
}: StopsOptions): Promise<StopsResult> {
  const random = randomFrom(seed)
  await using stack = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'kivi-stops-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  const catalog = await catalogWith(RULES)
  const files = await writeCatalog(directory, RULES)
  const open = async (name: string) => {
    const shop = stack.use(await openShop(catalog, clickhouse))
    const path = join(directory, `${name}.sqlite`)
    const log = embeddedEventLog({ path })
    stack.defer(() => log.close())
    const states = await log.states('kivi.alerts')
    stack.defer(() => states.close())
    const evaluators = new Evaluators(
      {
        ...process.env,
        KIVI_CLICKHOUSE_URL: shop.url,
        KIVI_CLICKHOUSE_DATABASE: shop.clickhouse.database,
        KIVI_CATALOG: files,
        KIVI_RETENTION_RAW: '0',
        KIVI_ALERTS_CATCH_UP: `${catchUpMs / 1000}s`,
        CHAOS_SESSION_TIMEOUT_MS: '5000',
        CHAOS_LOG: path,
      },
      directory,
    )
    stack.defer(() => evaluators.killAll())
    return { shop, evaluators, reader: new LogReader(states) }
  }
  const [one, other] = [await open('always'), await open('stopped')]

  const length = 200 * MINUTE + more * 30 * MINUTE
  const begin = Math.floor((Date.now() - 6 * 24 * HOUR) / HOUR) * HOUR
  let schedule = scheduleOfOne()
  while (longOutages(schedule).length < 2) schedule = scheduleOfOne()
  const stops = stopsIn(schedule, more, random).filter(({ to }) => to < schedule.end)
  const beyond = schedule.end + catchUpMs + HOUR
  await store(schedule.campaigns[0] ?? '', schedule.end, slice =>
    schedule.outages.some(({ from, to }) => slice >= from && slice < to) ? 0 : 2,
  )
  await store(LATE, beyond, slice => (slice >= schedule.end - LATE_BEFORE ? 0 : 2))
  await store(SLOW, beyond, slice => (slice >= begin + SLOW_FROM ? 0 : 2))

  await Promise.all([moveTo(begin + MINUTE), one.evaluators.start(), other.evaluators.start()])
  await Promise.all([judged(one, begin + MINUTE), judged(other, begin + MINUTE)])
  const kills: Array<StopsResult['kills'][number]> = []
  for (const { why, from, to } of stops) {
    await moveTo(from)
    await judged(other, from)
    kills.push({ why, ms: to - from, phases: phasesOf(other.reader) })
    await other.evaluators.killAll()
    await moveTo(to)
    await other.evaluators.start()
    await judged(other, to)
    report(`killed while ${why}: ${Math.round((to - from) / 1000)} s of event time; ${kills.at(-1)?.phases.join(', ')}`)
  }
  await moveTo(schedule.end)
  await Promise.all([judged(one, schedule.end), judged(other, schedule.end)])
  const [always, stopped] = [await history(one), await history(other)]

  const before = await ofSlow(other.reader)
  const known = other.reader.facts.length
  await other.evaluators.killAll()
  await moveTo(beyond)
  await other.evaluators.start()
  await judged(other, beyond)
  const facts = other.reader.facts.slice(known)
  return {
    ...{ always, stopped, kills },
    beyond: {
      gaps: facts.flatMap(fact => (fact.fact === 'gap' ? line(fact) : [])).sort(),
      expectedGaps: Object.entries(EVERY)
        .map(([rule, every]) => {
          const last = Math.floor(schedule.end / every) * every
          return `${rule} gap ${time(last + every)} ${time(Math.ceil((beyond - catchUpMs) / every) * every - every)}`
        })
        .sort(),
      ...{ before, after: await ofSlow(other.reader) },
      pendingAnew: facts.filter(({ labels }) => labels['campaign'] === LATE).flatMap(anew),
      expectedAnew: [`Slow pending ${time(beyond - catchUpMs)}`, `Slow firing ${time(beyond - catchUpMs + HOUR)}`],
    },
  }

  function scheduleOfOne(): Schedule {
    const whole = plan(begin, length, random)
    const campaigns = whole.campaigns.slice(0, 1)
    return { ...whole, campaigns, outages: whole.outages.filter(({ campaign }) => campaigns.includes(campaign)) }
  }

  async function store(campaign: string, to: number, clicks: (slice: number) => number): Promise<void> {
    const slices = slicesOf(catalog, campaign, begin, to, clicks)
    await Promise.all([one.shop.store(slices), other.shop.store(slices)])
  }

  async function moveTo(time: number): Promise<void> {
    await Promise.all([one.shop.watermark(time), other.shop.watermark(time)])
  }

  async function history({ shop, reader }: { shop: Shop; reader: LogReader }): Promise<string[]> {
    const store = createAlertHistoryStore(shop.clickhouse)
    const should = reader.facts.flatMap(line).sort()
    for (;;) {
      const facts = await store.read({ from: 0, to: Date.now() + HOUR, limit: 100_000 })
      const found = facts.flatMap(({ fact }) => line(fact)).sort()
      if (found.length >= should.length) return found
    }
  }
}

/** The last instant of each rule up to the time. */
async function judged({ reader }: { reader: LogReader }, time: number): Promise<void> {
  for (const [rule, every] of Object.entries(EVERY)) await reader.judged(rule, Math.floor(time / every) * every)
}

const phasesOf = ({ state }: LogReader): string[] => [
  ...new Set(
    [...state.instances.values()].flatMap(({ phase, rule }) => (phase === 'inactive' ? [] : [`${rule} ${phase}`])),
  ),
]

async function ofSlow(reader: LogReader): Promise<AlertInstance[]> {
  await reader.toEnd()
  return [...reader.state.instances.values()]
    .filter(({ labels }) => labels['campaign'] === SLOW)
    .sort((a, b) => (a.rule < b.rule ? -1 : 1))
}

const anew = (fact: AlertFact): string[] =>
  fact.fact === 'pending' || fact.fact === 'firing' ? [`${fact.rule} ${fact.fact} ${time(fact.instant)}`] : []

const time = (at: number): string => new Date(at).toISOString().slice(0, 19)

function line(fact: AlertFact): string[] {
  const who = `${fact.rule} ${fact.labels['campaign']}`
  if (fact.fact === 'pending') return [`${who} pending ${time(fact.instant)}`]
  if (fact.fact === 'firing' || fact.fact === 'resolved')
    return [`${who} ${fact.fact} ${time(fact.instant)} since ${time(fact.startsAt)} ${fact.value} ${fact.reason ?? ''}`]
  return fact.fact === 'gap' ? [`${fact.rule} gap ${time(fact.from)} ${time(fact.to)}`] : []
}
