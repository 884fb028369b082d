/** The sales team: outreach and opportunities. */
import { type Answer, type Calculation, type Question, ratio, sum } from './answer.ts'
import { type Happened, type History, inGroup, number, text } from './history.ts'

interface Opportunity {
  readonly steps: readonly Happened[]
  readonly created: number | undefined
  /** the first `won` or `lost` */
  readonly closing: Happened | undefined
}

const opportunitiesOf = (history: History, { by }: Question): Opportunity[] =>
  [...Map.groupBy(history.of('opportunity'), e => text(e, 'opportunity_id')).values()]
    .map(steps => ({
      steps,
      created: steps.find(step => text(step, 'action') === 'created')?.t,
      closing: steps.find(step => ['won', 'lost'].includes(text(step, 'action'))),
    }))
    .filter(({ steps }) =>
      Object.entries(by ?? {}).every(
        ([field, value]) => (steps.map(step => text(step, field)).find(found => found !== '') ?? '') === value,
      ),
    )

const isWon = ({ closing }: Opportunity): boolean => closing !== undefined && text(closing, 'action') === 'won'
/** The latest amount that was told of each. */
const amount = (opportunities: readonly Opportunity[]): number =>
  sum(opportunities.map(({ steps }) => steps.map(step => number(step, 'amount')).findLast(n => !Number.isNaN(n)) ?? 0))

const closedIn = (history: History, question: Question): Opportunity[] =>
  opportunitiesOf(history, question).filter(
    ({ closing }) => closing !== undefined && closing.t >= question.from && closing.t < question.to,
  )

function win_rate(history: History, question: Question): Answer {
  const closed = closedIn(history, question)
  const won = closed.filter(isWon).length
  return { ...ratio(['won', won], ['closed', closed.length]), parts: { won, lost: closed.length - won } }
}

function win_rate_by_amount(history: History, question: Question): Answer {
  const closed = closedIn(history, question)
  return ratio(['won', amount(closed.filter(isWon))], ['closed', amount(closed)])
}

const createdIn = (history: History, question: Question): Opportunity[] =>
  opportunitiesOf(history, question).filter(
    ({ created }) => created !== undefined && created >= question.from && created < question.to,
  )

function opportunity_conversion(history: History, question: Question): Answer {
  const created = createdIn(history, question)
  const won = created.filter(isWon).length
  return {
    ...ratio(['won', won], ['created', created.length]),
    parts: { won, created: created.length, open: created.filter(({ closing }) => closing === undefined).length },
  }
}

function opportunity_conversion_by_amount(history: History, question: Question): Answer {
  const created = createdIn(history, question)
  return ratio(['won', amount(created.filter(isWon))], ['created', amount(created)])
}

const outreach =
  (kind: string): Calculation =>
  (history, { from, to, by }) => ({
    value: history.of('outreach', from, to).filter(e => text(e, 'kind') === kind && inGroup(e, by)).length,
  })

export const sales = {
  calls: outreach('call'),
  emails: outreach('email'),
  win_rate,
  win_rate_by_amount,
  opportunity_conversion,
  opportunity_conversion_by_amount,
} satisfies Record<string, Calculation>
