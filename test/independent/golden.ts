/** The hand-computed cases, and what each of them asks. */
import { readFileSync } from 'node:fs'
import type { Question } from './answer.ts'
import { calendarOf, DAY } from './calendar.ts'
import { createHistory, type GivenEvent, type History } from './history.ts'

interface Expected {
  readonly indicator: string
  readonly variant?: string
  readonly window?: { readonly from: string; readonly to: string }
  /** local days, the last one not included */
  readonly cohorts?: { readonly from: string; readonly to: string }
  readonly by?: Readonly<Record<string, string>>
  readonly watermark?: string
  readonly value: number | null | Readonly<Record<string, number>>
  readonly parts?: Readonly<Record<string, number>>
  readonly provisional?: boolean
  readonly p50?: number
  readonly interval?: readonly [number, number]
  readonly interval_decimals?: number
  readonly by_cohort?: Readonly<Record<string, readonly [number, number] | null>>
}

export interface Golden {
  readonly id: string
  readonly timezone: string
  readonly watermark: string
  readonly params: { readonly activity?: readonly string[] }
  readonly expect: readonly Expected[]
  readonly wrong: ReadonlyArray<{ readonly value: number; readonly why: string }>
  readonly events: readonly GivenEvent[]
}

const file = new URL('../fixtures/golden/golden.json', import.meta.url)
export const golden = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Golden[] }

/** Ids of what the cases call a variant of an indicator. */
export const VARIANTS: Readonly<Record<string, string>> = {
  'repeat_purchase_rate within the window': 'repeat_purchase_rate_within_window',
  'repeat_purchase_rate all buyers to date': 'repeat_purchase_rate_all_buyers',
  'win_rate by amount': 'win_rate_by_amount',
  'ltv historic': 'ltv_historic',
}

export interface Asked {
  readonly title: string
  readonly expected: Expected
  readonly history: History
  readonly question: Question
  readonly known: number
}

/** Each expectation of a case with its history as it was known then, and its window. */
export function expectations(given: Golden): Asked[] {
  return given.expect.map(expected => {
    const known = Date.parse(expected.watermark ?? given.watermark)
    const activeTypes = given.params.activity
    const history = createHistory(given.events, {
      zone: given.timezone,
      known,
      ...(activeTypes === undefined ? {} : { activeTypes }),
    })
    const question = { ...windowOf(expected, given.timezone), ...(expected.by ? { by: expected.by } : {}) }
    const rest = [expected.variant, expected.by && JSON.stringify(expected.by), expected.watermark].filter(Boolean)
    return { title: [expected.indicator, ...rest].join(' '), expected, history, question, known }
  })
}

function windowOf({ window, cohorts }: Expected, zone: string): { from: number; to: number } {
  if (window !== undefined) return { from: Date.parse(window.from), to: Date.parse(window.to) }
  const start = (date: string): number => calendarOf(zone).start(Date.parse(date) / DAY)
  return { from: start(cohorts!.from), to: start(cohorts!.to) }
}
