import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { root } from './command.ts'

export const fixture = (path: string): string => `${root}test/fixtures/${path}`

const json = <T>(path: string): T => JSON.parse(readFileSync(fixture(path), 'utf8')) as T

export interface Clicks {
  readonly impressions: number
  readonly clicks: number
  /** rounded to ten digits */
  readonly ctr: number
}

export interface Baskets {
  readonly purchases: number
  readonly revenue: number
  readonly customers: number
}

/** The figures that pandas and SQL agree on; keys are hours, days, months, or parts joined by a slash. */
export const ads = json<{
  readonly total: Clicks
  readonly by_policy_campaign: Readonly<Record<string, Clicks>>
  readonly by_day: Readonly<Record<string, Clicks>>
  readonly by_day_campaign: Readonly<Record<string, Clicks>>
  readonly by_hour: Readonly<Record<string, Clicks>>
}>('ads/reference.json')

export const groceries = json<
  Baskets & {
    readonly average_transaction_value: number
    readonly by_month: Readonly<Record<string, Baskets>>
    readonly by_day: Readonly<Record<string, Baskets>>
  }
>('groceries/reference.json')

/** The baskets per hour, which the reference does not have, added up here in the plainest way. */
export function basketsByHour(): ReadonlyMap<string, Baskets> {
  const hours = new Map<string, { purchases: number; cents: number; households: Set<string> }>()
  const text = gunzipSync(readFileSync(fixture('groceries/baskets.csv.gz'))).toString()
  for (const line of text.trim().split('\n').slice(1)) {
    const [time, household, , , , amount] = line.split(',')
    const hour = `${time!.slice(0, 13)}:00:00Z`
    const cell = hours.get(hour) ?? { purchases: 0, cents: 0, households: new Set() }
    hours.set(hour, cell)
    cell.purchases++
    cell.cents += Math.round(Number(amount) * 100)
    cell.households.add(household!)
  }
  return new Map(
    [...hours].map(([hour, { purchases, cents, households }]) => [
      hour,
      { purchases, revenue: cents / 100, customers: households.size },
    ]),
  )
}
