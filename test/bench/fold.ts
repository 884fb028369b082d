/**
 * What judge and fold cost per event, beside a fold as one would write it without thinking about it: Maps with string
 * keys, Sets of strings, an object per cell. Events are as the peers have them: two hours, 50 campaigns × 8 channels,
 * 100,000 persons; kept are four counts, a sum and distinct persons, in three levels. `npm run bench -- fold`
 */
import {
  createDuplicateSet,
  createFolder,
  createJudge,
  createZone,
  type Dictionary,
  type EventColumns,
  type Expression,
  type Layout,
  type Measure,
  OUTCOME,
  QUARTER_HOUR,
  sumUnits,
  TEN_SECONDS,
} from '@kivi/domain'

const EVENTS = 500_000
const SET = 10_000
const BATCH = 100_000
const ROUNDS = 3
const START = Date.UTC(2026, 0, 1)
const SPAN = (EVENTS / 2_000_000) * 7_200_000
const TYPES = ['impression', 'click', 'purchase', 'ticket']
const SHARES = [70, 20, 6, 4].flatMap((share, type) => new Array<number>(share).fill(type))
const layout: Layout = {
  eventTypes: TYPES,
  strings: ['campaign', 'channel'],
  numbers: ['amount'],
  hashed: [],
  constants: [[], []],
}
const zone = createZone('UTC')

/** Pseudo-random 32-bit numbers, the same in every run (mulberry32). */
let state = 42
function random(): number {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return (t ^ (t >>> 14)) >>> 0
}
const below = (n: number): number => random() % n

function measure(id: string, given: Partial<Measure>): Measure {
  const text = { en: id }
  const rest = { unit: '', quantile: null, better: 'higher', filter: null, expr: null, distinct: null } as const
  return {
    id,
    label: text,
    description: text,
    events: [],
    agg: 'count',
    dimensions: ['campaign', 'channel'],
    ...rest,
    ...given,
  }
}
const amount: Expression = {
  source: 'amount',
  type: 'number',
  fields: ['amount'],
  evaluate: event => event['amount'] as number,
  toColumns: () => 'n0[i]',
  toSql: () => 'amount',
}
const measures = [
  ...TYPES.map(type => measure(`${type}s`, { events: [type] })),
  measure('revenue', { events: ['purchase'], agg: 'sum', expr: amount }),
  measure('persons', { agg: 'count_distinct', distinct: 'person' }),
]

function columnsOf(first: number): EventColumns {
  const lanes = () => new Int32Array(SET)
  const columns: EventColumns = {
    count: SET,
    offset: new Float64Array(SET),
    stamp: new Float64Array(SET),
    outcome: new Uint8Array(SET),
    rejections: new Map(),
    eventTime: new Float64Array(SET),
    type: lanes(),
    idHigh: lanes(),
    idLow: lanes(),
    personHigh: lanes(),
    personLow: lanes(),
    strings: [lanes(), lanes()],
    numbers: [new Float64Array(SET).fill(Number.NaN)],
    hashedHigh: [],
    hashedLow: [],
  }
  for (let i = 0; i < SET; i++) {
    const n = first + i
    const person = below(100_000)
    columns.offset[i] = n
    columns.stamp[i] = START + Math.floor((n * SPAN) / EVENTS)
    columns.eventTime[i] = Math.max(START, columns.stamp[i]! - Math.floor((random() / 2 ** 32) ** 3 * 30_000))
    columns.type[i] = SHARES[below(100)]!
    columns.idHigh[i] = random()
    columns.idLow[i] = random()
    columns.personHigh[i] = Math.imul(person + 1, 0x9e3779b1)
    columns.personLow[i] = person
    columns.strings[0]![i] = 1 + below(50)
    columns.strings[1]![i] = 1 + below(8)
    if (columns.type[i] === 2) columns.numbers[0]![i] = Math.round(100 + below(20_000)) / 100
  }
  return columns
}

const texts = (prefix: string): Dictionary => ({
  size: 51,
  id: () => 0,
  idOf: () => 0,
  text: id => `${prefix}-${id}`,
  reset: () => undefined,
})

const sets = Array.from({ length: EVENTS / SET }, (_, k) => columnsOf(k * SET))
const settings = { retentionRaw: 400 * 86_400_000, clockSkew: 300_000, horizon: 3_600_000, disorder: 30_000 }

/** CPU seconds of a stage, summed over its calls. */
const stages = { judge: 0, fold: 0, take: 0 }
function timed<T>(stage: keyof typeof stages, work: () => T): T {
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  stages[stage] += user + system
  return result
}

function quick(): string {
  const judge = createJudge(settings)
  const folder = createFolder({ measures, layout, zone, dictionaries: [texts('cmp'), texts('channel')] })
  let events = 0
  let sum = 0
  let rows = 0
  for (const [k, columns] of sets.entries()) {
    columns.outcome.fill(OUTCOME.pending)
    timed('judge', () => judge.judge(columns, 0, SET))
    timed('fold', () => folder.add(columns, judge.watermarkBefore, 0, SET))
    if (((k + 1) * SET) % BATCH !== 0) continue
    const { months } = timed('take', () => folder.take())
    judge.cut()
    for (const block of months) {
      rows += block.rows
      for (let row = 0; row < block.rows; row++) {
        if (block.level[row] !== 3) continue
        if (block.measure[row]! < 4) events += block.count[row]!
        sum += block.sumLow[row]!
      }
    }
  }
  return `${events} events, ${sum / 10_000} in all, ${rows} rows`
}

interface NaiveCell {
  count: number
  sum: bigint
  persons: Set<string>
}

/** The events as JSON.parse would have left them: made beforehand, as the columns are. */
const objects = sets.flatMap(columns =>
  Array.from({ length: SET }, (_, i) => ({
    id: `${columns.idHigh[i]}-${columns.idLow[i]}`,
    type: TYPES[columns.type[i]!]!,
    time: columns.eventTime[i]!,
    campaign: `cmp-${columns.strings[0]![i]}`,
    channel: `channel-${columns.strings[1]![i]}`,
    person: `u${columns.personLow[i]}`,
    amount: columns.numbers[0]![i]!,
  })),
)

function naive(): string {
  const seen = new Map<string, number>()
  let cells = new Map<string, NaiveCell>()
  let events = 0
  let sum = 0n
  let rows = 0
  const add = (key: string) => {
    const known = cells.get(key)
    if (known !== undefined) return known
    const cell = { count: 0, sum: 0n, persons: new Set<string>() }
    cells.set(key, cell)
    return cell
  }
  objects.forEach((event, n) => {
    if (seen.has(event.id)) return
    seen.set(event.id, event.time)
    const day = zone.day(event.time).start
    const starts = [TEN_SECONDS, QUARTER_HOUR].map(length => Math.floor(event.time / length) * length)
    for (const [level, start] of [...starts, day].entries()) {
      const place = `level ${level}|${start}|${event.campaign}|${event.channel}`
      add(`${event.type}s|${place}`).count++
      if (event.type === 'purchase') add(`revenue|${place}`).sum += BigInt(sumUnits(event.amount))
      add(`persons|${place}`).persons.add(event.person)
    }
    if ((n + 1) % BATCH !== 0) return
    for (const [key, cell] of cells) {
      rows++
      if (key.includes('level 2')) {
        events += cell.count
        sum += cell.sum
      }
    }
    cells = new Map()
  })
  return `${events} events, ${Number(sum) / 10_000} in all, ${rows} rows`
}

const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[numbers.length >> 1]!

function run(): void {
  const times: Record<'quick' | 'naive', number[]> = { quick: [], naive: [] }
  const answers = new Set<string>()
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, variant] of [
      ['quick', quick],
      ['naive', naive],
    ] as const) {
      if (round === 1 && name === 'quick') stages.judge = stages.fold = stages.take = 0
      const before = process.cpuUsage()
      answers.add(variant())
      const { user, system } = process.cpuUsage(before)
      if (round > 0) times[name].push(((user + system) * 1000) / EVENTS)
    }
  }
  const [a, b] = [median(times.quick), median(times.naive)]
  console.log([...answers].join('\n'))
  console.log(`judge and fold   ${a.toFixed(0)} ns CPU per event`)
  for (const [stage, us] of Object.entries(stages)) {
    console.log(`  ${stage.padEnd(14)} ${((us * 1000) / ROUNDS / EVENTS).toFixed(0)} ns`)
  }
  console.log(`Maps and objects ${b.toFixed(0)} ns CPU per event, ${(b / a).toFixed(1)} times as much`)
}

/**
 * Bytes of typed arrays that each stage makes per event once it has seen a few batches. The engine collects garbage for
 * every few dozen MB of them, so that they cost more than they look. What a collection within a stage frees is not seen.
 */
function allocation(): void {
  const made = { judge: 0, fold: 0, take: 0, cut: 0 }
  const judge = createJudge(settings)
  const folder = createFolder({ measures, layout, zone, dictionaries: [texts('cmp'), texts('channel')] })
  let counted = 0
  const count = (stage: keyof typeof made, work: () => unknown) => {
    const before = process.memoryUsage().arrayBuffers
    work()
    if (counted > 0) made[stage] += Math.max(0, process.memoryUsage().arrayBuffers - before)
  }
  for (const [k, columns] of sets.entries()) {
    if (k * SET >= EVENTS / 2) counted += SET
    columns.outcome.fill(OUTCOME.pending)
    count('judge', () => judge.judge(columns, 0, SET))
    count('fold', () => folder.add(columns, judge.watermarkBefore, 0, SET))
    if (((k + 1) * SET) % BATCH !== 0) continue
    count('take', () => folder.take())
    count('cut', () => judge.cut())
  }
  const bytes = Object.entries(made).map(([stage, sum]) => `${stage} ${(sum / counted).toFixed(1)}`)
  console.log(`typed arrays made, bytes per event: ${bytes.join(', ')}`)
}

function memory(): void {
  for (const millions of [1, 4]) {
    const set = createDuplicateSet(3_600_000)
    const before = process.cpuUsage()
    let largest = 0
    for (let n = 0; n < millions * 1e6; n++) {
      set.seen(random() | 0, random() | 0, START)
      largest = Math.max(largest, set.bytes / set.size)
    }
    const { user, system } = process.cpuUsage(before)
    const perId = ((user + system) * 1000) / (millions * 1e6)
    console.log(
      `duplicate set of ${millions} M ids: ${(set.bytes / 2 ** 20 / millions).toFixed(1)} MB per million, ${perId.toFixed(0)} ns an id`,
    )
  }
}

run()
allocation()
memory()
