/**
 * The stall matrix: everything that can stand still does, and in the middle of it whoever leads the evaluators is killed
 * or stopped. People must hear of it once, of no indicator, and once that it is over.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogReader } from '../../integration/alerts/log.ts'
import { LOOKS_BACK_MS, OF_PURCHASES, OF_THEIR_RETURN, OWN } from './catalog.ts'
import type { Fault } from './faults.ts'
import { type Expected, findWrong, type Heard } from './verify.ts'
import type { World } from './world.ts'

export const FAILOVERS = ['killed', 'stopped', 'ended'] as const
/** what happens to the evaluator that leads */
export type Failover = (typeof FAILOVERS)[number]

/** when: before anybody was told of the fault, or while its alert fires */
export type When = 'before it is told' | 'while it fires'

export interface Cell {
  readonly fault: string
  readonly failover: string
  readonly heard: readonly Heard[]
  /** ms from the fault to the first message about it; null: none */
  readonly toldMs: number | null
  /** ms from the mending to the message that it is over; null: none */
  readonly overMs: number | null
  /** ms from the end of the leader to the next one's take-over; null: nobody had to */
  readonly takeOverMs: number | null
  readonly wrong: readonly string[]
}

/** Far longer than anything here takes on a busy machine. */
const PATIENCE_MS = 120_000

interface Steps {
  readonly name: string
  readonly expected: Expected
  readonly strike: (world: World) => Promise<() => Promise<void>>
  readonly failover: Failover
  readonly when: When
  readonly lastsMs?: number
  readonly looksBackMs?: number
}

/**
 * One fault, with a failover in its middle.
 * @param looksBackMs so long after it nothing must be told any more
 */
export function runCell(
  world: World,
  fault: Fault,
  failover: Failover,
  when: When,
  looksBackMs = LOOKS_BACK_MS,
): Promise<Cell> {
  return play(world, { ...fault, failover, when, looksBackMs })
}

/** The same rules do speak when people come and buy nothing. */
export function runControl(world: World, failover: Failover, when: When): Promise<Cell> {
  return play(world, {
    ...{ name: 'nobody buys (control)', failover, when },
    expected: { alerts: [...OF_PURCHASES, OF_THEIR_RETURN] },
    strike: async ({ storefront }) => {
      storefront.sells = false
      return async () => {
        storefront.sells = true
      }
    },
  })
}

async function play(
  world: World,
  { name, expected, strike, failover, when, lastsMs = 0, looksBackMs }: Steps,
): Promise<Cell> {
  const { hook } = world
  const from = hook.told.length
  const wrong: string[] = []
  const told = () => heardSince(world, from)
  const awaited = expected.alerts.filter(alert => alert !== OF_THEIR_RETURN)
  const fire = () => awaited.every(alert => told().some(({ alertname }) => alertname === alert))
  const ended = () =>
    expected.alerts.every(alert => told().some(one => one.alertname === alert && one.status === 'resolved'))

  const struckAt = Date.now()
  const mend = await strike(world)
  let takeOver: TakeOver | null = null
  if (when === 'before it is told') takeOver = await failOver(world, failover)
  await waitFor(() => fire() && Date.now() - struckAt >= lastsMs)
  if (when === 'while it fires') takeOver = await failOver(world, failover)
  if (takeOver?.ms === null) wrong.push('nobody took over')
  const mendedAt = Date.now()
  await mend()
  await waitFor(ended)
  await takeOver?.mend()
  if (!(await settled(world, looksBackMs))) wrong.push('the alerts did not come to rest')
  const all = hook.told.slice(from)
  const first = all.find(({ alerts }) => alerts.some(({ labels }) => awaited.includes(labels['alertname'] ?? '')))
  const last = all.findLast(({ alerts }) => alerts.some(one => one.status === 'resolved'))
  return {
    ...{ fault: name, failover: `${failover} ${when}`, heard: told() },
    toldMs: first === undefined ? null : first.at - struckAt,
    overMs: last === undefined ? null : last.at - mendedAt,
    takeOverMs: takeOver?.ms ?? null,
    wrong: [...wrong, ...findWrong(told(), expected)],
  }
}

/**
 * Kafka is killed while alerts fire, and nobody can judge: the dead man's switch falls silent. Once it is back they go
 * on firing, nobody is told of them again, and all that happened meanwhile is counted.
 */
export async function runKafka(
  world: World,
  kafka: { kill(): Promise<void>; restart(): Promise<void> },
  outageMs: number,
): Promise<Cell & { readonly lastPingMs: number; readonly firstPingMs: number | null }> {
  const { hook, storefront, pings } = world
  const from = hook.told.length
  const told = () => heardSince(world, from)
  const wrong: string[] = []
  storefront.keeps = true
  storefront.sells = false
  const lasting = ['PurchasesLow', 'PurchasesMissing']
  await waitFor(() => lasting.every(alert => told().some(({ alertname }) => alertname === alert)))
  // a leader that asked the switch a moment ago would be silent anyway
  const asked = pings.length
  await waitFor(() => pings.length > asked)
  const before = told().length
  const struckAt = Date.now()
  await kafka.kill()
  await sleep(outageMs)
  const meanwhile = told().slice(before)
  if (meanwhile.length > 0) wrong.push(`${meanwhile.length} alerts were told without Kafka`)
  const lastPingMs = (pings.findLast(at => at >= struckAt) ?? struckAt) - struckAt
  const mendedAt = Date.now()
  await kafka.restart()
  const goesOn = ({ state }: LogReader) => (state.progress.get('PurchasesLow')?.instant ?? -1) > mendedAt
  if (!(await world.until(goesOn, PATIENCE_MS))) wrong.push('alerts are not judged again')
  const repeated = told()
    .slice(before)
    .filter(one => one.status === 'firing' && one.alertname !== OWN.stalled)
  if (repeated.length > 0) wrong.push(`told again: ${repeated.map(({ alertname }) => alertname).join(', ')}`)
  storefront.sells = true
  const isOver = () => lasting.every(alert => told().some(one => one.alertname === alert && one.status === 'resolved'))
  await waitFor(isOver)
  storefront.keeps = false
  if (!(await settled(world))) wrong.push('the alerts did not come to rest')
  const firstPing = pings.find(at => at > mendedAt)
  // that they buy again may follow so soon after the stall that the stall explains it
  const expected = { alerts: OF_PURCHASES, perhaps: [OWN.stalled, OF_THEIR_RETURN] }
  return {
    ...{ fault: 'Kafka killed while alerts fire', failover: 'nobody leads', heard: told() },
    ...{ toldMs: null, overMs: null, takeOverMs: null, lastPingMs },
    firstPingMs: firstPing === undefined ? null : firstPing - mendedAt,
    wrong: [...wrong, ...findWrong(told(), expected)],
  }
}

/** Nothing fires or pends, nothing waits to be told, and no window reaches back to what was. */
export async function settled(world: World, looksBackMs = LOOKS_BACK_MS): Promise<boolean> {
  const from = Date.now() + looksBackMs
  return world.until(({ state }) => {
    const judged = [...state.progress.values()].every(({ instant }) => instant >= from)
    const atRest = [...state.instances.values()].every(({ phase }) => phase === 'inactive')
    const told = [...state.lanes.values()].every(({ open, flushAt }) => open === null && flushAt === null)
    return judged && atRest && told
  }, PATIENCE_MS + LOOKS_BACK_MS)
}

interface TakeOver {
  /** null: nobody took over */
  readonly ms: number | null
  readonly mend: () => Promise<void>
}

/** Ends whoever leads; resolves when another one does, and has judged Kivi. */
async function failOver(world: World, how: Failover): Promise<TakeOver> {
  const { services } = world
  let leader: ReturnType<typeof services.evaluator>
  let terms = 0
  const isThere = ({ leaders }: LogReader) => {
    leader = services.evaluator(leaders.at(-1)?.name ?? '')
    terms = leaders.length
    return leader !== undefined
  }
  if (!(await world.until(isThere, PATIENCE_MS)) || leader === undefined) return { ms: null, mend: async () => {} }
  const begun = Date.now()
  const signal = how === 'ended' ? 'SIGTERM' : 'SIGKILL'
  const mend = how === 'stopped' ? services.stop('evaluator', leader) : await services.kill('evaluator', leader, signal)
  let since = 0
  const another = ({ leaders, state }: LogReader) => {
    since = leaders.at(terms)?.since ?? 0
    return since > 0 && (state.progress.get(OWN.stalled)?.instant ?? -1) > since
  }
  return (await world.until(another, PATIENCE_MS)) ? { ms: since - begun, mend } : { ms: null, mend }
}

async function waitFor(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (!condition() && Date.now() < deadline) await sleep(100)
}

function heardSince({ hook }: World, from: number): Heard[] {
  return hook.told.slice(from).flatMap(({ alerts, key }) =>
    alerts.map(({ labels, status, startsAt }) => ({
      ...{ alertname: labels['alertname'] ?? '', status, startsAt, key },
    })),
  )
}
