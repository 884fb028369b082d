/** Stock at cost: counts, and what came and went since. */
import { type Answer, type Calculation, daysOf, divide, mean, type Question, sum } from './answer.ts'
import { type Happened, type History, inGroup, number, text } from './history.ts'
import { costOfGoods } from './orders.ts'

const SIGN: Readonly<Record<string, number>> = { received: 1, sold: -1, lost: -1 }

/** What lies there as of an instant: per product the last count and what moved since; null without any count. */
function onHand(history: History, at: number, field = 'value'): number | null {
  const products = Map.groupBy(history.of('inventory', undefined, at), e => text(e, 'product_id'))
  const values = [...products.values()].map(moves => bookValue(moves, field)).filter(value => value !== null)
  return values.length === 0 ? null : sum(values)
}

/** Of one product's moves by time. */
function bookValue(moves: readonly Happened[], field: string): number | null {
  const last = moves.findLastIndex(e => text(e, 'action') === 'counted')
  if (last < 0) return null
  const since = moves.slice(last + 1)
  return number(moves[last]!, field) + sum(since.map(e => SIGN[text(e, 'action')]! * number(e, field)))
}

/** Mean of the opening value and the closing value of each month, of the window's end where it cuts one. */
function meanStock(history: History, { from, to }: Question): number | null {
  const { calendar } = history
  const instants = [from]
  for (let i = 1; calendar.month(from, i) < to; i++) instants.push(calendar.month(from, i))
  instants.push(to)
  const values = instants.map(at => onHand(history, at))
  return values.some(value => value === null) ? null : mean(values as number[])
}

function inventory_turnover(history: History, question: Question): Answer {
  const cost = costOfGoods(history, question.from, question.to)
  return {
    value: divide(cost, meanStock(history, question)),
    parts: {
      cost_of_goods_sold: cost,
      opening_value: onHand(history, question.from),
      closing_value: onHand(history, question.to),
    },
  }
}

function inventory_turnover_annual(history: History, question: Question): Answer {
  const { value } = inventory_turnover(history, question)
  return { value: value === null ? null : (value * 365) / daysOf(history, question) }
}

const days_in_inventory = (history: History, question: Question): Answer => ({
  value: divide(daysOf(history, question), inventory_turnover(history, question).value),
})

/** What was lost, and what counts found missing: book less counted, of counts with an earlier one. */
function lossOf(history: History, { from, to, by }: Question, field: string): number {
  let loss = 0
  for (const moves of Map.groupBy(history.of('inventory'), e => text(e, 'product_id')).values())
    for (const [i, e] of moves.entries()) {
      if (e.t < from || e.t >= to || !inGroup(e, by)) continue
      if (text(e, 'action') === 'lost') loss += number(e, field)
      const book = text(e, 'action') === 'counted' ? bookValue(moves.slice(0, i), field) : null
      if (book !== null) loss += book - number(e, field)
    }
  return loss
}

const inventory_loss = (history: History, question: Question): Answer => ({
  value: lossOf(history, question, 'value'),
  parts: { units: lossOf(history, question, 'quantity') },
})

/** Of what would lie there had nothing been lost. */
const inventory_loss_rate = (history: History, question: Question): Answer => {
  const loss = lossOf(history, question, 'value')
  const left = onHand(history, question.to)
  return { value: left === null ? null : divide(loss, left + loss) }
}

export const stock = {
  stock_value_mean: (history, question) => ({ value: meanStock(history, question) }),
  inventory_loss_units: (history, question) => ({ value: lossOf(history, question, 'quantity') }),
  inventory_turnover,
  inventory_turnover_annual,
  days_in_inventory,
  inventory_loss,
  inventory_loss_rate,
} satisfies Record<string, Calculation>
