/** Value of listening: what is new, and what programs bring. */
import { type Answer, type Calculation, type Question, ratio, sum } from './answer.ts'
import { DAY } from './calendar.ts'
import { type History, number, text } from './history.ts'
import { lines } from './retail.ts'

const NEW_FOR = 365 * DAY

/** Share of revenue from lines sold in the year after the product's first launch. */
function product_innovation(history: History, question: Question): Answer {
  const launches = new Map<string, number>()
  for (const e of history.of('product_launch'))
    if (!launches.has(text(e, 'product_id'))) launches.set(text(e, 'product_id'), e.t)
  const sold = lines(history, question)
  const recent = sold.filter(e => {
    const launch = launches.get(text(e, 'product_id'))
    return launch !== undefined && e.t >= launch && e.t < launch + NEW_FOR
  })
  const amount = (events: typeof sold): number => sum(events.map(e => number(e, 'amount')))
  return ratio(['new_product_revenue', amount(recent)], ['revenue', amount(sold)])
}

export const listening = { product_innovation } satisfies Record<string, Calculation>
