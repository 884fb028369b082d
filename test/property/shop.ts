/** A small shop for property tests: measures of every kind, events for them, and both ways to fold these. */
import {
  createFolder,
  createZone,
  type Dictionary,
  type EventColumns,
  type Expression,
  foldPlain,
  type Layout,
  type Measure,
  OUTCOME,
  type PlainEvent,
  type SliceRow,
  sliceRows,
} from '@kivi/domain'
import fc from 'fast-check'

export const ZONES = ['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia'].map(createZone)

const TYPES = ['purchase', 'click', 'view']
const CAMPAIGNS = ['', 'spring', 'summer', '秋']
const CHANNELS = ['', 'mail', 'ad']

const layout: Layout = {
  eventTypes: TYPES,
  strings: ['campaign', 'channel', 'properties.policy'],
  numbers: ['amount', 'quantity'],
  hashed: ['order_id'],
  constants: [[], ['ad'], []],
}

export interface ShopEvent {
  readonly type: string
  readonly time: number
  readonly campaign: string
  readonly channel: string
  readonly policy: string
  readonly amount: number | null
  readonly quantity: number | null
  /** 0n: none */
  readonly person: bigint
  readonly order: bigint
  readonly watermarkBefore: number
}

const expression = (
  source: string,
  type: Expression['type'],
  columns: string,
  evaluate: Expression['evaluate'],
): Expression => ({ source, type, fields: [], evaluate, toColumns: () => columns, toSql: () => source })

const numberOf = (value: unknown) => (typeof value === 'number' ? value : null)
const amount = expression('amount', 'number', 'n0[i]', event => numberOf(event['amount']))
const total = expression('amount * quantity', 'number', '(n0[i] * n1[i])', event => {
  const [a, b] = [numberOf(event['amount']), numberOf(event['quantity'])]
  return a === null || b === null ? null : a * b
})
const isAd = expression("channel == 'ad'", 'boolean', '(s1[i] === 1)', event => event['channel'] === 'ad')
const isDear = expression('amount > 10', 'boolean', '(n0[i] > 10)', event => {
  const value = numberOf(event['amount'])
  return value === null ? null : value > 10
})

const isValid = expression("properties.policy == ''", 'boolean', '(s2[i] === 0)', event => {
  const { policy } = event['properties'] as { policy?: string }
  return (policy ?? '') === ''
})

/** What holds for many measures, beside what holds for one. */
const valid = (own: Expression | null): Expression => ({
  ...(own === null ? isValid : isValidAnd(own)),
  parts: { own, shared: isValid },
})
const isValidAnd = (own: Expression): Expression =>
  expression(
    `(${own.source}) && (${isValid.source})`,
    'boolean',
    `(${own.toColumns(layout)} && ${isValid.toColumns(layout)})`,
    event => own.evaluate(event) === true && isValid.evaluate(event) === true,
  )

const measure = (id: string, given: Partial<Measure>): Measure => ({
  id,
  label: { en: id },
  description: { en: id },
  events: [],
  filter: null,
  agg: 'count',
  expr: null,
  distinct: null,
  dimensions: [],
  unit: '',
  quantile: null,
  better: 'higher',
  ...given,
})

export const measures: readonly Measure[] = [
  measure('events', {}),
  measure('clicks', { events: ['click', 'view'], filter: isAd, dimensions: ['campaign', 'channel'] }),
  measure('revenue', { events: ['purchase'], agg: 'sum', expr: total, dimensions: ['campaign', 'channel'] }),
  measure('mean_amount', { agg: 'mean', expr: amount, dimensions: ['channel', 'campaign'] }),
  measure('least', { agg: 'min', expr: amount, filter: isDear, dimensions: ['campaign', 'channel'] }),
  measure('most', { agg: 'max', expr: amount, dimensions: ['properties.policy'] }),
  measure('persons', { agg: 'count_distinct', distinct: 'person', dimensions: ['campaign', 'channel'] }),
  measure('buyers', { events: ['purchase'], agg: 'count_distinct', distinct: 'person' }),
  measure('orders', { agg: 'count_distinct', distinct: 'order_id', dimensions: ['properties.policy'] }),
  measure('valid_events', { filter: valid(null), dimensions: ['channel'] }),
  measure('valid_clicks', { events: ['click', 'view'], filter: valid(isAd), dimensions: ['campaign', 'channel'] }),
  measure('valid_least', { agg: 'min', expr: amount, filter: valid(isDear), dimensions: ['campaign', 'channel'] }),
  measure('amount_p90', { agg: 'quantile', expr: amount, quantile: 0.9, dimensions: ['campaign'] }),
]

/** Near each other, so that cells are shared; over the ends of slices, days, months and a skipped day. */
const instants = [
  Date.UTC(2026, 10, 21, 12),
  Date.UTC(2026, 10, 30, 18, 15),
  Date.UTC(2011, 11, 30, 10),
  Date.UTC(2006, 9, 29, 2, 30),
]
const time = fc
  .tuple(
    fc.constantFrom(...instants),
    fc.oneof(fc.integer({ min: -15_000, max: 15_000 }), fc.integer({ min: -2e6, max: 2e8 })),
  )
  .map(([instant, ms]) => instant + ms)

const number = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -2000, max: 20_000 }).map(cents => cents / 100) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      0,
      -0,
      0.00005,
      -0.00005,
      0.1 + 0.2,
      1e-12,
      2 ** 40,
      -(2 ** 40),
      2 ** 40 - 0.5,
      1_048_575.9999,
    ),
  },
)
const small = fc.constantFrom(-1, 0, 1, 2, 0.5)

export const shopEvent: fc.Arbitrary<ShopEvent> = fc
  .record({
    type: fc.constantFrom(...TYPES),
    time,
    campaign: fc.constantFrom(...CAMPAIGNS),
    channel: fc.constantFrom(...CHANNELS),
    policy: fc.constantFrom('', 'a', 'b'),
    amount: fc.option(number),
    quantity: fc.option(small),
    person: fc.constantFrom(0n, 1n, 2n, 3n << 32n, (1n << 64n) - 1n),
    order: fc.constantFrom(0n, 5n, 6n),
    lag: fc.oneof(fc.constant(null), fc.integer({ min: -30_000, max: 2e8 })),
  })
  .map(({ lag, ...event }) => ({ ...event, watermarkBefore: lag === null ? -1 : event.time + lag }))

const plainOf = (event: ShopEvent): PlainEvent => ({
  fields: {
    event_type: event.type,
    campaign: event.campaign,
    channel: event.channel,
    properties: event.policy === '' ? {} : { policy: event.policy },
    ...(event.amount === null ? {} : { amount: event.amount }),
    ...(event.quantity === null ? {} : { quantity: event.quantity }),
  },
  time: event.time,
  watermarkBefore: event.watermarkBefore,
  person: event.person,
  hashOf: field => (field === 'order_id' ? event.order : 0n),
})

export const foldSlowly = (events: readonly ShopEvent[], zone = ZONES[0]!): SliceRow[] =>
  foldPlain(events.map(plainOf), measures, zone)

/** A folder with dictionaries of its own, and what turns events into columns for it. */
export function quickShop(zone = ZONES[0]!) {
  const dictionaries = layout.constants.map(interned)
  const folder = createFolder({ measures, layout, zone, dictionaries })
  return {
    folder,
    dictionaries,
    /** all of them as accepted, unless outcomes and a range say otherwise */
    add(events: readonly ShopEvent[], outcomes: readonly number[] = [], first = 0, last = events.length): void {
      const columns = columnsOf(events, dictionaries)
      columns.outcome.set(outcomes)
      const watermarks = Float64Array.from(events, event => event.watermarkBefore)
      folder.add(columns, watermarks, first, last)
    },
    take: () => sliceRows(folder.take()),
  }
}

export function foldQuickly(events: readonly ShopEvent[], zone = ZONES[0]!): SliceRow[] {
  const shop = quickShop(zone)
  shop.add(events)
  return shop.take()
}

function interned(constants: readonly string[]): Dictionary {
  const fresh = () => ['', ...constants]
  let texts = fresh()
  return {
    get size() {
      return texts.length
    },
    id: (bytes, start, end) => idOf(new TextDecoder().decode(bytes.subarray(start, end))),
    idOf: text => idOf(text),
    text: id => texts[id]!,
    reset() {
      texts = fresh()
    },
  }
  function idOf(text: string): number {
    const known = texts.indexOf(text)
    return known >= 0 ? known : texts.push(text) - 1
  }
}

const high = (hash: bigint) => Number(BigInt.asIntN(32, hash >> 32n))
const low = (hash: bigint) => Number(BigInt.asIntN(32, hash))

function columnsOf(events: readonly ShopEvent[], dictionaries: readonly Dictionary[]): EventColumns {
  const [campaign, channel, policy] = dictionaries as [Dictionary, Dictionary, Dictionary]
  return {
    count: events.length,
    offset: Float64Array.from(events, (_, k) => k),
    stamp: Float64Array.from(events, event => event.time),
    outcome: new Uint8Array(events.length).fill(OUTCOME.accepted),
    rejections: new Map(),
    eventTime: Float64Array.from(events, event => event.time),
    type: Int32Array.from(events, event => TYPES.indexOf(event.type)),
    idHigh: new Int32Array(events.length),
    idLow: new Int32Array(events.length),
    personHigh: Int32Array.from(events, event => high(event.person)),
    personLow: Int32Array.from(events, event => low(event.person)),
    strings: [
      Int32Array.from(events, event => campaign.idOf(event.campaign)),
      Int32Array.from(events, event => channel.idOf(event.channel)),
      Int32Array.from(events, event => policy.idOf(event.policy)),
    ],
    numbers: [
      Float64Array.from(events, event => event.amount ?? Number.NaN),
      Float64Array.from(events, event => event.quantity ?? Number.NaN),
    ],
    hashedHigh: [Int32Array.from(events, event => high(event.order))],
    hashedLow: [Int32Array.from(events, event => low(event.order))],
  }
}

/** Rows in one order, sets and histograms too, so that equal slices are equal values. */
export function canonical(rows: readonly SliceRow[]) {
  return rows
    .map(row => ({
      ...row,
      dims: [...row.dims],
      distinct: row.distinct.map(String).sort(),
      buckets: [...row.buckets].sort(([a], [b]) => a - b),
    }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

const keyOf = (row: { measure: string; level: number; start: number; dims: readonly string[] }) =>
  `${row.measure}|${row.level}|${row.start}|${row.dims.join('|')}`
