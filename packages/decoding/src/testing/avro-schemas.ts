import avro from 'avsc'

/** Schemas as producers have them: of one type or of all, older and newer than the catalog's, and odd ones. */

const NULLABLE = (name: string, type: unknown, rest = {}) => ({ name, type: ['null', type], default: null, ...rest })
const TEXTS = (...names: string[]) => names.map(name => ({ name, type: 'string' }))
const record = (name: string, ...fields: unknown[]) => ({ type: 'record', name, namespace: 'shop', fields })
const MICROS = { type: 'long', logicalType: 'timestamp-micros' }

export const WRITER_SCHEMAS = {
  /** one record for all types */
  generic: record(
    'Event',
    ...TEXTS('event_id', 'event_type', 'user_id', 'campaign', 'channel'),
    NULLABLE('amount', 'double'),
    NULLABLE('quantity', 'int'),
    NULLABLE('target', 'string'),
    NULLABLE('ticket_id', 'string'),
    NULLABLE('action', 'string'),
    NULLABLE('survey', 'string'),
    NULLABLE('score', 'long'),
    NULLABLE('automatic', 'boolean'),
    NULLABLE('kind', 'string'),
    NULLABLE('properties', { type: 'map', values: 'string' }),
    { name: 'event_time', type: 'long' },
    ...TEXTS('page', 'device'),
  ),
  /** the type is an enum, between them everything that nobody asks for */
  everything: record(
    'Everything',
    { name: 'b0', type: 'bytes' },
    { name: 'event_type', type: { type: 'enum', name: 'Type', symbols: ['login', 'impression', 'nope'] } },
    { name: 'f', type: { type: 'fixed', name: 'Md5', size: 16 } },
    { name: 'again', type: 'Md5' },
    { name: 'event_id', type: ['string', 'null'] },
    { name: 'list', type: { type: 'array', items: ['null', 'long', 'string'] } },
    {
      name: 'nested',
      type: record('Inner', { name: 'x', type: 'float' }, { name: 'y', type: { type: 'map', values: 'double' } }),
    },
    { name: 'target', type: { type: 'enum', name: 'Target', symbols: ['ad', 'email', 'other'] } },
    { name: 'event_time', type: MICROS },
    { name: 'flag', type: 'boolean' },
    { name: 'nothing', type: 'null' },
    { name: 'properties', type: { type: 'map', values: ['null', 'string'] } },
    { name: 'i', type: 'int' },
    { name: 'l', type: 'long' },
    { name: 'user_id', type: ['null', 'string'] },
  ),
  /** an older purchase: fewer fields, an int where today there is a double, the time as text, no event_type */
  olderPurchase: record(
    'Purchase',
    { name: 'amount', type: 'int' },
    ...TEXTS('event_time', 'event_id'),
    NULLABLE('order_id', 'string'),
  ),
  /** a newer page view: fields that the catalog has not heard of, the name in CamelCase */
  newerPageView: record(
    'PageView',
    ...TEXTS('event_id'),
    { name: 'event_time', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'scrolled', type: ['null', { type: 'array', items: 'int' }] },
    NULLABLE('url', 'string'),
    NULLABLE('anonymous_id', 'string'),
    NULLABLE('traffic_source', { type: 'enum', name: 'Source', symbols: ['direct', 'search', 'moon'] }),
  ),
  /** money as decimals, text as bytes, an aliased field: read by the plain decoder alone */
  decimals: record(
    'refund',
    ...TEXTS('event_id'),
    { name: 'event_time', type: 'long' },
    { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 } },
    { name: 'reason', type: 'bytes' },
  ),
  aliased: record('click', ...TEXTS('event_id', 'advertisement'), { name: 'event_time', type: 'long' }),
  /** holds itself, items of no bytes, and a choice of records at the top */
  odd: [
    record(
      'login',
      ...TEXTS('event_id'),
      { name: 'event_time', type: 'long' },
      { name: 'chain', type: ['null', 'login'] },
    ),
    record(
      'click',
      ...TEXTS('event_id'),
      { name: 'event_time', type: 'long' },
      { name: 'nulls', type: { type: 'array', items: 'null' } },
    ),
  ],
} as const

export type WriterName = keyof typeof WRITER_SCHEMAS

const JSON_EVENTS = (random: () => number) => {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!
  const time = 1_767_225_600_000 + Math.floor(random() * 1e7)
  const id = `e${Math.floor(random() * 1e6)}`
  return { pick, time, id }
}

/** A value of each schema, mostly a valid event. */
export function writtenValue(name: WriterName, random: () => number): unknown {
  const { pick, time, id } = JSON_EVENTS(random)
  const text = () => pick(['', 'a', 'search', 'été', '夏', 'x'.repeat(70), 'u1'])
  switch (name) {
    case 'generic':
      return {
        event_id: id,
        event_type: pick(['impression', 'purchase', 'refund', 'ticket', 'survey', 'login', 'nope', '']),
        user_id: text(),
        campaign: text(),
        channel: text(),
        amount: pick([null, 1, 12.34, -0, Number.NaN, 1e300, 2 ** 40]),
        quantity: pick([null, 1, -5]),
        target: pick([null, 'ad', 'cta', 'nope']),
        ticket_id: pick([null, 't', '']),
        action: pick([null, 'opened', 'nope']),
        survey: pick([null, 'csat', 'nps', 'unscaled']),
        score: pick([null, 1, 3, 11, 2 ** 50]),
        automatic: pick([null, true, false]),
        kind: pick([null, 'return', 'nope']),
        properties: pick([null, {}, { policy: 'p' }, { 'a.b': text(), other: text() }]),
        event_time: pick([time, time, 0, -1, 2 ** 52, 253_402_300_800_000]),
        page: text(),
        device: text(),
      }
    case 'everything':
      return {
        b0: Buffer.from(text()),
        event_type: pick(['login', 'impression', 'nope']),
        f: Buffer.alloc(16, 7),
        again: Buffer.alloc(16, 200),
        event_id: pick([id, null]),
        list: pick([[], [null, 1, 'x', -1e15], ['été']]),
        nested: { x: 1.5, y: pick([{}, { a: 1, b: Number.NaN }]) },
        target: pick(['ad', 'email', 'other']),
        event_time: time * 1000 + Math.floor(random() * 1000),
        flag: random() < 0.5,
        nothing: null,
        properties: pick([{}, { policy: text(), x: null }, { policy: null }]),
        i: pick([0, -1, 2 ** 31 - 1, -(2 ** 31)]),
        l: pick([0, -1, 2 ** 53 - 2, 12345]),
        user_id: pick([null, text()]),
      }
    case 'olderPurchase':
      return {
        amount: 5,
        event_time: pick([new Date(time).toISOString(), 'yesterday']),
        event_id: id,
        order_id: pick([null, 'o', '']),
      }
    case 'newerPageView': {
      const source = pick([null, 'direct', 'search', 'moon'])
      return {
        event_id: id,
        event_time: time,
        scrolled: pick([null, [], [1, 2]]),
        url: text(),
        anonymous_id: text(),
        traffic_source: source,
      }
    }
    case 'decimals':
      return {
        event_id: id,
        event_time: time,
        amount: Buffer.from(pick(['04d2', 'ff38', '', '00'.repeat(20)]), 'hex'),
        reason: pick([Buffer.from('x'), Buffer.of(0xff)]),
      }
    case 'aliased':
      return { event_id: id, event_time: time, advertisement: text() }
    case 'odd': {
      const login = { event_id: id, event_time: time, chain: null }
      const branch = pick(['shop.login', 'shop.click'])
      const value =
        branch === 'shop.login'
          ? { ...login, chain: pick([null, { 'shop.login': login }]) }
          : { event_id: id, event_time: time, nulls: [null, null] }
      return { [branch]: value }
    }
  }
}

/** avsc's own types, unions wrapped only where their branches are records. */
export function avscType(name: WriterName): avro.Type {
  return avro.Type.forSchema(structuredClone(WRITER_SCHEMAS[name]) as unknown as avro.Schema, {
    wrapUnions: name === 'odd' ? 'always' : 'never',
  })
}
