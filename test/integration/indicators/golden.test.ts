/** The hand-made cases through the whole of Kivi: ingestion, derived tables, query service. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Asked, expectations, type Golden, golden, VARIANTS } from '../../independent/golden.ts'
import { createIndicatorWorld, type IndicatorWorld, shippedCatalog } from './world.ts'

/** What the cases call a part, as the shipped catalog names it; `@from`: as of the window's beginning. */
const PARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  new_user_retention_d7: { retained: 'new_user_retention_d7_retained', cohort_users: 'new_user_retention_d7_cohort' },
  returning_user_activity: { active: 'returning_active' },
  nps: { promoters: 'nps_promoters', passives: 'nps_passives', detractors: 'nps_detractors', answers: 'nps_answers' },
  repeat_purchase_rate_within_window: { repeat_buyers: 'repeat_buyers_within_window' },
  repeat_purchase_rate_all_buyers: { repeat_buyers: 'repeat_buyers_to_date', buyers: 'buyers_to_date' },
  purchase_frequency: { orders: 'purchases', buyers: 'customers' },
  average_transaction_value: { amount: 'revenue', orders: 'purchases' },
  net_revenue: { purchases: 'revenue' },
  inventory_turnover: {
    cost_of_goods_sold: 'cost_of_goods',
    opening_value: 'stock_value@from',
    closing_value: 'stock_value',
  },
  inventory_loss: { units: 'inventory_loss_units' },
  gross_margin: { cost_of_goods: 'cost_of_revenue', coverage: 'gross_margin_coverage' },
  win_rate: { won: 'opportunities_won', lost: 'opportunities_lost' },
  opportunity_conversion: {
    won: 'opportunities_created_won',
    created: 'opportunities_created',
    open: 'opportunities_created_open',
  },
  sessions_per_user: { users: 'active_persons' },
  ltv: {
    mean_order_value: 'average_transaction_value',
    orders_per_month: 'orders_per_month',
    expected_months: 'expected_customer_months',
    acquisition_cost_per_customer: 'cac',
  },
  ltv_historic: { revenue: 'net_revenue_to_date', customers: 'customers_to_date' },
  cac: { acquisition_cost: 'acquisition_costs' },
  mrr_growth: { closing: 'mrr', opening: 'mrr@from' },
  renewal_rate: { due: 'renewals_due' },
}

const MOVEMENTS: Readonly<Record<string, string>> = {
  new: 'mrr_new',
  expansion: 'mrr_expansion',
  contraction: 'mrr_contraction',
  churn: 'mrr_churn',
}

const zones = [...new Set(golden.cases.map(each => each.timezone))]

describe.each(zones)('in %s', zone => {
  let world: IndicatorWorld
  beforeAll(async () => {
    world = await createIndicatorWorld(await shippedCatalog({ zone }))
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const cases = golden.cases.filter(each => each.timezone === zone)
  describe.each(cases.map(each => [each.id, each] as const))('%s', (_, given: Golden) => {
    beforeAll(async () => {
      const { rejected } = await world.given(given.events, Date.parse(given.watermark))
      const unrated = given.events.filter(event => event.event_type === 'survey' && event['score'] === undefined)
      expect(rejected).toBe(unrated.length)
    })

    it.each(expectations(given))('$title', async asked => {
      const { expected } = asked
      const id = VARIANTS[`${expected.indicator} ${expected.variant ?? ''}`.trim()] ?? expected.indicator
      if (typeof expected.value === 'object' && expected.value !== null) {
        for (const [name, value] of Object.entries(expected.value))
          expect((await ask(asked, MOVEMENTS[name]!)).value, name).toBeCloseTo(value, 9)
        return
      }
      const answer = await ask(asked, id)
      if (expected.value === null) {
        expect(answer.value).toBeNull()
        expect(answer.reason).toBe('previous_not_positive')
      } else expect(answer.value).toBeCloseTo(expected.value, 9)
      for (const [name, value] of Object.entries(expected.parts ?? {}))
        expect(await part(asked, answer, PARTS[id]?.[name] ?? name), name).toBeCloseTo(value, 9)
      if (expected.provisional !== undefined) expect(answer.provisional).toBe(expected.provisional)
      if (expected.p50 !== undefined) expect((await ask(asked, `${id}_p50`)).value).toBeCloseTo(expected.p50, 9)
      if (expected.interval !== undefined)
        expect(answer.interval.map((bound: number) => Number(bound.toFixed(expected.interval_decimals)))).toEqual(
          expected.interval,
        )
    })
  })

  /** The answer of an expectation: of its group, and as it was then. */
  async function ask({ expected, question, known }: Asked, id: string) {
    const asOf = expected.watermark === undefined ? {} : { asOf: known }
    if (expected.by === undefined) return world.value(id, question, asOf)
    const [[field, value]] = Object.entries(expected.by) as [[string, string]]
    const answer = await world.value(id, question, { ...asOf, by: field })
    const group = answer.groups.find((each: { by: Record<string, string> }) => each.by[field] === value)
    const filtered = await world.value(id, question, { ...asOf, filter: `${field}:${value}` })
    expect(filtered.value, 'filtered as grouped').toBe(group.value)
    return group
  }

  /** A part of the answer, or what it rests on asked for by itself. */
  async function part(asked: Asked, answer: { parts: Record<string, unknown> }, name: string): Promise<unknown> {
    const [id, at] = name.split('@') as [string, string?]
    const told = answer.parts[id]
    if (told !== undefined && at === undefined) return told
    const { from } = asked.question
    const window = at === undefined ? asked.question : { from: from - 86_400_000, to: from }
    return (await ask({ ...asked, question: window }, id)).value
  }
})
