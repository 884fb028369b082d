/** Requests to customer care, and what people say of it afterwards. */
import type { Emit } from './event.ts'
import type { Random } from './random.ts'
import { AGENTS, TOPICS } from './world.ts'

const MINUTE = 60_000
const HOUR = 3_600_000

/** Share of the visits of known people after which they write to customer care. */
const ASKS = 0.035

export function customerCare(
  person: Readonly<Record<string, unknown>>,
  cause: string,
  at: number,
  random: Random,
  emit: Emit,
): void {
  if (!random.chance(ASKS)) return
  const topic = random.weighted(TOPICS)
  const agent = random.pick(AGENTS)
  const ticket = { ...person, ticket_id: `t-${cause}`, topic, kind: random.chance(0.22) ? 'complaint' : 'request' }
  const step = (action: string, time: number, fields: object = {}) =>
    emit('ticket', time, { ...ticket, action, ...fields })

  const opened = at + random.exponential(2 * MINUTE)
  step('opened', opened)
  if (random.chance(0.08)) step('responded', opened + 2_000, { agent: 'assistant', automatic: true })
  // payment questions wait longer: there is one colleague who can answer them
  const responded = opened + random.around(topic === 'payment' ? 150 : 38, 2.1) * MINUTE
  step('responded', responded, { agent, automatic: false })
  if (random.chance(0.06)) return
  let resolved = responded + random.around(1.6, 2.4) * HOUR
  if (random.chance(0.12)) step('responded', responded + (resolved - responded) / 2, { agent, automatic: false })
  step('resolved', resolved, { agent })
  if (random.chance(0.07)) {
    step('reopened', resolved + random.exponential(8 * HOUR))
    resolved += random.around(20, 1.6) * HOUR
    step('resolved', resolved, { agent })
  }
  if (!random.chance(0.42)) return
  const patience = responded - opened < HOUR ? 1 : 0.45
  const score = random.chance(0.82 * patience) ? 4 + random.below(2) : 1 + random.below(3)
  emit('survey', resolved + random.exponential(3 * HOUR), { ...person, survey: 'csat', score, topic })
}
