import { type ClickHouse, createDeriver, createSliceReader, entityTableName, linksTableName } from '@kivi/clickhouse'
import { type Catalog, createZone, type Entity } from '@kivi/domain'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStoreDatabase } from '../support/clickhouse-store.ts'
import { createWorld, type World, type WorldEvent } from '../support/derived-world.ts'
import { expectedRows, ORDERS, PERSONS, personOf, SESSIONS } from '../support/entities.ts'

const DAY = 86_400_000
const START = Date.UTC(2026, 0, 30)
const ENTITIES = [ORDERS, PERSONS, SESSIONS]
const catalog = {
  entities: new Map(ENTITIES.map(entity => [entity.name, entity])),
  linkedBy: ['click'],
} as unknown as Catalog

const event = fc.record(
  {
    type: fc.constantFrom('purchase', 'refund', 'click', 'login'),
    // midnights, equal times and a month's end are to be met often
    time: fc.oneof(
      fc.integer({ min: START, max: START + 4 * DAY - 1 }),
      fc.constantFrom(START, START + DAY - 1, START + DAY, START + 2 * DAY),
    ),
    user: fc.constantFrom('anna', 'bob', "o'hara"),
    anonymous: fc.constantFrom('x', 'y'),
    session: fc.constantFrom('s1', 's2'),
    channel: fc.constantFrom('web', 'shop'),
    strings: fc.record(
      { order_id: fc.constantFrom('1', '2', 'ü"3'), kind: fc.constantFrom('return', 'goodwill') },
      { requiredKeys: [] },
    ),
    numbers: fc.record({ amount: fc.constantFrom(0, 12.5, -3) }, { requiredKeys: [] }),
  },
  { requiredKeys: ['type', 'time'] },
) as fc.Arbitrary<WorldEvent>

/** What happens between two batches: nothing, a pass, a pass that dies at its nth write, two passes at once. */
type Between = { kind: 'nothing' | 'pass' | 'two' } | { kind: 'dies'; at: number }
const between: fc.Arbitrary<Between> = fc.oneof(
  fc.constant<Between>({ kind: 'nothing' }),
  fc.constant<Between>({ kind: 'pass' }),
  fc.record({ kind: fc.constant('dies' as const), at: fc.integer({ min: 1, max: 8 }) }),
  fc.constant<Between>({ kind: 'two' }),
)
const step = fc.record({
  events: fc.array(event, { maxLength: 12 }),
  partition: fc.integer({ min: 0, max: 1 }),
  between,
})

let clickhouse: ClickHouse & AsyncDisposable
const hashes = new Map<string, string>()

beforeAll(async () => {
  clickhouse = await createStoreDatabase()
  for (const person of ['u:anna', 'u:bob', "u:o'hara", 'a:x', 'a:y']) {
    const [row] = await clickhouse.rows<{ hash: string }>('SELECT toString(sipHash64({person:String})) AS hash', {
      person,
    })
    hashes.set(person, row!.hash)
  }
})
afterAll(() => clickhouse[Symbol.asyncDispose]())

const hash = (person: string): string => hashes.get(person)!

/** An evaluator of its own; `dieAt`: it is killed before its nth statement that writes. */
function evaluator(dieAt = Number.POSITIVE_INFINITY) {
  const source = createSliceReader(clickhouse, { zone: () => createZone('UTC') })
  let written = 0
  const deriver = createDeriver({
    clickhouse,
    progress: () => source.progress(),
    watermark: { disorder: 30_000, idleAfter: 30_000 },
    now: Date.now,
    limits: { changedEvents: 7, eventsAtOnce: 5, rowsAtOnce: 3 },
    onStatement() {
      if (++written >= dieAt) throw new Error('killed')
    },
  })
  return {
    async untilDone() {
      for (let i = 0; i < 100; i++) {
        const { more } = await deriver.pass(catalog, new AbortController().signal)
        if (!more) return
      }
      throw new Error('it never ends')
    },
  }
}

async function happen(what: Between): Promise<void> {
  switch (what.kind) {
    case 'nothing':
      return
    case 'pass':
      return evaluator().untilDone()
    case 'dies':
      return evaluator(what.at)
        .untilDone()
        .catch(error => expect((error as Error).message).toBe('killed'))
    case 'two':
      await Promise.all([evaluator().untilDone(), evaluator().untilDone()])
  }
}

async function storedRows(entity: Entity): Promise<Record<string, unknown>> {
  const fields = [...entity.fields.values()]
  const columns = fields.map(({ name, value }) =>
    value.kind === 'person'
      ? `arrayMap(o -> (o.1, toString(o.2), o.3), f_${name}) AS ${name}_`
      : `f_${name} AS ${name}_`,
  )
  const rows = await clickhouse.rows<Record<string, unknown>>(
    `SELECT toString(person) AS p, key AS k, toString(day) AS d, events, ${columns.join(', ')} FROM ${entityTableName(entity)} FINAL`,
  )
  return Object.fromEntries(
    rows.map(({ p, k, d, events, ...rest }) => [
      JSON.stringify([p, k, d]),
      { events, ...Object.fromEntries(fields.map(({ name }) => [name, rest[`${name}_`]])) },
    ]),
  )
}

function expectedLinks(events: readonly WorldEvent[]): Record<string, string> {
  const first = new Map<string, bigint>()
  for (const each of events) {
    if (each.type !== 'click' || each.user === undefined || each.anonymous === undefined) continue
    const seen = (BigInt(each.time) << 64n) + BigInt(hash(`u:${each.user}`))
    const key = hash(`a:${each.anonymous}`)
    if (seen < (first.get(key) ?? seen + 1n)) first.set(key, seen)
  }
  return Object.fromEntries([...first].map(([key, seen]) => [key, seen.toString()]))
}

async function check(events: readonly WorldEvent[]): Promise<void> {
  for (const entity of ENTITIES) expect(await storedRows(entity)).toEqual(expectedRows(entity, events, hash))
  const links = await clickhouse.rows<{ a: string; f: string }>(
    `SELECT toString(anonymous) AS a, toString(min(first)) AS f FROM ${linksTableName(catalog)} GROUP BY anonymous`,
  )
  expect(Object.fromEntries(links.map(({ a, f }) => [a, f]))).toEqual(expectedLinks(events))
}

async function empty(): Promise<World> {
  for (const table of ['events', 'ledger', 'partitions', 'derived_state', 'derived_builds'])
    await clickhouse.command(`TRUNCATE TABLE ${table}`)
  for (const table of [...ENTITIES.map(entityTableName), linksTableName(catalog)])
    await clickhouse.command(`DROP TABLE IF EXISTS ${table} SYNC`)
  return createWorld(clickhouse, { now: Date.now })
}

test('whatever the order, the batches, the crashes and the company, the rows are those of a plain fold', async () => {
  expect(personOf({ type: 'click', time: 0 })).toBeNull()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async steps => {
      const world = await empty()
      const events: WorldEvent[] = []
      for (const each of steps) {
        await world.ingest(each.events, { partition: each.partition })
        await world.watermark(START)
        events.push(...each.events)
        await happen(each.between)
      }
      await evaluator().untilDone()
      await check(events)
    }),
    { numRuns: 12 },
  )
}, 300_000)
