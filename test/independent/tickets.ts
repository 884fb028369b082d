/** Tickets: the steps of one ticket id, and what is asked of them. */
import {
  type Answer,
  activePersons,
  type Calculation,
  divide,
  mean,
  type Question,
  quantile,
  ratio,
  sum,
} from './answer.ts'
import { DAY, HOUR, SECOND } from './calendar.ts'
import { type Group, type Happened, type History, text } from './history.ts'
import { customersSince } from './orders.ts'

export interface Ticket {
  readonly id: string
  readonly who: string
  readonly topic: string
  readonly kind: string
  readonly steps: readonly Happened[]
  times(action: string): number[]
  /** the first answer that a person wrote */
  readonly answered: number | undefined
}

const cached = new WeakMap<History, Ticket[]>()

function ticketsOf(history: History): readonly Ticket[] {
  const known = cached.get(history)
  if (known !== undefined) return known
  const tickets = [...Map.groupBy(history.of('ticket'), e => text(e, 'ticket_id'))].map(([id, steps]) => ({
    id,
    steps,
    who: steps.find(step => step.who !== '')?.who ?? '',
    topic: steps.map(step => text(step, 'topic')).find(topic => topic !== '') ?? '',
    kind: steps.map(step => text(step, 'kind')).find(kind => kind !== '') ?? '',
    times: (action: string) => steps.filter(step => text(step, 'action') === action).map(step => step.t),
    answered: steps.find(step => text(step, 'action') === 'responded' && step.event['automatic'] !== true)?.t,
  }))
  cached.set(history, tickets)
  return tickets
}

const isIn = (t: number | undefined, { from, to }: Question): t is number => t !== undefined && t >= from && t < to
const ofGroup = (ticket: Ticket, by: Group | undefined): boolean =>
  Object.entries(by ?? {}).every(
    ([field, value]) => (ticket.steps.map(step => text(step, field)).find(found => found !== '') ?? '') === value,
  )
const asked = (history: History, { by }: Question): Ticket[] => ticketsOf(history).filter(ticket => ofGroup(ticket, by))

const resolvedIn = (history: History, question: Question): Ticket[] =>
  asked(history, question).filter(ticket => isIn(ticket.times('resolved')[0], question))

const FOLLOW_UP = 7 * DAY

function first_contact_resolution(history: History, question: Question): Answer {
  const resolved = resolvedIn(history, question)
  const atFirst = resolved.filter(ticket => {
    const at = ticket.times('resolved')[0]!
    const after = (t: number): boolean => t >= at && t < at + FOLLOW_UP
    const again = ticketsOf(history).some(
      other =>
        other.id !== ticket.id &&
        other.who !== '' &&
        other.topic !== '' &&
        other.who === ticket.who &&
        other.topic === ticket.topic &&
        isIn(other.times('opened')[0], { from: at, to: at + FOLLOW_UP }),
    )
    return ticket.times('responded').filter(t => t < at).length <= 1 && !ticket.times('reopened').some(after) && !again
  })
  return ratio(['resolved_at_first_contact', atFirst.length], ['tickets_resolved', resolved.length])
}

/** Seconds from opening to the first answer of a person, of the tickets answered in the window. */
function responseTimes(history: History, question: Question, business = false): number[] {
  return asked(history, question).flatMap(ticket => {
    const opened = ticket.times('opened')[0]
    if (!isIn(ticket.answered, question) || opened === undefined) return []
    const time = business ? history.calendar.business(opened, ticket.answered) : ticket.answered - opened
    return [time / SECOND]
  })
}

const means = (numbers: readonly number[]): Answer => ({
  value: mean(numbers),
  parts: { sum: sum(numbers), count: numbers.length },
})

function resolution_time(history: History, question: Question): Answer {
  const times = asked(history, question).flatMap(ticket => {
    const opened = ticket.times('opened')[0]
    const resolved = ticket.times('resolved').at(-1)
    if (opened === undefined || !isIn(resolved, question)) return []
    // opened again and not resolved since: it has left the window
    return ticket.times('reopened').some(t => t > resolved) ? [] : [(resolved - opened) / SECOND]
  })
  return means(times)
}

/** As of an instant: opened and not resolved, or opened again since. */
function openAt(history: History, question: Question): Ticket[] {
  const before = (times: readonly number[]): number => times.filter(t => t < question.to).at(-1) ?? -1
  return asked(history, question).filter(ticket => {
    if (before(ticket.times('opened')) < 0) return false
    return before(ticket.times('resolved')) < 0 || before(ticket.times('reopened')) > before(ticket.times('resolved'))
  })
}

const waiting = (history: History, question: Question): Ticket[] =>
  openAt(history, question).filter(({ answered }) => answered === undefined || answered >= question.to)

function awaiting_response_age(history: History, question: Question): Answer {
  const ages = waiting(history, question).map(ticket => (question.to - ticket.times('opened')[0]!) / HOUR)
  return { value: ages.length === 0 ? null : Math.max(...ages) }
}

const complaintsIn = (history: History, question: Question): Ticket[] =>
  asked(history, question).filter(ticket => ticket.kind === 'complaint' && isIn(ticket.times('opened')[0], question))

function complaint_rate(history: History, question: Question): Answer {
  const active = activePersons(history, question.from, question.to)
  const customers = customersSince(history)
  const both = [...active].filter(who => (customers.get(who) ?? Number.POSITIVE_INFINITY) < question.to)
  const complaints = complaintsIn(history, question).length
  const rate = divide(complaints, both.length)
  return {
    value: rate === null ? null : rate * 1000,
    parts: { complaints, active_customers: both.length },
  }
}

export const tickets = {
  first_contact_resolution,
  complaints: (history, question) => ({ value: complaintsIn(history, question).length }),
  complaint_rate,
  response_time: (history, question) => means(responseTimes(history, question)),
  response_time_p50: (history, question) => ({ value: quantile(responseTimes(history, question), 0.5) }),
  response_time_p90: (history, question) => ({ value: quantile(responseTimes(history, question), 0.9) }),
  response_time_business: (history, question) => means(responseTimes(history, question, true)),
  awaiting_response: (history, question) => ({ value: waiting(history, question).length }),
  awaiting_response_age,
  resolution_time,
  tickets_resolved: (history, question) => ({ value: resolvedIn(history, question).length }),
  tickets_open: (history, question) => ({ value: openAt(history, question).length }),
} satisfies Record<string, Calculation>
