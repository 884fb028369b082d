/** A year of real purchases through Kivi, against figures from pandas and SQL. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readGroceries, groceriesReference as reference } from '../../independent/groceries.ts'
import { createIndicatorWorld, type IndicatorWorld, shippedCatalog } from './world.ts'

const month = (name: string, later = 0): number => {
  const [year, number] = name.split('-').map(Number)
  return Date.UTC(year!, number! - 1 + later)
}
/** the day after the last purchase */
const END = Date.UTC(2018, 0, 2)
const YEAR = { from: Date.UTC(2017, 0), to: END }

let world: IndicatorWorld
beforeAll(async () => {
  world = await createIndicatorWorld(await shippedCatalog({ zone: 'UTC' }))
  // the last month's churn looks at a January of which one day is there
  expect(await world.given(readGroceries(), Date.UTC(2018, 1))).toEqual({ accepted: reference.purchases, rejected: 0 })
}, 600_000)
afterAll(() => world?.[Symbol.asyncDispose]())

const value = async (id: string, window = YEAR): Promise<number> => (await world.value(id, window)).value

it('orders, buyers, repeat purchases and the gaps between orders', async () => {
  expect(await value('purchases')).toBe(reference.purchases)
  expect(await value('transaction_amount')).toBe(reference.revenue)
  expect(await value('average_transaction_value')).toBeCloseTo(reference.average_transaction_value, 9)
  expect(await value('repeat_purchase_rate')).toBeCloseTo(reference.repeat_purchase_rate, 9)
  expect(await value('purchase_interval')).toBeCloseTo(reference.purchase_interval_median_days, 9)
})

it('churn from each calendar month to the next', async () => {
  for (const [name, rate] of Object.entries(reference.monthly_churn))
    expect(await value('churn_rate', { from: month(name, 1), to: month(name, 2) }), name).toBeCloseTo(rate, 9)
})

it('the triangle of monthly cohorts, cell by cell', async () => {
  const { status, body } = await world.ask(
    '/v1/cohorts/retention?period=month&first=purchases&again=purchases&from=2017-01-01T00:00:00Z&to=2018-01-01T00:00:00Z&periods=12',
  )
  expect(status).toBe(200)
  for (const [i, [name, row]] of Object.entries(reference.cohorts).entries()) {
    const { from, cells } = body.cohorts[i]
    expect(Date.parse(from)).toBe(month(name))
    const told = cells.filter((cell: unknown) => cell !== null).map((cell: { retained: number }) => cell.retained)
    expect(told.slice(0, row.length), name).toEqual(row)
  }
})

it('retention on day n, of households whose day n is over', async () => {
  for (const [n, { eligible, retained }] of Object.entries(reference.retention_day_n)) {
    // as of the day after the last purchase: younger cohorts are not ripe
    const asOf = new Date(END).toISOString()
    const query = `from=2017-01-01T00:00:00Z&to=${asOf}&as_of=${asOf}`
    const { body } = await world.ask(`/v1/indicators/new_user_retention_d${n}/value?${query}`)
    const id = `new_user_retention_d${n}`
    expect(body.parts).toMatchObject({ [`${id}_retained`]: retained, [`${id}_cohort`]: eligible })
    expect(body.value).toBeCloseTo(retained / eligible, 12)
  }
})
