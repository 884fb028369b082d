/**
 * Reports within one leadership: settle answers → decide what is sent → append → send, with each step of the alerts.
 *
 * As with alerts nothing is sent that is not in the log, and nothing is taken for the state that is not in it. Each lane
 * is a record of its own, so that many reports at once do not make one record batch that the log refuses.
 */
import { randomUUID } from 'node:crypto'
import {
  type Catalog,
  createCalendar,
  type DigestLane,
  type DigestSource,
  type DigestState,
  type DigestWorld,
  type Leadership,
  type StateChange,
  sendableDigests,
  settleDigest,
  stepDigests,
  takeOverDigest,
  wantedDigests,
  writeLane,
} from '@kivi/domain'
import type { Receivers } from '../alerting/receivers.ts'
import type { DigestEvents } from './events.ts'
import { createDigestMaker } from './maker.ts'
import { createDigestOutbox } from './outbox.ts'

export interface DigestDeskDeps {
  readonly catalog: () => Catalog
  readonly source: DigestSource
  readonly receivers: Receivers
  readonly externalUrl: string | null
  /** wall clock, epoch ms */
  readonly now: () => number
  readonly tell: DigestEvents
}

export interface DigestDesk {
  /** False: the leadership is over. Never while another append is under way. */
  step(): Promise<boolean>
  /** calls when something has come that the next step is for: a report that was made, an answer */
  onNews(listener: () => void): void
  /** receivers that take no reports, and since when */
  failing(): ReadonlyMap<string, number>
  /** begins nothing more, waits for answers that are about to come, and puts them into the log */
  leave(): Promise<void>
  /** the leadership is over */
  end(): void
}

/** Of a leader that leaves: answers after that are the next one's doubt. */
const LAST_ANSWERS_MS = 2_000

/** @param state the fold of the log up to the take-over record; changed here only */
export function createDigestDesk(leadership: Leadership, state: DigestState, deps: DigestDeskDeps): DigestDesk {
  const { catalog, receivers, now, tell } = deps
  let news = (): void => {}
  const maker = createDigestMaker({ ...deps, done: () => news() })
  const outbox = createDigestOutbox({ receivers, now, tell, leads: () => leadership.leads(), answered: () => news() })
  let known: { readonly catalog: Catalog; readonly world: DigestWorld } | null = null
  const worldOf = (inForce: Catalog): DigestWorld => {
    if (known?.catalog !== inForce) known = { catalog: inForce, world: worldIn(inForce) }
    return known.world
  }
  let takenOver = false
  let over = false

  async function append(changes: readonly StateChange[]): Promise<boolean> {
    for (const change of changes) {
      if (over || (await leadership.append([change])) === 'ended') return false
      const before = state.lanes.get(change.key)
      state.fold(change)
      tellOf(before, state.lanes.get(change.key))
    }
    return true
  }

  /** What changed of the reports of a lane. */
  function tellOf(before: DigestLane | undefined, after: DigestLane | undefined): void {
    const known = new Map(before?.history.map(({ period, outcome }) => [period, outcome]))
    for (const { period, outcome, answer } of after?.history.toReversed() ?? [])
      if (after !== undefined && known.get(period) !== outcome)
        tell.decided({ digest: after.digest, receiver: after.receiver, period, outcome, answer })
  }

  return {
    async step() {
      const at = now()
      const world = worldOf(catalog())
      if (!takenOver) {
        const open = [...state.lanes.values()].filter(lane => lane.open !== null)
        if (!(await append(open.map(lane => writeLane(takeOverDigest(lane, at)))))) return false
        takenOver = true
      }
      const answers = outbox.answers()
      const changes = stepDigests(state, {
        ...{ ...world, now: at, answers, newKey: randomUUID, externalUrl: deps.externalUrl },
        ...{ made: maker.made, isUnderWay: isBusy },
      })
      if (!(await append(changes))) return false
      outbox.settled(answers)
      maker.want(wantedDigests(state, world, at))
      for (const lane of sendableDigests(state, world, at)) {
        const settings = world.receivers.get(lane.receiver)
        if (settings !== undefined) outbox.send(lane, settings)
      }
      return true

      /** Its answer is still to come; one that is about to be settled is not waited for. */
      function isBusy(lane: string): boolean {
        return outbox.isUnderWay(lane) && !answers.some(answer => answer.lane === lane)
      }
    },
    onNews(listener) {
      news = listener
    },
    failing() {
      const since = new Map<string, number>()
      for (const { receiver, failingSince } of state.lanes.values())
        if (failingSince !== null) since.set(receiver, Math.min(failingSince, since.get(receiver) ?? failingSince))
      return since
    },
    async leave() {
      await outbox.drain(LAST_ANSWERS_MS)
      if (over) return
      const answers = outbox.answers()
      const settled = answers.flatMap(answer => {
        const lane = state.lanes.get(answer.lane)
        const after = lane === undefined ? undefined : settleDigest(lane, answer, now())
        return after === undefined || after === lane ? [] : [writeLane(after)]
      })
      if (await append(settled)) outbox.settled(answers)
    },
    end() {
      over = true
      outbox.abort()
    },
  }
}

const worldIn = (catalog: Catalog): DigestWorld => ({
  calendar: createCalendar(catalog),
  definitions: catalog.digests,
  receivers: catalog.alerting.receivers,
})
