import { type Catalog, COMMON_TEXT_FIELDS, type EventType, type FieldType, NO_ALERTING } from '@kivi/domain'

/** Advertising events of about 280 bytes, as a storefront sends them: 70 % impressions, 20 % clicks, purchases, tickets. */
export function benchEvents(count: number): Record<string, unknown>[] {
  let state = 42
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  const pick = <T>(values: readonly T[]): T => values[below(values.length)]!
  const hex = (digits: number) => Array.from({ length: digits }, () => below(16).toString(16)).join('')
  return Array.from({ length: count }, (_, i) => {
    const draw = below(100)
    const type = draw < 70 ? 'impression' : draw < 90 ? 'click' : draw < 96 ? 'purchase' : 'login'
    const channel = pick(['search', 'social', 'email', 'display', 'affiliate', 'push', 'video', 'direct'])
    return {
      event_id: `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
      event_type: type,
      user_id: `u${String(below(100_000)).padStart(6, '0')}`,
      campaign: `cmp-${String(below(50)).padStart(2, '0')}`,
      channel,
      ...(type === 'purchase' ? { amount: (100 + below(20_000)) / 100, currency: 'EUR' } : {}),
      event_time: 1_767_225_600_000 + Math.floor((i * 7_200_000) / count),
      page: `/p/sku-${String(below(1000)).padStart(5, '0')}?ref=${channel}`,
      device: pick(['ios', 'android', 'web', 'mac']),
      session: `s-${hex(8)}`,
      geo: pick(['DE-BE', 'FR-IDF', 'GB-LND', 'US-CA', 'IN-KA', 'BR-SP']),
      ip: `10.${below(256)}.${below(256)}.${below(256)}`,
      v: 1,
    }
  })
}

/** One schema for all types, as producers often have it. */
export const GENERIC_SCHEMA = {
  type: 'record',
  name: 'Event',
  fields: [
    ...['event_id', 'event_type', 'user_id', 'campaign', 'channel'].map(name => ({ name, type: 'string' })),
    { name: 'amount', type: ['null', 'double'], default: null },
    { name: 'currency', type: ['null', 'string'], default: null },
    { name: 'event_time', type: 'long' },
    ...['page', 'device', 'session', 'geo', 'ip'].map(name => ({ name, type: 'string' })),
    { name: 'v', type: 'int' },
  ],
}

export function benchCatalog(): Catalog {
  const type = (
    name: string,
    own: Readonly<Record<string, FieldType>>,
    required: readonly string[] = [],
  ): EventType => ({
    name,
    description: { en: name },
    fields: new Map<string, FieldType>([
      ...COMMON_TEXT_FIELDS.map(field => [field, { kind: 'string' }] as const),
      ['properties', { kind: 'map' }],
      ...Object.entries(own),
    ]),
    required,
    defaults: new Map(),
    identifiers: new Set(),
  })
  const types = [
    type('impression', { ad_id: { kind: 'string' }, target: { kind: 'enum', values: ['ad', 'email', 'cta'] } }),
    type('click', { ad_id: { kind: 'string' }, target: { kind: 'enum', values: ['ad', 'email', 'cta', 'link'] } }),
    type('purchase', { order_id: { kind: 'string' }, amount: { kind: 'double' }, quantity: { kind: 'long' } }, [
      'amount',
    ]),
    type('login', {}),
  ]
  return {
    hash: '0'.repeat(64),
    timezone: 'UTC',
    currency: 'EUR',
    fiscalYearStart: '01-01',
    eventTypes: new Map(types.map(entry => [entry.name, entry])),
    surveys: new Map(),
    measures: new Map(),
    derivedMeasures: new Map(),
    entities: new Map(),
    attributions: new Map(),
    references: new Map(),
    funnels: new Map(),
    valueSegments: new Map(),
    linkedBy: [],
    active: [],
    alerting: NO_ALERTING,
    digests: new Map(),
    indicators: new Map(),
    northStar: [],
    layout: {
      eventTypes: types.map(entry => entry.name),
      strings: ['campaign', 'channel'],
      numbers: ['amount'],
      hashed: [],
      constants: [[], []],
    },
    schemas: new Map(),
    files: new Map(),
  }
}
