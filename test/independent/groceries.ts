/** The purchases of 2,469 households in 2017, and what is known of them from elsewhere. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { GivenEvent } from './history.ts'

export interface GroceriesReference {
  readonly purchases: number
  readonly customers: number
  readonly revenue: number
  readonly average_transaction_value: number
  readonly repeat_purchase_rate: number
  readonly by_month: Readonly<Record<string, { purchases: number; revenue: number; customers: number }>>
  readonly monthly_churn: Readonly<Record<string, number>>
  readonly cohorts: Readonly<Record<string, readonly number[]>>
  readonly retention_day_n: Readonly<Record<string, { eligible: number; retained: number }>>
  readonly purchase_interval_median_days: number
}

const folder = new URL('../fixtures/groceries/', import.meta.url)

export const groceriesReference = JSON.parse(
  readFileSync(new URL('reference.json', folder), 'utf8'),
) as GroceriesReference

/** One purchase a row, as the mapping beside the file says. */
export function readGroceries(): GivenEvent[] {
  const [head, ...rows] = gunzipSync(readFileSync(new URL('baskets.csv.gz', folder)))
    .toString()
    .trim()
    .split('\n')
  const columns = head!.trim().split(',')
  return rows.map((row, i) => {
    const cell = Object.fromEntries(
      row
        .trim()
        .split(',')
        .map((value, column) => [columns[column]!, value]),
    )
    return {
      event_id: `basket-${i}`,
      event_type: 'purchase',
      event_time: cell['timestamp']!,
      source: 'groceries',
      user_id: cell['household_id']!,
      order_id: cell['basket_id']!,
      quantity: Number(cell['quantity']),
      amount: Number(cell['amount']),
    }
  })
}
